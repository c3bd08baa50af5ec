# what: the AWS CLI's script fails on a build with one planted wrong answer of DynamoDB
# lane: clients
# budget: 20
python_tools
debug_program
client planted.py --only aws_cli.py:dynamodb_small --aws "$(command -v aws)"
