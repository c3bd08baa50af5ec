"""The own test suites of clients, against one server: s3fs's and restic's for S3.

What cannot pass stands in suites-known.txt with its reason, and must not pass; all else must.
"""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path

from support.checks import run
from support.known import Known

HERE = Path(__file__).resolve().parent


def s3fs(checks, program, options):
    report = program.work / "report.xml"
    environment = program.environment | {"FOOTBRIDGE_TEST_ENDPOINT": program.endpoint, "PYTHONPATH": str(HERE / "support"),
                                         "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "s3fs_plugin", "-p", "no:cacheprovider", "-q", "--tb=line", f"--junit-xml={report}", "s3fs/tests"],
        cwd=options.s3fs.resolve(), env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1800,
    )
    if not report.exists():
        raise RuntimeError(f"pytest ended with {done.returncode}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    found = {}
    for case in xml.etree.ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname').removeprefix('s3fs.tests.')}.{case.get('name')}"
        bad = [child for child in case if child.tag in ("failure", "error")]
        skipped = case.find("skipped") is not None
        found[name] = "skipped" if skipped else bad[0].get("message", "")[:400] if bad else "passed"
    Known(HERE / "suites-known.txt", "s3fs").hold(checks, found)


def restic(checks, program, options):
    environment = program.environment | {"RESTIC_TEST_S3_KEY": "test", "RESTIC_TEST_S3_SECRET": "test",
                                         "RESTIC_TEST_S3_REPOSITORY": f"s3:{program.endpoint}/restic-suite"}
    done = subprocess.run([str(options.restic_tests.resolve()), "-test.v"], cwd=program.work, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=1800)
    verdicts = {"PASS": "passed", "SKIP": "skipped", "FAIL": done.stdout[-400:]}
    found = {name: verdicts[verdict] for verdict, name in re.findall(r"^ *--- (PASS|FAIL|SKIP): (\S+) ", done.stdout, re.MULTILINE)}
    Known(HERE / "suites-known.txt", "restic").hold(checks, found)
    checks.equal("exit code", done.returncode, 0)


if __name__ == "__main__":
    run({call.__name__: call for call in (s3fs, restic)}, __doc__, [
        (["--s3fs"], {"type": Path, "default": os.devnull, "help": "the source of s3fs"}),
        (["--restic-tests"], {"type": Path, "default": os.devnull, "help": "the program that go/restic builds"}),
    ])
