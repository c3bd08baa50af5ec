# what: both versions of the AWS CLI: 2,000 files, one of 100 MiB, and every sample table
# lane: clients
# budget: 180
python_tools
debian /usr/bin/aws awscli
debug_program
client aws_cli.py --aws "$(command -v aws)"
client aws_cli.py --aws /usr/bin/aws --only identity,s3_small,s3,dynamodb_small
