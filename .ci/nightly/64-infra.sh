# what: the tests of the modules and roots of infra/aws, with the examples of their variables
# lane: clients
# budget: 120
python_tools
debug_program
terraform_here
client infra.py --provider "$TERRAFORM_PROVIDER" --only tests
