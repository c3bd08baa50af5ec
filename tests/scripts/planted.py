"""Each client script passes on the build as it is, and fails on a build with one planted wrong answer.

A script that cannot fail shows nothing; this shows that each of them can, in bytes, items, codes and messages.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Script, its section, and the wrong answers that it must not take.
PLANTED = [
    ("boto3_s3.py", "objects", ["byte", "s3-missing-key"]),
    ("boto3_s3.py", "listing", ["s3-size"]),
    ("boto3_s3.py", "multipart", ["s3-etag"]),
    ("boto3_s3.py", "errors", ["s3-code", "s3-message", "status"]),
    ("boto3_dynamodb.py", "items", ["item", "missing-item"]),
    ("boto3_dynamodb.py", "errors", ["code", "message"]),
    ("aws_cli.py", "s3_small", ["byte", "s3-code", "s3-message"]),
    ("aws_cli.py", "dynamodb_small", ["item", "message"]),
    ("js.py", "s3", ["byte", "s3-code", "s3-message"]),
    ("js.py", "dynamodb", ["item", "code", "message"]),
    ("js.py", "transfer", ["byte", "s3-etag", "s3-missing-key", "status"]),
    ("js.py", "documents", ["item", "code"]),
    ("java.py", "s3", ["byte", "s3-code", "s3-missing-key"]),
    ("java.py", "dynamodb", ["item", "code", "message"]),
    ("arrow.py", "objects", ["byte", "s3-missing-key", "s3-size"]),
    ("inspector.py", "tools", ["mcp-tool", "mcp-value", "mcp-message"]),
    ("terraform.py", "lock_file", ["byte", "s3-missing-key"]),
    ("terraform.py", "lock_table", ["missing-item", "message"]),
    ("one_directory.py", "sequence", ["byte", "item"]),
    ("go_sdk.py", "objects", ["byte", "s3-code", "s3-message", "s3-missing-key"]),
    ("go_sdk.py", "items", ["item", "code", "message"]),
    ("ruby.py", "s3", ["byte", "s3-code", "s3-message", "s3-missing-key"]),
]


def runs(options, script, section, plant):
    """Runs one section on the planted build: (passed, a wrong answer was given, output)."""
    with tempfile.TemporaryDirectory() as scratch:
        mark = Path(scratch) / "given"
        environment = os.environ | {"PLANT": plant, "PLANT_MARK": str(mark), "PLANT_PROGRAM": str(options.program.resolve())}
        more = {
            "aws_cli.py": ["--aws", options.aws],
            "js.py": ["--modules", options.modules],
            "inspector.py": ["--modules", options.modules],
            "go_sdk.py": ["--sdk", options.sdk],
            # One round of each section is enough, and is quick.
            "java.py": ["--classpath", options.classpath, "--rounds", "sync,mapper"],
        }
        done = subprocess.run(
            [sys.executable, str(HERE / script), "--program", str(HERE / "planted_build.py"), "--only", section, *more.get(script, [])],
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
        )
        return done.returncode == 0, mark.exists(), done.stdout + done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--aws", default="aws", help="the AWS CLI")
    parser.add_argument("--modules", default="", help="the folder of Node's packages, for scripts that want one")
    parser.add_argument("--classpath", default="", help="the Java rounds, for the script that wants them")
    parser.add_argument("--sdk", default="", help="the program of the Go SDK, for the script that wants it")
    parser.add_argument("--only", default="", help="only these, separated by commas: SCRIPT or SCRIPT:SECTION")
    options = parser.parse_args()
    only = options.only.split(",") if options.only else [script for script, _, _ in PLANTED]
    chosen = [row for row in PLANTED if row[0] in only or ":".join(row[:2]) in only]
    if not chosen:
        sys.exit(f"nothing is planted for {options.only}")
    jobs = [(script, section, plant) for script, section, plants in chosen for plant in ["none", *plants]]
    began = time.monotonic()
    wrong = 0
    with ThreadPoolExecutor(2) as pool:
        for job, (passed, given, output) in zip(jobs, pool.map(lambda job: runs(options, *job), jobs)):
            script, section, plant = job
            if plant == "none":
                good, says = passed, "passes as it is" if passed else f"fails as it is\n{output[-1500:]}"
            elif not given:
                good, says = False, f"never got the wrong answer {plant}\n{output[-1500:]}"
            else:
                good, says = not passed, f"fails with a wrong {plant}" if not passed else f"passes with a wrong {plant}"
            wrong += not good
            print(f"{'ok' if good else 'FAILED'}: {script} {section} {says}", flush=True)
    print(f"report: {len(jobs) - wrong} as wanted, {wrong} not ({time.monotonic() - began:.0f} s)")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
