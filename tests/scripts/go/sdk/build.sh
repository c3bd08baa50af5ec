#!/usr/bin/env bash
# build.sh FOLDER: the program `sdk` in that folder.
set -euo pipefail
go build -o "$1/sdk" .
