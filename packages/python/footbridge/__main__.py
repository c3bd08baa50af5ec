"""`python -m footbridge` is the program `footbridge`."""

import os
import subprocess
import sys

from . import BinaryNotFoundError, binary

if __name__ == "__main__":
    try:
        command = [str(binary()), *sys.argv[1:]]
    except BinaryNotFoundError as error:
        sys.exit(f"footbridge: {error}")
    if os.name == "nt":
        # Windows has no exec that keeps the process.
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)
