#!/usr/bin/env bash
# budget: 420
set -eu
cargo clippy --workspace --all-targets --locked -- -D warnings
