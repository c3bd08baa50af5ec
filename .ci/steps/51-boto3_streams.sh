# what: boto3 makes transactions and reads streams as on AWS, errors too
# lane: clients
# budget: 20
python_tools
debug_program
client boto3_transactions.py
client boto3_streams.py
