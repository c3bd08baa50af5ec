# what: google-genai and OpenAI Agents take every tool for their models and call them; broken lists are found
# lane: clients
# budget: 20
python_tools mcp-1-requirements.txt
debug_program
client mcp_clients.py --python-1 "$(command -v python)" --only genai,agents
