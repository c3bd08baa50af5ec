"""`footbridge mcp --http` as a process: where it answers, and its token."""

import select
import subprocess
import time
from pathlib import Path

READY_SECONDS = 30


class Http:
    """A server over HTTP. Used with `with`: it ends it."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen([*program.command("mcp"), "--http", "0", *arguments], env=program.environment, cwd=program.work,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.url = self.token = None

    def __enter__(self):
        deadline = time.monotonic() + READY_SECONDS
        while not self.url:
            if not select.select([self.process.stderr], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError("footbridge mcp --http says no address")
            line = self.process.stderr.readline()
            if not line:
                raise RuntimeError(f"footbridge mcp --http ended with {self.process.wait()}")
            if line.startswith("footbridge answers"):
                said, place = line.rstrip().split("; the token is in ")
                self.url, self.token = said.split()[-1], Path(place).read_text().strip()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.process.stderr.close()
