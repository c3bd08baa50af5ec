#!/usr/bin/env bash
# budget: 10
set -eu
cargo fmt --all --check
