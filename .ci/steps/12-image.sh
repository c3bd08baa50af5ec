# what: hadolint has nothing to say of the image
# lane: clients
# budget: 5
python_tools helm-requirements.txt
hadolint --failure-threshold style infra/docker/Dockerfile
