# what: clippy has nothing to say about any target
# budget: 420
cargo clippy --locked --workspace --all-targets -- -D warnings
