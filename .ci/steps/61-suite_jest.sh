# what: docs/testing.md with Jest: a footbridge for each file of tests, which ends with it
# lane: clients
# budget: 20
node_tools
export PATH="$NODE_MODULES/.bin:$PATH"
node_tools examples/testing/jest
debug_program
recipe jest node node_modules/jest/bin/jest.js --no-cache
