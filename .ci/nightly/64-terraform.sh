# what: Terraform with AWS's provider: rarer settings, many at a time, `terraform import`, and tflocal; its script fails on planted wrong answers
# lane: clients
# budget: 240
python_tools
debug_program
terraform_here
client terraform.py --provider "$TERRAFORM_PROVIDER" --only tflocal,more,imports,shop --full
client planted.py --only terraform.py
