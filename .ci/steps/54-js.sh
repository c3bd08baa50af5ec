# what: the JavaScript SDK v3, with buckets as host names
# lane: clients
# budget: 20
python_tools
node_tools
debug_program
client js.py --modules "$NODE_MODULES"
