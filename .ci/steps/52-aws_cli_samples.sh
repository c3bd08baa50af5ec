# what: the AWS CLI's first version takes the sample objects, conditions and transactions
# lane: clients
# budget: 20
python_tools
debug_program
client aws_cli.py --aws "$(command -v aws)" --only samples,dynamodb_small
