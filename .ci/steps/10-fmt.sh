# what: the code is formatted as rustfmt formats it
# lane: compile
# budget: 20
# Not `cargo fmt`, which does not see modules that a macro declares.
git ls-files -z '*.rs' | xargs -0 rustfmt --edition 2024 --check
