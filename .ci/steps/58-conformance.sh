# what: MCP's conformance suite: every scenario that either revision requires passes; the plain server lacks only the suite's own things
# lane: compile
# budget: 60
node_tools conformance
cargo build --locked --example conformance
python3 tests/scripts/conformance.py --server "$CARGO_TARGET_DIR/debug/examples/conformance" --modules "$NODE_MODULES"
