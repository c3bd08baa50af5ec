# what: the README's test command passes
# budget: 720 s
cargo test 2>&1 | tee "$CI_STATE/logs/test.output"
ok "$(awk '/^test result:/ { p += $4; f += $6; i += $8 } END { print p + 0 " tests passed, " f + 0 " failed, " i + 0 " ignored" }' "$CI_STATE/logs/test.output")"
