# what: the MCP bundle is what its makers' own program accepts, and what is unpacked from it starts
# lane: clients
# budget: 30
node_tools mcpb
debug_program
client mcpb.py --modules "$NODE_MODULES"
