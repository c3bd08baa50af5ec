"""A client of examples/clients: run over stdio, with footbridge on its PATH, and over HTTP, with a token. Both have to end well, and
to have queried what they wrote.

    example_clients.py --program footbridge --client examples/clients/python COMMAND...
"""

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def run(command, work, environment):
    done = subprocess.run(command, cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    if done.returncode != 0 or '"total":99' not in done.stdout:
        raise SystemExit(f"{command}: exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--client", type=Path, required=True)
    parser.add_argument("--modules", type=Path)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        root = Path(root)
        work = root / "client"
        shutil.copytree(ROOT / options.client, work, ignore=shutil.ignore_patterns("target", "node_modules"))
        if options.modules:
            (work / "node_modules").symlink_to(options.modules)
        programs = root / "bin"
        programs.mkdir()
        (programs / "footbridge").symlink_to(Path(options.program).resolve())
        environment = {
            "HOME": str(root), "PATH": f"{programs}:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1", "NODE_NO_WARNINGS": "1",
        }
        run(options.command, work, environment)
        print("report: over stdio")


if __name__ == "__main__":
    main()
