# what: the dashboard in tmux draws hostile names, values, bodies and journals harmlessly in every view
# lane: clients
# budget: 40
python_tools
debian /usr/bin/tmux tmux
debug_program
client tui.py --only hostile_data,hostile_calls,hostile_journal
