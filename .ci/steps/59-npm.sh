# what: the npm packages install without a network, 50 tests with Vitest and with Jest pass at once, types hold, nothing outlives its parent
# lane: clients
# budget: 30
node_tools
export PATH="$NODE_MODULES/.bin:$PATH"
node_tools examples/testing/jest
jest=$NODE_MODULES
node_tools examples/testing/vitest
vitest=$NODE_MODULES
node_tools npm
debug_program
client npm.py --tools "$NODE_MODULES" --vitest "$vitest" --jest "$jest"
