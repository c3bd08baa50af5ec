# what: links among the pages lead somewhere, to the heading too, and the paths that they name are there
# lane: clients
# budget: 20
python_tools links-requirements.txt
mapfile -t pages < <(git ls-files '*.md' ':!fixtures')
# Only what is here: a test reaches no other machine.
linked() { lychee --offline --include-fragments --no-progress --root-dir "$PWD" "$@"; }
linked "${pages[@]}"
# It finds what is planted: a page that is not there, and a heading that is not.
planted=$(mktemp -d)
trap 'rm -rf "$planted"' EXIT
printf '# Here\n\n[there](there.md) [other](#nowhere) [here](#here)\n' >"$planted/page.md"
! said=$(linked "$planted/page.md" 2>&1)
[[ $said == *there.md* && $said == *nowhere* && $said != *page.md#here* ]] || { echo "$said"; exit 1; }

# named PAGE...: the paths of this repository that pages name and that are not there.
named() {
  # shellcheck disable=SC2016 # The backticks are Markdown's.
  grep -HoE '`(src|tests|tui|record|docs|\.ci|fixtures|examples|packages|infra|benches)/[A-Za-z0-9_./-]*`' "$@" | tr -d '`' | sort -u |
    while IFS=: read -r page path; do [ -e "$path" ] || echo "$page names $path"; done
}
# What has changed since may be gone.
gone=$(named "${pages[@]}" | grep -v '^CHANGELOG.md') || true
[ -z "$gone" ] || { echo "$gone"; exit 1; }
# shellcheck disable=SC2016 # The backticks are Markdown's.
printf 'It is in `src/nowhere.rs`, beside `src/main.rs`.\n' >"$planted/page.md"
[ "$(named "$planted/page.md")" = "$planted/page.md names src/nowhere.rs" ]
