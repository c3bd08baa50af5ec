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
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Groups:
    """Process groups and one temporary directory. Used with `with`: it ends them all and removes the directory.

    A keeper does the same where this process is killed before it can.
    """

    def __init__(self, prefix):
        self.root = Path(tempfile.mkdtemp(prefix=prefix))
        self.running = []
        self._keeper = subprocess.Popen([sys.executable, str(Path(__file__).with_name("keeper.py")), str(self.root)],
                                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)

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
        # The new process tells the keeper itself, before it becomes the command: there is no moment in which this one may
        # be killed and the other stays. A milder signal waits until the process is known here.
        with deferred():
            process = subprocess.Popen(command, start_new_session=True, preexec_fn=lambda: self._tell(os.getpid()), **options)
            self.running.append(process)
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
        os.write(self._keeper.stdin.fileno(), f"{line}\n".encode())


@contextlib.contextmanager
def deferred():
    """Holds a signal that would end this process back until the end."""
    came = []
    handlers = {number: signal.signal(number, lambda number, _: came.append(number)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])


def send(process, number):
    """Sends a signal to all of a process's group; a group that is gone already has ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
