# what: checkov finds nothing in infra/aws and infra/gcp but what is skipped there with its reason
# lane: clients
# budget: 60
python_tools checkov-requirements.txt
checkov --directory infra --framework terraform --skip-download --compact --quiet
