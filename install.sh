#!/bin/sh
# Installs footbridge for the user who runs it: one file, in ~/.local/bin, without root and without touching any other.
#
#   sh install.sh                       the latest release
#   sh install.sh --version 0.1.0       that one
#   sh install.sh --from DIR            from an archive and its SHA256SUMS in a folder, without a network
#   sh install.sh --dir DIR             elsewhere; so does FOOTBRIDGE_INSTALL_DIR
#   sh install.sh --dry-run             fetches and checks, and installs nothing
#   sh install.sh --url URL             another place with the same layout as a GitHub repository's /releases
#
# What is fetched is held against SHA256SUMS of the release before it is opened. That says that it arrived as it was
# published; `gh attestation verify` says who built it.
set -eu

# Where the releases are. A release's own install.sh has it filled in; the repository's has not, as long as nothing is released.
releases=''

say() { printf '%s\n' "$*"; }
fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}
# value OPTION COUNT: an option that has to be followed by something.
value() { [ "$2" -ge 2 ] || fail "$1 wants a value"; }

# target: Rust's name of this machine.
target() {
  system=$(uname -s) machine=$(uname -m)
  case $system in
    Linux)
      # An archive for glibc does not start on musl, and says so in no helpful way.
      if ls /lib/ld-musl-* >/dev/null 2>&1 && ! ls /lib*/ld-linux-* /lib/*/ld-linux-* >/dev/null 2>&1; then
        fail "there is no archive for systems with musl: build footbridge with cargo"
      fi
      system=unknown-linux-gnu
      ;;
    Darwin)
      system=apple-darwin
      # A shell that Rosetta translates says x86_64 on Apple's own processors.
      [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || :)" != 1 ] || machine=arm64
      ;;
    *) fail "there is no archive for $system: on Windows, unpack the .zip of the release; elsewhere, build footbridge with cargo" ;;
  esac
  case $machine in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) fail "there is no archive for $machine: build footbridge with cargo" ;;
  esac
  say "$machine-$system"
}

# fetch PATH FILE: a file of the release, from the folder or by HTTPS alone.
fetch() {
  if [ -n "$from" ]; then
    [ -f "$from/${1##*/}" ] || fail "there is no ${1##*/} in $from"
    cp "$from/${1##*/}" "$2"
  elif command -v curl >/dev/null 2>&1; then
    curl --proto '=https' --tlsv1.2 --retry 3 -fsSL -o "$2" "$releases/$1" || fail "could not fetch $releases/$1"
  elif command -v wget >/dev/null 2>&1; then
    wget --https-only -q -O "$2" "$releases/$1" || fail "could not fetch $releases/$1"
  else
    fail "curl or wget is needed"
  fi
}

# sum FILE: its SHA-256.
sum() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum <"$1"
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 <"$1"
  else
    fail "sha256sum or shasum is needed"
  fi
}

# named TARGET FILE: the versions whose archives for the target the sums name.
named() {
  while read -r _ name; do
    name=${name#\*}
    case $name in
      footbridge-*-"$1".tar.gz)
        name=${name#footbridge-}
        say "${name%-"$1".tar.gz}"
        ;;
    esac
  done <"$2"
}

# expected NAME FILE: the one sum of that name.
expected() {
  awk -v name="$1" '($2 == name || $2 == "*" name) && NF == 2 { found++; sum = $1 }
    END { if (found == 1 && length(sum) == 64 && sum !~ /[^0-9a-f]/) print sum }' "$2"
}

# open_archive FILE FOLDER: the program in it, on standard output. All that is in it has to lie in that folder, as plain files.
open_archive() {
  tar -tzf "$1" >"$work/names" || fail "this is no archive: $1"
  tar -tvzf "$1" >"$work/long" || fail "this is no archive: $1"
  while IFS= read -r name; do
    case $name in
      "$2"/ | "$2") continue ;;
      "$2"/*) name=${name#"$2"/} ;;
      *) fail "the archive has a strange path: $name" ;;
    esac
    case $name in
      '' | */* | . | .. | *[!0-9A-Za-z._-]*) fail "the archive has a strange path: $2/$name" ;;
    esac
  done <"$work/names"
  ! grep -qv '^[-d]' "$work/long" || fail "the archive has something that is no plain file"
  [ "$(grep -cxF "$2/footbridge" "$work/names")" = 1 ] || fail "the archive does not have one footbridge"
  # To standard output, so that it is not tar that decides where anything is written.
  tar -xOzf "$1" "$2/footbridge"
}

