# what: the Python SDK for MCP, 1.x and 2.x, sees every tool and calls them; broken lists are found
# lane: clients
# budget: 20
python_tools mcp-2-requirements.txt
mcp_2=$(command -v python)
python_tools mcp-1-requirements.txt
debug_program
client mcp_clients.py --python-1 "$(command -v python)" --python-2 "$mcp_2" --only mcp-1,mcp-2
