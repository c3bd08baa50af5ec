# what: the MCP SDKs for Python and TypeScript, older and newer, call every tool over standard input and output and over HTTP
# lane: clients
# budget: 20
node_tools mcp
python_tools mcp-2-requirements.txt
mcp_2=$(command -v python)
python_tools mcp-1-requirements.txt
debug_program
client mcp_clients.py --modules "$NODE_MODULES" --python-1 "$(command -v python)" --python-2 "$mcp_2" --only every
