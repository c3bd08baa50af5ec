#!/usr/bin/env bash
# build.sh FOLDER: minio-go's functional tests as a program in that folder. Their source lies in the module, as a program
# that runs all of them; here they get the main of run.go in its place, and a list of what theirs runs without TLS.
set -euo pipefail
go mod download github.com/minio/minio-go/v7
source=$(go list -m -f '{{.Dir}}' github.com/minio/minio-go/v7)/functional_tests.go
sed -e '/^\/\/go:build mint/d' -e 's/^func main() {/func everything() {/' "$source" >functional_tests.go
{
  printf 'package main\n\nvar tests = []struct {\n\tname string\n\trun  func()\n}{\n'
  sed -n -e '/^func main() {/,/^}/!d' -e '/^\t\tif tls {/,/^\t\t}/d' -e '/^\t} else {/,$d' -e 's/^\t*\(test[A-Za-z0-9]*\)()$/\t{"\1", \1},/p' "$source"
  printf '}\n\nvar _ = everything\n'
} >tests.go
go build -o "$1/minio-go" .
