# what: the Go SDK v2: objects, both transfer managers, presigned URLs and a form, items
# lane: clients
# budget: 20
go_tools sdk
debug_program
client go_sdk.py --sdk "$GO_PROGRAMS/sdk"
