# what: the AWS CLI's script fails on a build with one planted wrong answer of S3
# lane: clients
# budget: 20
python_tools
debug_program
client planted.py --only aws_cli.py:s3_small --aws "$(command -v aws)"
