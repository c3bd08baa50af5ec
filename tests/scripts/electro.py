"""ElectroDB: starts a server and runs electro.mjs against it with Node."""

import shutil
import subprocess
from pathlib import Path

from support.checks import run

SCRIPT = Path(__file__).resolve().parent / "electro.mjs"


def shop(checks, program, options):
    # Node looks for packages beside the script.
    here = program.work / "js"
    here.mkdir()
    shutil.copy(SCRIPT, here)
    (here / "node_modules").symlink_to(options.modules.resolve())
    done = subprocess.run(
        [str(options.modules / ".bin" / "node"), "electro.mjs", program.endpoint], cwd=here, env=program.environment,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
    )
    print(done.stdout, done.stderr, sep="", end="")
    checks.equal("exit code", done.returncode, 0)


if __name__ == "__main__":
    run({"shop": shop}, __doc__, [(["--modules"], {"type": Path, "required": True, "help": "the node_modules with ElectroDB and node"})])
