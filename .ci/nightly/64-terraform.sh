# what: Terraform with AWS's provider: rarer settings, many at a time, `terraform import`, what was never set, and tflocal; its script fails on planted wrong answers
# lane: clients
# budget: 270
python_tools
debug_program
terraform_here
client terraform.py --provider "$TERRAFORM_PROVIDER" --only tflocal,more,imports,unset,shop --full
client planted.py --only terraform.py
