"""However it ends, the terminal is as before."""

import os
import signal
import subprocess
import time
from pathlib import Path

from .person import CALLS, DYNAMODB, S3, SESSIONS, dashboard


def endings(checks, program, _):
    """`q`, Ctrl-C, a signal; in every view."""
    ends = [("q", CALLS, "q"), ("Ctrl-C", S3, "Ctrl-C"), ("SIGTERM", DYNAMODB, signal.SIGTERM), ("SIGHUP", SESSIONS, signal.SIGHUP),
            ("SIGINT", CALLS, signal.SIGINT)]
    for name, view, end in ends:
        with dashboard(checks, program) as person:
            person.opens()
            checks.true(f"{name}: the screen is taken", not person.is_as_before())
            person.press(view)
            person.press(end) if isinstance(end, str) else person.signal(end)
            checks.equal(f"{name}: exit code", person.end(), 0)
            checks.true(f"{name}: the terminal is as before", person.is_as_before(), person.modes())
            checks.true(f"{name}: nothing of it is left on the screen", "LOCAL" not in person.screen, person.screen.text)


def window(checks, program, _):
    """The window is closed, and the process does not stay."""
    with dashboard(checks, program) as person:
        person.opens()
    pid = person.gone
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        os.sched_yield()
    checks.true("the process has gone with its window", not Path(f"/proc/{pid}").exists())


def pipe(checks, program, _):
    """Without a terminal there is nothing to draw on."""
    done = subprocess.run(program.command("tui"), env=program.environment, cwd=program.work, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60, text=True)
    checks.equal("without a terminal: exit code", done.returncode, 2)
    checks.contains("and it says so", done.stderr, "needs a terminal")
    checks.equal("and draws nothing", done.stdout, "")
