# what: boto3's transfer manager takes 64 MiB up in parts, copies them, and takes both down
# lane: clients
# budget: 20
python_tools
debug_program
client transfer.py --mib 64
