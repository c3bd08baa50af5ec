# what: twenty bugs planted in the emulator, each of which the models must find
# lane: compile
# budget: 200
tests/scripts/mutants.py --seed 20261123 | tee "$CI_LOGS/mutants.output"
