#!/usr/bin/env bash
# budget: 240
set -eu
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --locked
