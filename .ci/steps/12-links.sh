# what: links among the pages lead somewhere, to the heading too
# lane: clients
# budget: 20
python_tools links-requirements.txt
mapfile -t pages < <(git ls-files '*.md' ':!fixtures' ':!benches/*/target')
# Only what is here: a test reaches no other machine.
linked() { lychee --offline --include-fragments --no-progress --root-dir "$PWD" "$@"; }
linked "${pages[@]}"
# It finds what is planted: a page that is not there, and a heading that is not.
planted=$(mktemp -d)
trap 'rm -rf "$planted"' EXIT
printf '# Here\n\n[there](there.md) [other](#nowhere) [here](#here)\n' >"$planted/page.md"
! said=$(linked "$planted/page.md" 2>&1)
[[ $said == *there.md* && $said == *nowhere* && $said != *page.md#here* ]] || { echo "$said"; exit 1; }
