# what: the script of pyarrow fails on a build with one planted wrong answer
# lane: clients
# budget: 20
python_tools apps-requirements.txt
debug_program
client planted.py --only arrow.py
