# what: boto3 reads and writes DynamoDB as on AWS, errors too
# lane: clients
# budget: 20
python_tools
debug_program
client boto3_dynamodb.py
