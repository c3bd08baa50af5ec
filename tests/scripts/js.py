"""The JavaScript SDK v3: starts a server and runs js.mjs against it with Node."""

import shutil
import subprocess
from pathlib import Path

from support.checks import run
from support.fixtures import FIXTURES

SCRIPT = Path(__file__).resolve().parent / "js.mjs"


def section(name):
    def call(checks, program, options):
        # Node looks for packages beside the script.
        here = program.work / "js"
        here.mkdir()
        shutil.copy(SCRIPT, here)
        (here / "node_modules").symlink_to(options.modules.resolve())
        done = subprocess.run(
            [str(options.modules / ".bin" / "node"), "js.mjs", program.endpoint, str(FIXTURES), name], cwd=here, env=program.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
        )
        print(done.stdout, done.stderr, sep="", end="")
        checks.equal(f"{name}: exit code", done.returncode, 0)

    return call


if __name__ == "__main__":
    run({name: section(name) for name in ("s3", "dynamodb")}, __doc__,
        [(["--modules"], {"type": Path, "required": True, "help": "the node_modules with the SDK and node"})])
