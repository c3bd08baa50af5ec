# what: the client to copy for Rust builds by itself, and works over stdio and over HTTP
# lane: compile
# budget: 120
debug_program
cargo build --locked --manifest-path examples/clients/rust/Cargo.toml --target-dir "$CARGO_TARGET_DIR/clients"
client example_clients.py --client examples/clients/rust "$CARGO_TARGET_DIR/clients/debug/footbridge-client"
