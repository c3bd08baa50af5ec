# what: OneTable keeps a shop in one table, with both kinds of index, unique values, batches and transactions
# lane: clients
# budget: 20
node_tools onetable
debug_program
client electro.py --modules "$NODE_MODULES" --only onetable
