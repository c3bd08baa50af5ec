# what: forms, CORS, default encryption, presigned DELETE and HEAD as web pages use them, with boto3's signatures
# lane: clients
# budget: 20
python_tools
debug_program
client boto3_web.py
