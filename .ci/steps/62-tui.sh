# what: the dashboard in tmux, by keys, while real clients work beside it: calls, S3, DynamoDB, a killed server, sizes, endings
# lane: clients
# budget: 60
python_tools
debian /usr/bin/tmux tmux
debug_program
client tui.py --only keys,calls,both,processes,history,s3,dynamodb,killed,mouse,sizes,terminals,endings,window,pipe
