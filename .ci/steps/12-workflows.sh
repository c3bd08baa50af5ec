# what: workflows and actions run as they are written, take no text for code and no action by a name that can move; forms are forms
# lane: clients
# budget: 20
python_tools
python_tools workflows-requirements.txt
go_tools .ci/tools/actionlint
actions=(.github/actions/*/action.yml packages/action/action.yml)
"$GO_PROGRAMS/actionlint"
zizmor --offline --quiet --config .github/zizmor.yml .github/workflows .github/dependabot.yml "${actions[@]}"
check-jsonschema --quiet --builtin-schema vendor.github-actions "${actions[@]}"
check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
check-jsonschema --quiet --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
# actionlint reads the scripts of workflows, and not those of actions.
python3 -B tests/scripts/action_scripts.py "${actions[@]}"
python3 -B tests/scripts/linters_test.py --actionlint "$GO_PROGRAMS/actionlint" Workflows
report "$(grep -rhoE 'uses: [^ ]+@[0-9a-f]{40}' .github | sort -u | wc -l) versions of others' actions"
