# what: the MCP Inspector calls every tool over HTTP
# lane: clients
# budget: 30
python_tools
node_tools
debug_program
client inspector.py --modules "$NODE_MODULES" --only http
