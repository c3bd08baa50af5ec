# what: the GitHub Action installs, starts and leads later steps there; what a user writes in its inputs is never run
# lane: clients
# budget: 20
python_tools
debug_program
zizmor --offline --quiet packages/action
client action.py
