# what: the code is formatted as rustfmt formats it
# lane: compile
# budget: 20
cargo fmt --all --check
