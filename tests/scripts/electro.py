"""ElectroDB and OneTable: starts a server and runs electro.mjs or onetable.mjs against it with Node."""

import shutil
import subprocess
from pathlib import Path

from support.checks import run

HERE = Path(__file__).resolve().parent


def section(script):
    def call(checks, program, options):
        # Node looks for packages beside the script.
        here = program.work / "js"
        here.mkdir()
        shutil.copy(HERE / script, here)
        (here / "node_modules").symlink_to(options.modules.resolve())
        done = subprocess.run(
            [str(options.modules / ".bin" / "node"), script, program.endpoint], cwd=here, env=program.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
        )
        print(done.stdout, done.stderr, sep="", end="")
        checks.equal("exit code", done.returncode, 0)

    return call


if __name__ == "__main__":
    run({"shop": section("electro.mjs"), "onetable": section("onetable.mjs")}, __doc__,
        [(["--modules"], {"type": Path, "required": True, "help": "the node_modules with the library and node"})])
