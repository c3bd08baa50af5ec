# what: 20,000 inputs of each fuzz target, other ones each night, meet no panic, hang or error of ours
# lane: compile
# budget: 900
export FOOTBRIDGE_FUZZ_CASES=20000 FOOTBRIDGE_FUZZ_SEED=random
cargo test --test fuzz 2>&1 | tee "$CI_LOGS/fuzz.output"
report "$(grep '^test result:' "$CI_LOGS/fuzz.output")"
