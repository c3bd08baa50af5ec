# what: each client script fails on a build with one planted wrong answer
# budget: 110
python_tools
node_tools
debug_program
client planted.py --aws "$(command -v aws)" --modules "$NODE_MODULES"
