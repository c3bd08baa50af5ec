# what: the AWS CLI's first version syncs a tree with a large file, and says AWS's errors
# lane: clients
# budget: 20
python_tools
debug_program
client aws_cli.py --aws "$(command -v aws)" --only identity,s3_small,s3 --files 60 --large 20
