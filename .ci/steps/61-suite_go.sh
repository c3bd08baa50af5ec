# what: docs/testing.md with Go: a footbridge for the tests of a package, which ends with them
# lane: clients
# budget: 20
go_tools examples/testing/go
python_tools go-requirements.txt
debug_program
export GOTOOLCHAIN=local GOWORK=off GOPROXY=off GOFLAGS='-buildvcs=false -trimpath -modcacherw' GOPATH="$CI_CACHE/go" GOCACHE="$CI_CACHE/go/build"
recipe go go test -count=1 -v .
