# what: the MCP Inspector lists the tools and calls them
# lane: clients
# budget: 20
python_tools
node_tools
debug_program
client inspector.py --modules "$NODE_MODULES" --only tools
