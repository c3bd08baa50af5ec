"""Ends process groups when the process that started them is gone, however it ended: also by SIGKILL.

A line on the standard input names a group. At the end of the input every named group is killed and the directory of the
first argument is removed; a last line `done` says that there is nothing left to do.
"""

import contextlib
import os
import shutil
import signal
import sys


def main(directory):
    groups = []
    for line in sys.stdin:
        if line == "done\n":
            return
        groups.append(int(line))
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
