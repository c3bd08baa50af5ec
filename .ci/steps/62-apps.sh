# what: pandas through s3fs writes and reads Parquet; PynamoDB and ElectroDB run a shop
# lane: clients
# budget: 20
node_tools
debug_program
client electro.py --modules "$NODE_MODULES" --only shop
# s3fs wants an older botocore than the other scripts.
python_tools apps-requirements.txt
client frames.py
client pynamo.py
