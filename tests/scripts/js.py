"""The JavaScript SDK v3: starts a server and runs js.mjs, js_transfer.mjs or js_documents.mjs against it with Node."""

import shutil
import subprocess
from pathlib import Path

from support.checks import run
from support.fixtures import FIXTURES

HERE = Path(__file__).resolve().parent


def section(name, script, *arguments):
    def call(checks, program, options):
        # Node looks for packages beside the script.
        here = program.work / "js"
        (here / "support").mkdir(parents=True)
        for file in (script, "support/checks.mjs"):
            shutil.copy(HERE / file, here / file)
        (here / "node_modules").symlink_to(options.modules.resolve())
        done = subprocess.run(
            [str(options.modules / ".bin" / "node"), script, program.endpoint, *arguments], cwd=here, env=program.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
        )
        print(done.stdout, done.stderr, sep="", end="")
        checks.equal(f"{name}: exit code", done.returncode, 0)

    return call


if __name__ == "__main__":
    run({
        "s3": section("s3", "js.mjs", str(FIXTURES), "s3"),
        "dynamodb": section("dynamodb", "js.mjs", str(FIXTURES), "dynamodb"),
        "transfer": section("transfer", "js_transfer.mjs"),
        "documents": section("documents", "js_documents.mjs"),
    }, __doc__,
        [(["--modules"], {"type": Path, "required": True, "help": "the node_modules with the SDK and node"})])
