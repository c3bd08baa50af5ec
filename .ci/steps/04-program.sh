# what: the program builds, with the features that the tests have; the lane clients drives a copy of it
# lane: compile
# budget: 300
# Tests give the SDK more features than `cargo build` does, which would build all of it a second time. With one test it
# is the same program as with all, and is there sooner. `demo` builds as users do.
cargo test --locked --no-run --test config_cli
mkdir -p "$(dirname "$CI_PROGRAM")"
cp "$CARGO_TARGET_DIR/debug/footbridge" "$CI_PROGRAM.new"
mv "$CI_PROGRAM.new" "$CI_PROGRAM"
