# what: the documentation builds without a warning
# lane: compile
# budget: 100
RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
