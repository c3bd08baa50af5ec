# what: shell scripts have no known faults, Python compiles, and `references` leaves no engine behind
# lane: clients
# budget: 20
python_tools
# Whatever says that it is one, and what is sourced.
mapfile -t scripts < <(git grep -lIE '^#!.*[/ ](ba|da)?sh$' | grep -vE '\.(md|py|mjs|rs|java|tpl)$')
shellcheck --severity=style .ci/lib.sh "${scripts[@]}"
# A step has no shebang: it is read by .ci/run with lib.sh before it.
shellcheck --severity=style --shell=bash .ci/steps/*.sh .ci/nightly/*.sh
python3 -B tests/scripts/references_test.py
mapfile -t sources < <(git ls-files '*.py' tests/scripts/references)
PYTHONDONTWRITEBYTECODE=1 python3 - "${sources[@]}" <<'PYTHON'
import sys
for name in sys.argv[1:]:
    compile(open(name).read(), name, "exec")
PYTHON
report "${#scripts[@]} shell scripts, ${#sources[@]} of Python"
