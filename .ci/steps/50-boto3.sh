# what: boto3 reads and writes S3 and DynamoDB as on AWS, errors too
# budget: 130
python_tools
debug_program
client boto3_s3.py
client boto3_dynamodb.py
client boto3_transactions.py
client boto3_streams.py
