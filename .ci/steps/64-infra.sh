# what: infra is formatted, the roots of infra/aws are valid, and its roles have the policy and the trust that they should
# lane: clients
# budget: 40
python_tools
debug_program
terraform_here
client infra.py --provider "$TERRAFORM_PROVIDER" --only fmt,roots,policies
