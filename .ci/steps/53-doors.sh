# what: web pages in Chromium: no attack of theirs gets at the endpoint, and a developer's own page goes on
# lane: clients
# budget: 20
python_tools
debian /usr/bin/chromium chromium
debug_program
client doors.py
