# what: the README's test command passes
# lane: compile
# budget: 440
cargo test 2>&1 | tee "$CI_LOGS/test.output"
report "$(awk '/^test result:/ { p += $4; f += $6; i += $8 } END { print p + 0 " tests passed, " f + 0 " failed, " i + 0 " ignored" }' "$CI_LOGS/test.output")"
report "$(cargo test --test aws_truth as_many_recorded -- --nocapture 2>&1 | grep "recorded answers exercised")"
