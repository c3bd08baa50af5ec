"""The AWS SDK for Go, version 2: starts a server and runs the program of go/sdk against it."""

import subprocess
from pathlib import Path

from support.checks import run


def section(name):
    def call(checks, program, options):
        done = subprocess.run([str(options.sdk.resolve()), program.endpoint, name], cwd=program.work, env=program.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
        print(done.stdout, done.stderr, sep="", end="")
        checks.equal(f"{name}: exit code", done.returncode, 0)

    return call


if __name__ == "__main__":
    run({name: section(name) for name in ("objects", "managers", "presigned", "items")}, __doc__,
        [(["--sdk"], {"type": Path, "required": True, "help": "the program that go/sdk builds"})])
