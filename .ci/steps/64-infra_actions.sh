# what: the roles of infra/aws may do what the tools ask IAM for, and nothing else
# lane: clients
# budget: 10
python_tools policy-requirements.txt
PYTHONDONTWRITEBYTECODE=1 python3 tests/scripts/infra_actions.py
