# what: two mcp, a serve and short commands share one data directory
# budget: 60
python_tools
debug_program
client one_directory.py
