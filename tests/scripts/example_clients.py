"""A client of examples/clients: run over stdio, with footbridge on its PATH, and over HTTP, with a token. Both have to end well, and
to have queried what they wrote.

    example_clients.py --program footbridge --client examples/clients/python COMMAND...
"""

import argparse
import contextlib
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def run(command, work, environment):
    done = subprocess.run(command, cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    if done.returncode != 0 or '"total":99' not in done.stdout:
        raise SystemExit(f"{command}: exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


@contextlib.contextmanager
def served(environment, work):
    """A server over HTTP, at a port that the kernel gave; gives its URL."""
    command = ["footbridge", "mcp", "--http", "0", "--ephemeral", "--listen", "0"]
    with subprocess.Popen(
        command, cwd=work, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        executable=shutil.which("footbridge", path=environment["PATH"]),
    ) as server:
        try:
            line = server.stderr.readline()
            found = re.search(r"http://[^ ;]+", line)
            if not found:
                raise SystemExit(f"no address: {line}{server.stderr.read()}")
            yield found.group()
        finally:
            server.terminate()


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
        secret = secrets.token_urlsafe(32)
        with served(environment | {"FOOTBRIDGE_MCP_TOKEN": secret}, root) as url:
            run([*options.command, url], work, environment | {"FOOTBRIDGE_MCP_TOKEN": secret})
        print("report: over HTTP")


if __name__ == "__main__":
    main()
