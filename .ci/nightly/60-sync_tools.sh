# what: rclone, restic and s5cmd take a tree up and down whole
# lane: clients
# budget: 120
python_tools lake-requirements.txt
debian /usr/bin/restic restic
debug_program
client sync_tools.py --files 1000 --large 100
