# what: the code is formatted as rustfmt formats it
# budget: 20
cargo fmt --all --check
