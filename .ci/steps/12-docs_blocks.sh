# what: the command blocks of README and docs run as a newcomer would run them, and a wrong one would be found
# lane: clients
# budget: 20
python_tools
node_tools
python_tools examples/testing/pytest/requirements.txt
debug_program
python3 -B tests/scripts/docs_blocks_test.py
client docs_blocks.py
