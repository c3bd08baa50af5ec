# what: MCP clients for Python, Google's and OpenAI's among them, see every tool and call them; broken lists are found
# lane: clients
# budget: 20
python_tools mcp-2-requirements.txt
mcp_2=$(command -v python)
python_tools mcp-1-requirements.txt
debug_program
client mcp_clients.py --python-1 "$(command -v python)" --python-2 "$mcp_2" --only mcp-1,mcp-2,genai,agents
