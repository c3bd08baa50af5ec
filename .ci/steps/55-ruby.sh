# what: the Ruby SDK v3: objects, its transfer manager, presigned URLs and a form
# lane: clients
# budget: 20
debian /usr/share/doc/ruby-aws-sdk-s3 ruby-aws-sdk-s3
debug_program
client ruby.py
