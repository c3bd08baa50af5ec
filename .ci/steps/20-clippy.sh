# what: clippy has nothing to say about any target
# budget: 420 s
cargo clippy --locked --workspace --all-targets -- -D warnings
