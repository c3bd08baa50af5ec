#!/usr/bin/env bash
# What the action does: installs footbridge, starts it in the background, and leads the steps that follow to it. The runner ends
# it with the job.
set -euo pipefail

error() {
  # A line of GitHub's own commands cannot be closed by what a program has said.
  printf '::error title=footbridge::%s\n' "$(printf '%s' "$*" | tr '\r\n' '  ')"
  exit 1
}
# told FILE NAME VALUE: a line for GitHub, in which a value cannot begin another.
told() {
  case $3 in *[$'\r\n']*) error "a value of $2 has a line break" ;; esac
  printf '%s=%s\n' "$2" "$3" >>"$1"
}

place=$RUNNER_TEMP/footbridge
mkdir -p "$place"
words=(--dir "$place/bin")
if [ -n "$WANTED_FROM" ]; then words+=(--from "$WANTED_FROM"); else words+=(--url "$RELEASES"); fi
[ -z "$WANTED_VERSION" ] || words+=(--version "$WANTED_VERSION")
sh "$(dirname "${BASH_SOURCE[0]}")/../../install.sh" "${words[@]}" || error "it could not be installed; the lines above say why"

words=(serve --ephemeral --listen 0 --json --region "$WANTED_REGION")
while IFS= read -r word; do
  word=${word%$'\r'}
  [ -z "$word" ] || words+=("$word")
done <<<"$WANTED_ARGS"
[ -z "$WANTED_SEED" ] || export FOOTBRIDGE_SEED_PATH=$WANTED_SEED
# Its first line comes when it answers, and the pipe ends when it does.
ready=$place/ready
rm -f "$ready"
mkfifo -m 600 "$ready"
nohup "$place/bin/footbridge" "${words[@]}" </dev/null >"$ready" 2>"$place/log" &
IFS= read -r -t 60 line <"$ready" || error "it did not start: $(tail -c 2000 "$place/log")"
endpoint=$(sed -n 's/^{"endpoint":"\(http:[^"]*\)".*/\1/p' <<<"$line")
[ -n "$endpoint" ] || error "it did not say where it answers: $line"

told "$GITHUB_OUTPUT" endpoint "$endpoint"
told "$GITHUB_ENV" AWS_ENDPOINT_URL "$endpoint"
told "$GITHUB_ENV" AWS_ACCESS_KEY_ID test
told "$GITHUB_ENV" AWS_SECRET_ACCESS_KEY test
told "$GITHUB_ENV" AWS_REGION "$WANTED_REGION"
told "$GITHUB_ENV" AWS_DEFAULT_REGION "$WANTED_REGION"
# What an earlier step left, and would outrank these or mix with them. A variable cannot be taken back, and an empty one is taken
# for none where it is a token.
[ -z "${AWS_SESSION_TOKEN-}" ] || told "$GITHUB_ENV" AWS_SESSION_TOKEN ""
while IFS= read -r name; do
  [ -z "$name" ] || told "$GITHUB_ENV" "$name" "$endpoint"
done <<<"$(compgen -e AWS_ENDPOINT_URL_)"
printf '%s\n' "$place/bin" >>"$GITHUB_PATH"
echo "footbridge answers at $endpoint"
