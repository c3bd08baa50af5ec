#!/usr/bin/env python3
"""The parity tests fail on a build with any one of the bugs of tests/parity/mutants.toml, and pass on it with none.

All of them are planted in one copy of the repository, each behind a switch, so that it is built once.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MUTANTS = ROOT / "tests/parity/mutants.toml"
DOCUMENT = ROOT / "docs/parity-mutants.md"
TESTS = {
    "dynamodb": "against_model::dynamodb_does_what_the_model_does",
    "s3": "against_model::s3_does_what_the_model_does",
}
# What a difference, and the script that shows it, look like in a test's output.
DIFFERENCE = ("FOOTBRIDGE_PARITY_SEED=", "--cli-input-json")
SWITCH = """
/// Whether the planted bug of this name is wanted.
#[doc(hidden)]
pub fn planted(name: &str) -> bool {
    static WANTED: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    WANTED.get_or_init(|| std::env::var("FOOTBRIDGE_PLANTED").ok()).as_deref() == Some(name)
}
"""


def once(text, part, name, where):
    if text.count(part) != 1:
        sys.exit(f"{name} is stale: {where} has this {text.count(part)} times: {part!r}")


def planted(mutant):
    """The text that stands in place of the mutant's right one."""
    wanted = f'crate::planted("{mutant["name"]}")'
    if "planted" in mutant:
        return mutant["planted"].replace("PLANTED", wanted)
    choice = f"if {wanted} {{ {mutant['wrong']} }} else {{ {mutant['right']} }}"
    return choice if mutant["right"].endswith(";") else f"({choice})"


def plant(copy, mutants):
    """Plants each mutant. What it is anchored on must be in the repository as it is, and is not searched in what others plant."""
    for mutant in mutants:
        name, file = mutant["name"], copy / "src/emulator" / mutant["file"]
        text, within = file.read_text(), mutant.get("within", mutant["right"])
        once(text, within, name, mutant["file"])
        once(within, mutant["right"], name, "`within`")
        file.write_text(text.replace(within, within.replace(mutant["right"], planted(mutant))))
    with (copy / "src/lib.rs").open("a") as library:
        library.write(SWITCH)


def copied(copy):
    """Copies what git knows, as it is in the working tree."""
    shutil.rmtree(copy, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)


def renumbered(copy):
    """Gives the copy's packages a version of their own: cargo tells them from the repository's by that, not by their place."""
    for name, pattern in [
        ("Cargo.toml", r'(\[workspace\.package\]\nversion = "\d+\.\d+\.)\d+"'),
        ("Cargo.lock", r'(\[\[package\]\]\nname = "footbridge(?:-\w+)?"\nversion = "\d+\.\d+\.)\d+"'),
    ]:
        text, count = re.subn(pattern, r'\g<1>999"', (copy / name).read_text())
        if not count:
            sys.exit(f"{name} does not say which version footbridge has where it is looked for")
        (copy / name).write_text(text)


def build(copy, target):
    """Builds the parity tests of the copy: their program."""
    command = [os.environ.get("CARGO", "cargo"), "test", "--locked", "--test", "parity", "--no-run"]
    done = subprocess.run(
        command, cwd=copy, env=os.environ | {"CARGO_TARGET_DIR": str(target)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    program = re.search(r"Executable .*\((.*parity-[0-9a-f]+)\)", done.stdout)
    if done.returncode or not program:
        sys.exit(f"{done.stdout}\nthe copy with the planted bugs does not build")
    return copy / program[1]


def run(options, program, copy, name, service):
    """Runs the test of a service with this bug: (seconds, exit status or None where it took too long, output)."""
    settings = {"STEPS": options.steps, "TRIES": options.tries, "SEED": options.seed}
    environment = os.environ | {f"FOOTBRIDGE_PARITY_{name}": str(value) for name, value in settings.items()}
    environment["FOOTBRIDGE_PLANTED"] = name
    began = time.monotonic()
    try:
        done = subprocess.run(
            [program, "--exact", TESTS[service], "--nocapture"], cwd=copy, env=environment, timeout=options.timeout,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        )
    except subprocess.TimeoutExpired as stopped:
        return time.monotonic() - began, None, (stopped.stdout or b"").decode(errors="replace")
    return time.monotonic() - began, done.returncode, done.stdout


def judged(name, service, seconds, status, output):
    """Whether this is how it should end, and a line that says so."""
    if name == "none":
        fine = status == 0 and "1 passed" in output
        return fine, f"none: {TESTS[service]} {'passed' if fine else 'FAILED'} after {seconds:.1f} s"
    if status is None:
        return False, f"{name}: NOT CAUGHT: nothing found and no end after {seconds:.1f} s"
    if status == 0:
        return False, f"{name}: NOT CAUGHT by {TESTS[service]} in {seconds:.1f} s"
    if not all(part in output for part in DIFFERENCE):
        return False, f"{name}: NOT CAUGHT: {TESTS[service]} failed without a difference and its script"
    return True, f"{name}: caught after {seconds:.1f} s by {TESTS[service]}"


def documented(mutants):
    """The document's table names the same bugs."""
    listed = re.findall(r"^\| `([a-z-]+)` \|", DOCUMENT.read_text(), re.MULTILINE)
    named = [mutant["name"] for mutant in mutants]
    if listed != named:
        sys.exit(f"{DOCUMENT.name} lists other bugs than {MUTANTS.name}, or in another order: {set(listed) ^ set(named)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")))
    parser.add_argument("--steps", type=int, default=6000, help="how many calls each test makes at most")
    parser.add_argument("--tries", type=int, default=0, help="how many smaller histories are tried: that takes longer than the finding")
    # The same for all: what is found with a bug and not without it, the bug has done.
    parser.add_argument("--seed", type=int, default=random.getrandbits(63), help="of the histories; another every time, where none is given")
    parser.add_argument("--timeout", type=float, default=200, help="seconds for each test")
    parser.add_argument("--only", default="", help="only mutants with this in their file or name")
    parser.add_argument("--show", action="store_true", help="show what the tests say")
    options = parser.parse_args()
    began = time.monotonic()
    mutants = tomllib.loads(MUTANTS.read_text())["mutant"]
    documented(mutants)
    target = options.target.resolve()
    copy = target / "mutants/src"
    try:
        copied(copy)
        plant(copy, mutants)
        renumbered(copy)
        program = build(copy, target)
        print(f"built after {time.monotonic() - began:.1f} s, FOOTBRIDGE_PARITY_SEED={options.seed}", flush=True)
        chosen = [mutant for mutant in mutants if options.only in f"{mutant['file']} {mutant['name']}"]
        jobs = [(mutant["name"], mutant["file"].partition("/")[0]) for mutant in chosen]
        jobs = [("none", service) for service in TESTS if service in {service for _, service in jobs}] + jobs
        caught, failed = 0, 0
        with ThreadPoolExecutor(2) as pool:
            for job, ended in zip(jobs, pool.map(lambda job: run(options, program, copy, *job), jobs)):
                fine, line = judged(*job, *ended)
                failed += not fine
                caught += fine and job[0] != "none"
                print(line, flush=True)
                if options.show or not fine:
                    print(ended[2], flush=True)
    finally:
        shutil.rmtree(copy.parent, ignore_errors=True)
    print(f"report: {caught} of {len(chosen)} planted bugs caught ({time.monotonic() - began:.0f} s)")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
