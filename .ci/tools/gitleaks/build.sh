#!/usr/bin/env bash
# build.sh FOLDER: the program `gitleaks` in that folder.
set -euo pipefail
go build -o "$1/gitleaks" github.com/zricethezav/gitleaks/v8
