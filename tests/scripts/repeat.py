#!/usr/bin/env python3
"""Runs all tests again and again, and says which of them does not pass each time.

  tests/scripts/repeat.py --runs 20                    quiet, on one core and under load by turns
  tests/scripts/repeat.py --runs 5 --manner load       only so
  tests/scripts/repeat.py --runs 50 directory::        only the tests whose `binary::name` contains a word

Everything is built once, with $CARGO or cargo; then only the programs that the build names are run, as `cargo test` would
run them (documentation's examples apart), but for property tests, which get other inputs in each run. `quiet` leaves the
machine as it is, `core` gives all processes one core, `load` runs a busy process on each core beside the tests. A program
that takes longer than --limit seconds is ended and has failed.
"""

import argparse
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANNERS = ("quiet", "core", "load")


def environment():
    """Nothing of this machine's that a test could take for its own."""
    mine = re.compile(r"^(AWS_|FOOTBRIDGE_)|_(proxy|PROXY)$")
    return {name: value for name, value in os.environ.items() if not mine.search(name)}


def programs():
    """The test programs, each with its name and the directory that it runs in."""
    command = [os.environ.get("CARGO", "cargo"), "test", "--no-run", "--message-format=json-render-diagnostics"]
    built = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    found = {}
    for line in built.stdout.splitlines():
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("executable") and message.get("profile", {}).get("test"):
            target, path = message["target"], message["executable"]
            name = target["name"] if "test" in target["kind"] else f"{target['name']} ({target['kind'][0]})"
            found[name] = (path, Path(message["manifest_path"]).parent)
    return found


def busy(until):
    """Keeps a core busy, and never longer than the tests could take."""
    while time.monotonic() < until and os.getppid() != 1:
        sum(range(10_000))


class Load:
    """A busy process on each core while it lasts."""

    def __init__(self, wanted, limit):
        until = time.monotonic() + limit
        count = os.cpu_count() if wanted else 0
        self.processes = [multiprocessing.Process(target=busy, args=(until,), daemon=True) for _ in range(count)]

    def __enter__(self):
        for process in self.processes:
            process.start()

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
            process.join()


def chosen(path, directory, name, words):
    """The tests of a program to run: None for all, else their names."""
    if not words:
        return None
    listed = subprocess.run([path, "--list", "--format", "terse"], cwd=directory, stdout=subprocess.PIPE, check=True, text=True)
    tests = [line[: -len(": test")] for line in listed.stdout.splitlines() if line.endswith(": test")]
    return [test for test in tests if any(word in f"{name}::{test}" for word in words)]


def run(path, directory, tests, manner, limit):
    """Runs a program; the tests that failed, and what it said."""
    command = [path, *(["--exact", *tests] if tests else [])]
    first = min(os.sched_getaffinity(0)) if manner == "core" else None
    if first is not None:
        command = ["taskset", "-c", str(first), *command]
    process = subprocess.Popen(
        command, cwd=directory, env=environment() | {"CARGO_MANIFEST_DIR": str(directory)}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
        said += f"\nended after {limit} s\n"
    failed = re.findall(r"^test (.+?)(?: - should panic)? \.\.\. FAILED$", said, re.MULTILINE)
    if process.returncode != 0 and not failed:
        failed = re.findall(r"^test (.+) has been running for over", said, re.MULTILINE) or ["(the program itself)"]
    return failed, said


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20, help="how often each test is run (20)")
    parser.add_argument("--manner", choices=MANNERS, action="append", help="only so; may be given more than once")
    parser.add_argument("--limit", type=int, default=600, help="seconds that one program may take (600)")
    parser.add_argument("words", nargs="*", metavar="WORD", help="only tests whose `binary::name` contains one of these")
    options = parser.parse_args()
    manners = options.manner or MANNERS
    wanted = []
    for name, (path, directory) in programs().items():
        tests = chosen(path, directory, name, options.words)
        if tests is None or tests:
            wanted.append((name, path, directory, tests))
    if not wanted:
        sys.exit("no test is named so")
    failures = Counter()
    for number in range(options.runs):
        manner, began, bad = manners[number % len(manners)], time.monotonic(), 0
        for name, path, directory, tests in wanted:
            with Load(manner == "load", options.limit):
                failed, said = run(path, directory, tests, manner, options.limit)
            for test in failed:
                failures[(f"{name}::{test}", manner)] += 1
            if failed:
                bad += len(failed)
                print(f"{name}, run {number + 1} ({manner}): {', '.join(failed)}\n{said[-8000:]}", flush=True)
        took = time.monotonic() - began
        print(f"run {number + 1} of {options.runs} ({manner}): {bad} failed, {took:.0f} s", flush=True)
    for (test, manner), times in sorted(failures.items()):
        print(f"failed {times} times ({manner}): {test}")
    print(f"repeat: {options.runs} runs, {sum(failures.values())} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
