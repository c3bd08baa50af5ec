"""The AWS SDK for Ruby, version 3: starts a server and runs ruby.rb against it."""

import subprocess
from pathlib import Path

from support.checks import run

SCRIPT = Path(__file__).resolve().parent / "ruby.rb"


def s3(checks, program, options):
    done = subprocess.run([str(options.ruby), str(SCRIPT), program.endpoint], cwd=program.work, env=program.environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=300)
    print(done.stdout, done.stderr, sep="", end="")
    checks.equal("exit code", done.returncode, 0)


if __name__ == "__main__":
    run({"s3": s3}, __doc__, [(["--ruby"], {"type": Path, "default": "/usr/bin/ruby", "help": "a Ruby with the gem aws-sdk-s3"})])
