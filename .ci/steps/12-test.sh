#!/usr/bin/env bash
# budget: 600
set -eu
# Exactly the command that README gives.
cargo test
