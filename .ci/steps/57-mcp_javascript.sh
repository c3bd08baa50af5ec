# what: MCP clients for JavaScript, old and new, see every tool and call them; broken lists are found
# lane: clients
# budget: 20
node_tools mcp
debug_program
client mcp_clients.py --modules "$NODE_MODULES" --only sdk-1-22,sdk-1,client-2,langchain,tokens
