# what: the dashboard on a pseudo-terminal shows other processes' calls and gives the terminal back
# budget: 70
python_tools
debug_program
client tui.py
