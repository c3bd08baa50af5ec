# what: the script of the JavaScript SDK fails on a build with one planted wrong answer
# lane: clients
# budget: 20
python_tools
node_tools
debug_program
client planted.py --only js.py:s3,js.py:dynamodb --modules "$NODE_MODULES"
