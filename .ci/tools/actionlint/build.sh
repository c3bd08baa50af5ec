#!/usr/bin/env bash
# build.sh FOLDER: the program `actionlint` in that folder.
set -euo pipefail
go build -o "$1/actionlint" github.com/rhysd/actionlint/cmd/actionlint
