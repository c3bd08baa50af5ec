# what: the parity tests find each of the planted bugs
# budget: 300
python3 tests/scripts/mutants.py | tee "$CI_LOGS/mutants.output"
