# what: the MCP Inspector finds every schema portable
# lane: clients
# budget: 20
node_tools
debug_program
client mcp_clients.py --modules "$NODE_MODULES" --only inspector
