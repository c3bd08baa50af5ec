# what: calls that wait for a person come up in the dashboard in tmux, are allowed and run, or are denied and the agent is told why
# lane: clients
# budget: 40
python_tools
debian /usr/bin/tmux tmux
debug_program
client tui.py --only approvals
