# what: the AWS CLI's first version takes tables with items of every type and both kinds of index
# lane: clients
# budget: 20
python_tools
debug_program
client aws_cli.py --aws "$(command -v aws)" --only dynamodb --tables Shop,Thread
