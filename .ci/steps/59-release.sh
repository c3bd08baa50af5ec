# what: what a release is made of: versions agree, five targets become archives, packages, sums and a formula that installs
# lane: clients
# budget: 30
debian /usr/bin/ruby ruby
debug_program
client release.py
