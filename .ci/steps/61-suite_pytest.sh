# what: docs/testing.md with pytest: a footbridge for the tests, which ends with them
# lane: clients
# budget: 20
python_tools examples/testing/pytest/requirements.txt
debug_program
recipe pytest pytest -q -p no:cacheprovider
