# what: clippy has nothing to say about any target
# lane: compile
# budget: 260
cargo clippy --locked --workspace --all-targets -- -D warnings
