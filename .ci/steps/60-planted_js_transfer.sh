# what: the scripts of lib-storage, presigned URLs and lib-dynamodb fail on a build with one planted wrong answer
# lane: clients
# budget: 20
python_tools
node_tools
debug_program
client planted.py --only js.py:transfer,js.py:documents --modules "$NODE_MODULES"
