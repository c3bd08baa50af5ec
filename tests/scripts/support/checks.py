"""Checks that go on after a failure, and sections of a script that can run alone."""

import argparse
import sys
import time
import traceback
from pathlib import Path

from .program import Program


class Checks:
    """Counts what held and says what did not."""

    def __init__(self):
        self.held = 0
        self.failed = 0

    def equal(self, what, got, want):
        if got == want:
            self.held += 1
            return
        self.failed += 1
        print(f"FAILED: {what}\n  got  {shown(got)}\n  want {shown(want)}", flush=True)

    def true(self, what, condition, detail=""):
        self.equal(f"{what} {detail}".strip(), bool(condition), True)

    def contains(self, what, text, part):
        self.equal(f"{what}: {shown(part)} in {shown(text)}", part in text, True)

    def error(self, what, call, *, code, message=None, status=None, **members):
        """`call` is refused as botocore shows it: with AWS's code, its whole message, and the members that it names."""
        from botocore.exceptions import ClientError

        try:
            answer = call()
        except ClientError as refused:
            error = refused.response["Error"]
            self.equal(f"{what}: code", error.get("Code"), code)
            if message is not None:
                self.equal(f"{what}: message", error.get("Message"), message)
            if status is not None:
                self.equal(f"{what}: status", refused.response["ResponseMetadata"]["HTTPStatusCode"], status)
            for name, value in members.items():
                self.equal(f"{what}: {name}", error.get(name), value)
        else:
            self.equal(f"{what}: refused", answer, f"{code}: {message}")


def shown(value):
    text = repr(value)
    return text if len(text) <= 600 else f"{text[:400]}…{text[-150:]} ({len(text)} characters)"


def run(sections, describe, arguments=()):
    """Runs the sections that were asked for, each on a program of its own, and ends the process: 0 if every check held."""
    parser = argparse.ArgumentParser(description=describe)
    parser.add_argument("--program", type=Path, required=True, help="the footbridge binary")
    parser.add_argument("--only", default="", help="these sections: " + ", ".join(sections))
    for flags, options in arguments:
        parser.add_argument(*flags, **options)
    options = parser.parse_args()
    chosen = options.only.split(",") if options.only else list(sections)
    checks = Checks()
    for name in chosen:
        began = time.monotonic()
        failed = checks.failed
        try:
            with Program(options.program.resolve()) as program:
                sections[name](checks, program, options)
        except Exception:
            checks.failed += 1
            print(f"FAILED: {name} ended early\n{traceback.format_exc()}", flush=True)
        verdict = "ok" if checks.failed == failed else "FAILED"
        print(f"{verdict}: {name} ({time.monotonic() - began:.1f} s)", flush=True)
    print(f"report: {parser.prog}: {checks.held} checks held, {checks.failed} failed", flush=True)
    sys.exit(1 if checks.failed else 0)
