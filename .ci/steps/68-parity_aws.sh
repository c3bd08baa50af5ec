# what: the runner for real AWS, against a second footbridge: it touches nothing of others, cleans up after a panic and a kill
# lane: compile
# budget: 100
python_tools
debug_program
client parity_aws.py
