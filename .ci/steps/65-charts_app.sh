# what: the example app does its rounds on the footbridge that the charts start, and Argo CD's documents have its types
# lane: clients
# budget: 20
python_tools helm-requirements.txt
node_tools argocd
helm_tools
debug_program
client charts.py --modules "$NODE_MODULES" --only app,argocd
