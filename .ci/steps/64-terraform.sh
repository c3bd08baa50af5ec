# what: Terraform with AWS's provider makes, imports, changes and destroys tables and buckets, and keeps its state in one
# lane: clients
# budget: 45
python_tools
debug_program
terraform_here
client terraform.py --provider "$TERRAFORM_PROVIDER" --only lock_file,lock_table,shop
