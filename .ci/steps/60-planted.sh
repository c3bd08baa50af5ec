# what: each client script fails on a build with one planted wrong answer
# lane: clients
# budget: 20
python_tools
node_tools
debug_program
client planted.py --aws "$(command -v aws)" --modules "$NODE_MODULES"
