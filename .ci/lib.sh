# shellcheck shell=bash
# What every step may use. A step runs from the top of the repository under `bash -euo pipefail`, with no standard input.

# CARGO names another command to build with (a wrapper that takes turns, say). Only the lane `compile` has the compiler.
cargo() {
  if [ "${CI_LANE-}" = clients ]; then
    echo "a step of the lane clients does not compile: what uses cargo belongs into the lane compile"
    return 1
  fi
  command "${CARGO:-cargo}" "$@"
}

# report TEXT: a line that is shown although the step passed.
report() { echo "report: $*"; }

# not_here REASON: ends a step that .ci/not-here lists by its name, where the machine lacks what no package registry has. It
# has then neither passed nor failed.
not_here() { echo "report: not here: $*"; exit 77; }

# once DIRECTORY COMMAND...: runs the command where it has not yet passed there, one at a time however many ask; it has to
# make the directory.
once() {
  local there=$1
  shift
  mkdir -p "$CI_CACHE"
  (
    flock 9
    if [ ! -e "$there/installed" ]; then
      rm -rf "$there"
      "$@" "$there"
      touch "$there/installed"
    fi
  ) 9>"$there.lock"
}

# python_tools [FILE]: the Python programs of .ci/tools/requirements.txt, or FILE beside it, first on the PATH.
python_tools() {
  local venv wanted=.ci/tools/${1:-requirements.txt}
  venv="$CI_CACHE/python-$(cksum <"$wanted" | cut -d ' ' -f 1)"
  once "$venv" install_python "$wanted"
  export PATH="$venv/bin:$PATH"
}
install_python() {
  python3 -m venv "$2"
  "$2/bin/pip" install --quiet --disable-pip-version-check -r "$1"
}

# node_tools [FOLDER]: the Node packages of .ci/tools/package.json, or of FOLDER beside it, Node itself among them;
# $NODE_MODULES says where.
node_tools() {
  local there wanted=.ci/tools/${1:-.}
  there="$CI_CACHE/node-$(cat "$wanted/package.json" "$wanted/package-lock.json" | cksum | cut -d ' ' -f 1)"
  once "$there" install_node "$wanted"
  export NODE_MODULES="$there/node_modules"
}
install_node() {
  mkdir -p "$2"
  cp "$1/package.json" "$1/package-lock.json" "$2"
  (cd "$2" && npm ci --omit-lockfile-registry-resolved --no-audit --no-fund --loglevel=error)
}

# debian PROGRAM PACKAGE: installs a Debian package where the program is missing.
debian() {
  local root=()
  [ ! -x "$1" ] || return 0
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  mkdir -p "$CI_CACHE"
  (
    flock 9
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"
  ) 9>"$CI_CACHE/debian.lock"
}

# terraform_here: $TERRAFORM_PROVIDER is AWS's provider for Terraform, found where Terraform and distributors put it.
terraform_here() {
  local places place
  command -v terraform >/dev/null || not_here "no terraform on the PATH"
  places=("${TF_PLUGIN_DIR-}" "${TF_PLUGIN_CACHE_DIR-}" "$HOME/.terraform.d" "${XDG_DATA_HOME:-$HOME/.local/share}/terraform"
    /usr/share/terraform /usr/local/share/terraform /usr/lib/terraform /opt)
  for place in "${places[@]}"; do
    [ -d "$place" ] || continue
    TERRAFORM_PROVIDER=$(find -L "$place" -maxdepth 8 -type f -perm -u+x -name 'terraform-provider-aws_v*' 2>/dev/null | sort -V | tail -n 1) || true
    [ -z "$TERRAFORM_PROVIDER" ] || return 0
  done
  not_here "no terraform-provider-aws in a plugin folder"
}

# debug_program: $PROGRAM is the binary that the step `program` built. A step with this line waits for that one.
debug_program() {
  [ -x "$CI_PROGRAM" ] || { echo "the step program put nothing at $CI_PROGRAM"; return 1; }
  export PROGRAM="$CI_PROGRAM"
}

# release_program: builds the release binary, and $PROGRAM says where it is.
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