main() {
  version='' from='' dry='' new='' dir=${FOOTBRIDGE_INSTALL_DIR:-}
  while [ $# -gt 0 ]; do
    case $1 in
      --version) value "$1" $# && version=${2#v} && shift ;;
      --from) value "$1" $# && from=$2 && shift ;;
      --dir) value "$1" $# && dir=$2 && shift ;;
      --url) value "$1" $# && releases=${2%/} && shift ;;
      --dry-run) dry=yes ;;
      --help | -h)
        sed -n '2,/^set /{/^#/s/^# \{0,1\}//p;}' "$0" 2>/dev/null || say "install.sh [--version V] [--from DIR] [--dir DIR] [--url URL] [--dry-run]"
        return
        ;;
      *) fail "what is \`$1\`? There are --version V, --from DIR, --dir DIR, --url URL and --dry-run" ;;
    esac
    shift
  done
  [ -n "$dir" ] || dir=${HOME:?"HOME is not set: name a directory with --dir"}/.local/bin
  case $dir in /*) ;; *) dir=$PWD/$dir ;; esac
  case $version in -* | *[!0-9A-Za-z.+-]*) fail "\`$version\` is no version" ;; esac
  if [ -z "$from" ]; then
    case $releases in
      https://*) ;;
      '') fail "nothing is released yet, so there is nowhere to fetch it from: build footbridge with cargo, or name a folder with --from" ;;
      *) fail "only https:// is fetched from: $releases" ;;
    esac
  fi
  triple=$(target)
  work=$(mktemp -d)
  trap 'rm -rf "$work" ${new:+"$new"}' EXIT
  trap 'exit 1' HUP INT TERM

  if [ -n "$version" ]; then
    fetch "download/v$version/SHA256SUMS" "$work/sums"
  else
    fetch latest/download/SHA256SUMS "$work/sums"
    version=$(named "$triple" "$work/sums")
    case $version in
      '') fail "SHA256SUMS names no archive for $triple" ;;
      *[!0-9A-Za-z.+-]*) fail "SHA256SUMS names several versions for $triple; choose one with --version: $(printf '%s' "$version" | tr '\n' ' ')" ;;
    esac
  fi
  folder=footbridge-$version-$triple
  wanted=$(expected "$folder.tar.gz" "$work/sums")
  [ -n "$wanted" ] || fail "SHA256SUMS has no sum, or more than one, for $folder.tar.gz"
  fetch "download/v$version/$folder.tar.gz" "$work/archive"
  got=$(sum "$work/archive")
  [ "${got%% *}" = "$wanted" ] || fail "$folder.tar.gz is not what SHA256SUMS says: it is ${got%% *}, and should be $wanted"
  into=$work
  if [ -z "$dry" ]; then
    mkdir -p "$dir"
    [ ! -d "$dir/footbridge" ] || fail "$dir/footbridge is a directory"
    into=$dir
  fi
  # Begun beside the old one, so that it takes its place in one step.
  new=$(mktemp "$into/.footbridge.XXXXXX") || fail "cannot write to $into"
  open_archive "$work/archive" "$folder" >"$new"
  chmod 755 "$new"
  says=$("$new" --version) || fail "footbridge $version does not start on this machine; nothing was changed"
  [ "$says" = "footbridge $version" ] || fail "the archive of $version has $says"
  if [ -n "$dry" ]; then
    say "$folder.tar.gz is what its sum says; it would be installed as $dir/footbridge"
    return
  fi
  mv -f "$new" "$dir/footbridge"
  new=''
  say "footbridge $version is installed as $dir/footbridge"
  case :$PATH: in
    *:"$dir":*)
      first=$(command -v footbridge || :)
      [ "$first" = "$dir/footbridge" ] || say "note: another one comes first on the PATH: $first"
      ;;
    *) say "to find it by its name, put this where your shell reads it: export PATH=\"$dir:\$PATH\"" ;;
  esac
}

# All of it was read before any of it runs.
main "$@"
