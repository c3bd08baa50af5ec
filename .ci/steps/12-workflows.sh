# what: workflows and actions run as they are written, take no text for code and no action by a name that can move; forms are forms
# lane: clients
# budget: 20
python_tools workflows-requirements.txt
python_tools
go_tools .ci/tools/actionlint
actions=(.github/actions/*/action.yml)
[ ! -e action.yml ] || actions+=(action.yml)
"$GO_PROGRAMS/actionlint"
zizmor --offline --quiet --config .github/zizmor.yml .github/workflows .github/dependabot.yml "${actions[@]}"
check-jsonschema --quiet --builtin-schema vendor.github-actions "${actions[@]}"
check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
check-jsonschema --quiet --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
python3 -B tests/scripts/linters_test.py --actionlint "$GO_PROGRAMS/actionlint" Workflows
report "$(grep -rhoE 'uses: [^ ]+@[0-9a-f]{40}' .github | sort -u | wc -l) versions of others' actions"
