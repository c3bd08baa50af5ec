# what: the charts pass Helm's linter, Kubernetes' schemas and its strictest profile; what they start answers, and so does the image's command
# lane: clients
# budget: 20
python_tools helm-requirements.txt
helm_tools
debug_program
shellcheck --shell=sh --severity=style infra/helm/charts/example-app/files/app.sh
client charts.py --only charts,refused,local,secrets_of_ones_own,aws,seeded,image
