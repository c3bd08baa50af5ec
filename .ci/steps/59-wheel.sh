# what: the Python wheel is what PyPI takes, is typed, and runs a suite of fifty tests seconds after pip begins
# lane: clients
# budget: 30
python_tools wheel-requirements.txt
wheel_tools wheel-install-requirements.txt
debug_program
client wheel.py --wheels "$WHEELS"
