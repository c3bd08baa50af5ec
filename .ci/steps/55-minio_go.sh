# what: minio-go's own functional tests, but for those of files of 129 MB; what fails for a known reason still does
# lane: clients
# budget: 20
go_tools minio
debug_program
client minio_go.py --tests "$GO_PROGRAMS/minio-go"
