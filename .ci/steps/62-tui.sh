# what: the dashboard on a pseudo-terminal shows other processes' calls and gives the terminal back
# lane: clients
# budget: 20
python_tools
debug_program
client tui.py
