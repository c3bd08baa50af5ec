# what: the policy for a journal: linted, enforced by moto, and its Terraform formatted and parsed
# budget: 120
debug_program
python_tools policy-requirements.txt
client policy.py
