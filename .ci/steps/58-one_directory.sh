# what: two mcp, a serve and short commands share one data directory
# lane: clients
# budget: 20
python_tools
debug_program
client one_directory.py
