# what: the client to copy for Python works over stdio and over HTTP
# lane: clients
# budget: 20
python_tools examples/clients/python/requirements.txt
debug_program
client example_clients.py --client examples/clients/python python client.py
