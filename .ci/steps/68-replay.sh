# what: the demo's journal replays on an empty store, a second footbridge and moto, and what differs is shown
# lane: clients
# budget: 20
python_tools engines-requirements.txt
debug_program
client replay.py
