# what: the documentation builds without a warning
# budget: 100
RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
