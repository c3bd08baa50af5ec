# what: the script of shared directories fails on a build with one planted wrong answer
# lane: clients
# budget: 20
python_tools
debug_program
client planted.py --only one_directory.py
