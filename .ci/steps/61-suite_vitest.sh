# what: docs/testing.md with Vitest: a footbridge for each file of tests, which ends with it
# lane: clients
# budget: 20
node_tools
export PATH="$NODE_MODULES/.bin:$PATH"
node_tools examples/testing/vitest
debug_program
export NO_COLOR=1
recipe vitest node node_modules/vitest/vitest.mjs run
