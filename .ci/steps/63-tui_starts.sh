# what: `serve`, `demo` and their dashboards, and that of a process with its data in memory, in tmux
# lane: clients
# budget: 60
python_tools
debian /usr/bin/tmux tmux
debug_program
client tui.py --only demo_beside,serve,serve_tui,watch,demo_alone,demo_tui
# The pictures in the documentation still look so.
python3 -B docs/dashboard-picture.py --check "$PROGRAM"
