# what: all tests pass each time of 20, quiet, on one core and under load by turns
# lane: compile
# budget: 4200
python3 -B tests/scripts/repeat.py --runs 20 2>&1 | tee "$CI_LOGS/repeat.output"
report "$(grep '^repeat: ' "$CI_LOGS/repeat.output")"
