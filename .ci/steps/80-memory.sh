# what: 1 GiB up and down in under 64 MB over idle: HTTP, aws-chunked, in process
# budget: 240
python_tools
release_program
client memory.py --only http,aws_chunked,in_process
