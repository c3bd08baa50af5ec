# what: the boto3 script of S3 fails on a build with one planted wrong answer
# lane: clients
# budget: 20
python_tools
debug_program
client planted.py --only boto3_s3.py
