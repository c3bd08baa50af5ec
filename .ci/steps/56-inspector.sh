# what: the MCP Inspector lists the tools and calls them
# budget: 60
python_tools
node_tools
debug_program
client inspector.py --modules "$NODE_MODULES"
