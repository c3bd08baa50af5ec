# what: infra/aws/envs/local is applied on footbridge, planned empty, refused by name where footbridge lacks something, and destroyed
# lane: clients
# budget: 40
python_tools
debug_program
terraform_here
client infra.py --provider "$TERRAFORM_PROVIDER" --only local
