#!/usr/bin/env bash
# Builds the engines that no package of PyPI or npm brings, where tests/scripts/references looks for them:
#
#   tests/scripts/install_engines.sh dynoxide versitygw minio
#
# An engine that is there in this version already is left as it is. Rust and Go must be installed.
set -euo pipefail

cache="${CI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/footbridge-ci}/engines"

# build NAME VERSION COMMAND...: runs the command, unless it once made this version.
build() {
  local name=$1 version=$2
  shift 2
  [ "$(cat "$cache/$name.version" 2>/dev/null)" = "$version" ] && [ -x "$cache/bin/$name" ] && return
  "$@"
  echo "$version" >"$cache/$name.version"
}

crate() { cargo install --locked --quiet --root "$cache" "$1@$2"; }
module() { env GOBIN="$cache/bin" GOFLAGS= CGO_ENABLED=0 go install -trimpath -ldflags '-s -w' "$1@$2"; }

[ $# -gt 0 ] || { echo "usage: $0 dynoxide|versitygw|minio ..." >&2 && exit 2; }
mkdir -p "$cache/bin"
for name in "$@"; do
  case $name in
  dynoxide)
    # The crate 3.2.0 calls itself dynoxide 1.5.0.
    version=3.2.0
    build "$name" "$version" crate dynoxide-rs "$version"
    ;;
  versitygw)
    version=v1.8.0
    build "$name" "$version" module github.com/versity/versitygw/cmd/versitygw "$version"
    ;;
  minio)
    # Its releases are no versions that Go knows.
    version=v0.0.0-20260212201848-7aac2a2c5b7c
    build "$name" "$version" module github.com/minio/minio "$version"
    ;;
  *)
    echo "install_engines: no engine is named $name here: dynoxide, versitygw, minio" >&2
    exit 2
    ;;
  esac
done
