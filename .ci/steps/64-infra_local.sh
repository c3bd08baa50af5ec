# what: infra/aws/envs/local is applied on footbridge, planned empty and destroyed, and what it leaves out is what footbridge has not built
# lane: clients
# budget: 40
python_tools
debug_program
terraform_here
client infra.py --provider "$TERRAFORM_PROVIDER" --only local
