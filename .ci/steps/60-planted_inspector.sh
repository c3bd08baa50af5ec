# what: the script of the MCP Inspector fails on a build with one planted wrong answer
# lane: clients
# budget: 20
python_tools
node_tools
debug_program
client planted.py --only inspector.py --modules "$NODE_MODULES"
