# shellcheck shell=bash
# What every step may use. A step runs from the top of the repository under `bash -euo pipefail`, with no standard input.

# CARGO names another command to build with (a wrapper that takes turns, say).
cargo() { command "${CARGO:-cargo}" "$@"; }

# report TEXT: a line that is shown although the step passed.
report() { echo "report: $*"; }

# python_tools [FILE]: the Python programs of .ci/tools/requirements.txt, or FILE beside it, first on the PATH.
python_tools() {
  local venv wanted=.ci/tools/${1:-requirements.txt}
  venv="$CI_CACHE/python-$(cksum <"$wanted" | cut -d ' ' -f 1)"
  if [ ! -e "$venv/installed" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
    touch "$venv/installed"
  fi
  export PATH="$venv/bin:$PATH"
}

# node_tools: the Node packages of .ci/tools/package.json, Node itself among them; $NODE_MODULES says where.
node_tools() {
  local there
  there="$CI_CACHE/node-$(cat .ci/tools/package.json .ci/tools/package-lock.json | cksum | cut -d ' ' -f 1)"
  if [ ! -e "$there/installed" ]; then
    rm -rf "$there"
    mkdir -p "$there"
    cp .ci/tools/package.json .ci/tools/package-lock.json "$there"
    (cd "$there" && npm ci --omit-lockfile-registry-resolved --no-audit --no-fund --loglevel=error)
    touch "$there/installed"
  fi
  export NODE_MODULES="$there/node_modules"
}

# debian PROGRAM PACKAGE: installs a Debian package where the program is missing.
debian() {
  [ -x "$1" ] && return
  local root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"
}

# debug_program, release_program: builds the binary, and $PROGRAM says where it is.
debug_program() {
  cargo build --locked
  export PROGRAM="$CARGO_TARGET_DIR/debug/footbridge"
}
release_program() {
  cargo build --locked --release
  export PROGRAM="$CARGO_TARGET_DIR/release/footbridge"
}

# client SCRIPT ARGUMENTS...: runs a script of tests/scripts on $PROGRAM.
client() {
  local script=$1
  shift
  PYTHONDONTWRITEBYTECODE=1 python3 "tests/scripts/$script" --program "$PROGRAM" "$@"
}
