#!/usr/bin/env bash
# assemble.sh FOLDER OWNER/NAME: of the archives, bundles and wheels of all targets in that folder makes the rest of a release beside
# them: npm's packages, the entry for MCP's registry, the installer, SHA256SUMS and the Homebrew formula. $LEVEL is gzip's for npm's packages.
set -euo pipefail
folder=$(realpath "$1")
repository=$2
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=$(python3 packages/versions.py)
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
programs=()
while read -r target platform program; do
  mkdir "$unpacked/$platform"
  archive=$folder/footbridge-$version-$target
  if [ "$program" = footbridge ]; then
    tar -xzf "$archive.tar.gz" -C "$unpacked/$platform"
  else
    python3 -m zipfile -e "$archive.zip" "$unpacked/$platform"
  fi
  programs+=(--binary "$platform=$(find "$unpacked/$platform" -type f -name "$program")")
done <<'TARGETS'
x86_64-unknown-linux-gnu linux-x64 footbridge
aarch64-unknown-linux-gnu linux-arm64 footbridge
x86_64-apple-darwin darwin-x64 footbridge
aarch64-apple-darwin darwin-arm64 footbridge
x86_64-pc-windows-msvc win32-x64 footbridge.exe
TARGETS
node packages/npm/pack.mjs "${programs[@]}" --out "$folder" ${LEVEL:+--level "$LEVEL"}
python3 packages/mcpb/pack.py --bundles "$folder"/*.mcpb --into "$folder" \
  --server-json "https://github.com/$repository/releases/download/v$version"
# The release's own says where the releases are.
sed "s#^releases=''\$#releases='https://github.com/$repository/releases'#" install.sh >"$folder/install.sh"
grep -q "^releases='https" "$folder/install.sh"
rm -f "$folder/SHA256SUMS" "$folder/footbridge.rb"
sums=$(cd "$folder" && sha256sum -- *)
echo "$sums" >"$folder/SHA256SUMS"
python3 packages/homebrew/formula.py --version "$version" --sums "$folder/SHA256SUMS" --repository "$repository" >"$folder/footbridge.rb"
