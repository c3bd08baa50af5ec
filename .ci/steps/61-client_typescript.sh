# what: the client to copy for TypeScript works over stdio and over HTTP
# lane: clients
# budget: 20
node_tools
export PATH="$NODE_MODULES/.bin:$PATH"
node_tools examples/clients/typescript
debug_program
client example_clients.py --client examples/clients/typescript --modules "$NODE_MODULES" node client.ts
