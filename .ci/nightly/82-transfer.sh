# what: boto3's transfer manager takes 1 GiB up, copies it, and takes both down
# lane: compile
# budget: 400
python_tools
release_program
client transfer.py --mib 1024
