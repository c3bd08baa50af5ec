# what: clippy has nothing to say about any target
# budget: 300
cargo clippy --locked --workspace --all-targets -- -D warnings
