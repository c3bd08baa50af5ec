# shellcheck shell=bash
# What every step may use. A step runs from the top of the repository under `bash -euo pipefail`, with $CI_STATE naming a
# directory that it may keep things in between runs and must not need.

cargo() { command "${CARGO_COMMAND:-cargo}" "$@"; }

# ok TEXT: one line that is shown although the step passed.
ok() { echo "ok: $*"; }
