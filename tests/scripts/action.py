"""packages/action as GitHub runs it: its steps with the inputs in their environment, files for what they tell, and what a user may write."""

import argparse
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "packages"))
import archive  # noqa: E402

ACTION = ROOT / "packages/action"
DEFINED = yaml.safe_load((ACTION / "action.yml").read_text())
TOLD = ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH")


def run(temp, inputs, **more):
    """What each step exits with and prints, and what it told GitHub, by file and name."""
    assert set(inputs) <= set(DEFINED["inputs"])
    known = {f"inputs.{name}": inputs.get(name, of["default"]) for name, of in DEFINED["inputs"].items()}
    known |= {"github.action_path": str(ACTION), "github.action_repository": "o/r", "github.server_url": "https://github.example"}
    [step] = DEFINED["runs"]["steps"]
    assert "${{" not in step["run"] and step["shell"] == "bash", "an input that is part of a script is run by it"
    env = {name: re.sub(r"\${{ ([\w.]+) }}", lambda found: known[found[1]], value) for name, value in step["env"].items()}
    temp.mkdir()
    files = {name: temp / name for name in TOLD}
    for file in files.values():
        file.touch()
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]], cwd=temp.parent, capture_output=True, text=True, timeout=60,
        env={"PATH": os.environ["PATH"], "HOME": str(temp), "RUNNER_TEMP": str(temp), **env, **{name: str(file) for name, file in files.items()}, **more},
    )
    told = {name: file.read_text().splitlines() for name, file in files.items()}
    return done, told


def pid_of(endpoint):
    """Who listens there."""
    port = int(endpoint.rpartition(":")[2])
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            if b"serve" in command and port in listened(process):
                return int(process.name)
        except OSError:
            continue
    raise AssertionError(f"nobody listens on {port}")


def listened(process):
    sockets = {os.readlink(link) for link in (process / "fd").iterdir() if link.is_symlink()}
    rows = [row.split() for row in (process / "net/tcp").read_text().splitlines()[1:]]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets}


def ended(endpoint):
    os.kill(pid_of(endpoint), signal.SIGTERM)


def check_started(root):
    seed = root / "a seed"
    (seed / "s3/photos").mkdir(parents=True)
    inputs = {"from": "dist", "version": archive.version(), "seed": "a seed", "region": "eu-west-1", "args": "--allow-host\nexample.test\n\n"}
    done, told = run(root / "one", inputs, AWS_SESSION_TOKEN="old", AWS_ENDPOINT_URL_S3="http://127.0.0.1:1")
    assert done.returncode == 0, done
    [output] = told["GITHUB_OUTPUT"]
    endpoint = output.removeprefix("endpoint=")
    try:
        assert sorted(told["GITHUB_ENV"]) == sorted([
            f"AWS_ENDPOINT_URL={endpoint}", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_REGION=eu-west-1",
            "AWS_DEFAULT_REGION=eu-west-1", "AWS_SESSION_TOKEN=", f"AWS_ENDPOINT_URL_S3={endpoint}",
        ])
        [path] = told["GITHUB_PATH"]
        said = subprocess.run([f"{path}/footbridge", "--version"], capture_output=True, text=True, check=True).stdout
        assert said == f"footbridge {archive.version()}\n"
        # It goes on without the step, with the seed, and with the arguments.
        for host in ("127.0.0.1", "example.test"):
            asked = urllib.request.Request(endpoint, headers={"Host": host, "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/s3/aws4_request"})
            try:
                answer = urllib.request.urlopen(asked).read()
            except urllib.error.HTTPError as error:
                answer = error.read()
            assert b"<Code>" in answer or b"photos" in answer, answer
    finally:
        ended(endpoint)
    assert DEFINED["outputs"]["endpoint"]["value"] == "${{ steps.start.outputs.endpoint }}" and DEFINED["runs"]["steps"][0]["id"] == "start"


def check_refused(root):
    """What a user may write is never run, and what goes wrong is said in GitHub's way, in one line."""
    made = root / "made"
    nasty = f'"; touch {made}; $(touch {made}) `touch {made}` \' && touch {made} #'
    for number, (inputs, said) in enumerate((
        ({"from": "nowhere"}, "could not be installed"),
        ({"from": "dist", "version": nasty}, "could not be installed"),
        ({"from": nasty}, "could not be installed"),
        ({"from": "dist", "region": nasty}, "did not start"),
        ({"from": "dist", "region": "us-east-1\nEVIL=1"}, "did not start"),
        ({"from": "dist", "seed": nasty}, "did not start"),
        ({"from": "dist", "args": f"--config\n{nasty}"}, "did not start"),
        ({"from": "dist", "args": "--no-such-option"}, "did not start"),
        ({"from": "dist", "args": "--json\n::set-output name=a::b"}, "did not start"),
    )):
        done, told = run(root / f"refused-{number}", inputs)
        errors = [line for line in done.stdout.splitlines() if line.startswith("::")]
        assert done.returncode == 1 and len(errors) == 1 and errors[0].startswith("::error title=footbridge::") and said in errors[0], (inputs, done)
        assert not any(told.values()), told
    assert not made.exists(), "an input was run"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        root = Path(root)
        # The program itself is packed and unpacked by the step `install`.
        small = root / "footbridge"
        small.write_text(f"#!/bin/sh\nexec {shlex.quote(options.program)} \"$@\"\n")
        archive.pack(small, f"{os.uname().machine}-unknown-linux-gnu", root / "dist")
        archive.sums(root / "dist")
        check_started(root)
        check_refused(root)
    print("report: installed, started, told, and nothing of a user's input run")


if __name__ == "__main__":
    main()
