# shellcheck shell=bash
# What every step may use. A step runs from the top of the repository under `bash -euo pipefail`, with no standard input.

# CARGO names another command to build with (a wrapper that takes turns, say).
cargo() { command "${CARGO:-cargo}" "$@"; }

# report TEXT: a line that is shown although the step passed.
report() { echo "report: $*"; }
