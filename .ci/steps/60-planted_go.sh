# what: the script of the Go SDK fails on a build with one planted wrong answer
# lane: clients
# budget: 20
go_tools sdk
debug_program
client planted.py --only go_sdk.py --sdk "$GO_PROGRAMS/sdk"
