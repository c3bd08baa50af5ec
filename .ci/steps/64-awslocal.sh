# what: awslocal, the AWS CLI with its endpoint taken from the environment
# lane: clients
# budget: 20
python_tools
debug_program
client aws_cli.py --aws "$(command -v awslocal)" --only identity,s3_small,dynamodb_small
