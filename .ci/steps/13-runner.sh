# what: this runner keeps its lanes, limits and headers on trees of tiny steps, and ends what it started
# lane: clients
# budget: 20
python3 -B tests/scripts/run_test.py
