#!/usr/bin/env bash
# build.sh FOLDER: restic's own tests of its S3 backend, as a program in that folder.
set -euo pipefail
go test -c -o "$1/restic-s3.test" github.com/restic/restic/internal/backend/s3
