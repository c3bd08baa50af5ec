# what: the code is formatted as rustfmt formats it
# budget: 20 s
cargo fmt --all --check
