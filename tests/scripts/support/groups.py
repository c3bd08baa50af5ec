"""Processes that end together with the one that started them, with all that they started themselves."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STOP_SECONDS = 10


class Groups:
    """Process groups and one temporary directory. Used with `with`: it ends them all and removes the directory.

    A keeper does the same where this process is killed before it can.
    """

    def __init__(self, prefix):
        self.root = Path(tempfile.mkdtemp(prefix=prefix))
        self.running = []
        self._keeper = subprocess.Popen([sys.executable, str(Path(__file__).with_name("keeper.py")), str(self.root)],
                                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop(self.running)
        shutil.rmtree(self.root, ignore_errors=True)
        self._tell("done")
        self._keeper.stdin.close()
        self._keeper.wait()

    def start(self, command, **options):
        """Starts a command as the leader of a process group of its own."""
        process = subprocess.Popen(command, start_new_session=True, **options)
        self.running.append(process)
        self._tell(process.pid)
        return process

    def stop(self, processes):
        """Asks the groups to end, the newest first, and kills what is left of them after a while."""
        deadline = time.monotonic() + STOP_SECONDS
        for process in reversed(processes):
            send(process, signal.SIGTERM)
        for process in reversed(processes):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0, deadline - time.monotonic()))
            send(process, signal.SIGKILL)
            process.wait()

    def _tell(self, line):
        print(line, file=self._keeper.stdin, flush=True)


def send(process, number):
    """Sends a signal to all of a process's group; a group that is gone already has ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
