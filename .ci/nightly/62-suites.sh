# what: s3fs's own tests and those of restic's S3 backend pass, but for those listed with their reason
# lane: clients
# budget: 600
go_tools restic
source_tools s3fs==2026.9.0
python_tools suites-requirements.txt
debug_program
client suites.py --s3fs "$SOURCE" --restic-tests "$GO_PROGRAMS/restic-s3.test"
