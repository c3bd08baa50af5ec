# what: minio-go's own functional tests, all of them
# lane: clients
# budget: 120
go_tools minio
debug_program
client minio_go.py --tests "$GO_PROGRAMS/minio-go" --large
