# what: the Python module and its fixtures: seeds, resets, errors, threads, forks, and their end with whoever started them
# lane: clients
# budget: 30
python_tools wheel-requirements.txt
debug_program
client wheel.py --tests
