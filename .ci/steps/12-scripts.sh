# what: shell scripts and workflows have no known faults, Python compiles, and `references` leaves no engine behind
# lane: clients
# budget: 20
python_tools
shellcheck --severity=style .ci/run .ci/lib.sh tests/scripts/*.sh tests/scripts/go/*/*.sh
# A step has no shebang: it is read by .ci/run with lib.sh before it.
shellcheck --severity=style --shell=bash .ci/steps/*.sh .ci/nightly/*.sh
zizmor --offline --quiet .github/workflows
python3 -B tests/scripts/references_test.py
PYTHONDONTWRITEBYTECODE=1 python3 - docs/*.py tests/scripts/references tests/scripts/*.py tests/scripts/support/*.py tests/scripts/dashboard/*.py <<'PYTHON'
import sys
for name in sys.argv[1:]:
    compile(open(name).read(), name, "exec")
PYTHON
