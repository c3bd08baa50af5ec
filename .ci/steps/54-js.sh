# what: the JavaScript SDK v3, with buckets as host names
# budget: 90
python_tools
node_tools
debug_program
client js.py --modules "$NODE_MODULES"
