# what: no key and no token is in these files, or was ever committed
# lane: clients
# budget: 25
go_tools .ci/tools/gitleaks
# Merges are in no history that is read as differences: the files themselves are read, too.
files="$CI_LOGS/secrets"
rm -rf "$files"
git checkout-index --all --prefix="$files/"
"$GO_PROGRAMS/gitleaks" dir --config .gitleaks.toml --no-banner --no-color --redact "$files"
"$GO_PROGRAMS/gitleaks" git --config .gitleaks.toml --no-banner --no-color --redact .
rm -rf "$files"
python3 -B tests/scripts/linters_test.py --gitleaks "$GO_PROGRAMS/gitleaks" Secrets
report "$(git rev-list --all --count) commits$([ "$(git rev-parse --is-shallow-repository)" = false ] || echo ', which are not all: this clone is shallow')"
