# what: 1 GiB up and down over HTTP, aws-chunked and in process, each under 64 MB above idle
# lane: compile
# budget: 260
# Building comes first, so that the log tells it from measuring.
cargo build --locked --release
cargo build --locked --release -p footbridge-benches --bin memory
"$CARGO_TARGET_DIR/release/memory" 1024 2>&1 | tee "$CI_LOGS/memory.output"
