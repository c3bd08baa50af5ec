# what: the script of the Ruby SDK fails on a build with one planted wrong answer
# lane: clients
# budget: 20
debian /usr/share/doc/ruby-aws-sdk-s3 ruby-aws-sdk-s3
debug_program
client planted.py --only ruby.py
