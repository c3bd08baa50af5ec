# what: S3 with pyarrow's S3FileSystem, which is the SDK for C++
# lane: clients
# budget: 20
python_tools apps-requirements.txt
debug_program
client arrow.py
