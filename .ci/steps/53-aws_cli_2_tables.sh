# what: the AWS CLI's second version takes items of every type, conditions and transactions
# lane: clients
# budget: 20
python_tools
debian /usr/bin/aws awscli
debug_program
client aws_cli.py --aws /usr/bin/aws --only dynamodb,dynamodb_small --tables Shop
