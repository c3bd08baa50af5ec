# what: Gemini CLI discovers every tool and calls them; broken lists are found
# lane: clients
# budget: 20
node_tools gemini
debug_program
client mcp_clients.py --modules "$NODE_MODULES" --only gemini
