# what: the policy for a journal: linted, enforced by moto, and its Terraform formatted and parsed
# lane: clients
# budget: 20
debug_program
python_tools policy-requirements.txt
client policy.py
