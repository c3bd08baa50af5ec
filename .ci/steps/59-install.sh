# what: install.sh installs what packages/archive.py packs, under dash and bash, and refuses whatever its sum or its paths do not vouch for
# lane: clients
# budget: 30
debian /usr/bin/dash dash
debug_program
client install.py --shells dash bash
