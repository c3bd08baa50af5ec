"""Somebody before the dashboard, and the clients that work beside it."""

import contextlib
import json
import re
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

from support.tmux import Tmux

# The tabs.
CALLS, S3, DYNAMODB, APPROVALS, SESSIONS = "12345"
# What stands where an answer has not come yet.
FETCHING = re.compile(r"\b(looking|fetching|loading)\b", re.IGNORECASE)

# What marks a row: turned round, or on the ground of marked ones; and the pointer in a text.
MARKED = re.compile(r"\x1b\[([0-9;]*;)?(7|48;5;238|48;5;253)m")
POINTER = re.compile("▌|│>")
PLAIN = re.compile(r"\x1b\[[0-9;]*m")


class Person(Tmux):
    """A dashboard, and what is held of what it shows."""

    def __init__(self, checks, program, *arguments, command=("tui",), listen=("--listen", "0"), environment=(), **options):
        directory = program.root / f"terminal-{len(list(program.root.glob('terminal-*')))}"
        directory.mkdir()
        # The terminal's own language is UTF-8, unless the trial is about that.
        environment = {"LANG": "C.UTF-8"} | program.environment | dict(environment)
        super().__init__(program.command(*listen, *command, *arguments), environment, directory, **options)
        self.checks = checks

    def sees(self, what, shows, **options):
        """It comes to be seen: one check. What does not ends the trial, since all that follows hangs on it."""
        screen = self.until(shows, what=what, **options)
        self.checks.held += 1
        return screen

    def marked(self):
        """What is marked as selected, row by row, as far as its pane goes; without tabs and keys."""
        found = ((MARKED.search(line), line) for line in self.styled[2:-1])
        return [PLAIN.sub("", line[mark.start() :]).split("│")[0] for mark, line in found if mark]

    def pointed(self):
        """Whether a text's pointer is in sight."""
        return any(POINTER.search(line) for line in self.screen.lines[2:-1])

    def moves(self, key):
        """Presses a key, and waits until another row is marked, or for a moment where none is."""
        before, deadline = self.marked(), time.monotonic() + 0.5
        self.press(key)
        while self.marked() == before and time.monotonic() < deadline:
            self.line(deadline)

    def clipboard(self):
        """What was copied last; empty where nothing was."""
        try:
            return self.copied()
        except RuntimeError:
            return ""

    def hold(self, key):
        """Holds a key down until the program has ended."""
        while self.pid is not None:
            self.press(key)
            self.line(time.monotonic() + 0.02)

    def opens(self):
        """The dashboard is there."""
        return self.sees("the dashboard opens", " LOCAL ")

    def settled(self, unlike=None):
        """The screen, once it is another than before and nothing on it is still being fetched."""
        return self.until(lambda screen: (unlike is None or screen.text != unlike.text) and not FETCHING.search(screen.text),
                          what="another screen, with nothing still to come")

    @property
    def endpoint(self):
        """Where SDKs go, as the top line says."""
        screen = self.until(lambda screen: re.search(r"127\.0\.0\.1:\d+", screen.text))
        return f"http://{re.search(r'127[.]0[.]0[.]1:[0-9]+', screen.text).group()}"

    def leaves(self):
        """`q` ends it, and the terminal is as before."""
        self.press("q")
        self.checks.equal("q ends it", self.end(), 0)
        self.checks.true("and the terminal is as before", self.is_as_before(), f"{self.modes()}, settings {self.settings() == self.before}")


@contextlib.contextmanager
def dashboard(checks, program, *arguments, **options):
    with Person(checks, program, *arguments, **options) as person:
        yield person


def lines(*words):
    """Holds where one row of the screen shows all these words."""
    return lambda screen: screen.row(*words) is not None


def leaves(person, place, shows):
    person.press("Esc")
    person.sees(f"Esc leaves {place}", shows)


def footbridge(program, *arguments, code=0, given=None):
    """A short command: what it prints."""
    done = subprocess.run(program.command(*arguments), env=program.environment, cwd=program.work, input=given,
                          stdin=subprocess.DEVNULL if given is None else None, capture_output=True, timeout=120, text=True)
    if code is not None and done.returncode != code:
        raise RuntimeError(f"{arguments}: exit code {done.returncode}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def call(program, tool, **arguments):
    """A tool's answer, by `footbridge call`."""
    code, out, error = program.call(tool, **arguments)
    if code != 0:
        raise RuntimeError(f"{tool}: exit code {code}: {error}")
    return json.loads(out)


def aws(program, *arguments):
    """The AWS CLI that stands beside this Python."""
    cli = Path(sys.executable).with_name("aws")
    done = subprocess.run([str(cli), "--endpoint-url", program.endpoint, *arguments], env=program.environment, cwd=program.work,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=True, text=True)
    return done.stdout


# A terminal obeys these, or draws other text because of them; none may come through from what is stored or sent.
FORBIDDEN = re.compile("[\u0080-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
# What the dashboard itself tells the terminal: cursor and colours, modes, the clipboard.
ITS_OWN = re.compile(rb"\x1b\[[0-9;?>]*[A-Za-z]|\x1b\]52;c;[A-Za-z0-9+/=]*(\x07|\x1b\\)|\x1b[=>78]|\x1b\([0B]")


def harmless(checks, what, person):
    """All that was written is text, and the sequences that a dashboard needs."""
    left = ITS_OWN.sub(b"", person.written)
    # What was read may end within a sequence.
    left = re.sub(rb"\x1b(\[[0-9;?>]*|\][0-9;c]*[A-Za-z0-9+/=]*|\()?$", b"", left)
    controls = sorted(set(re.findall(rb"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f]", left)))
    checks.equal(f"{what}: no control characters", controls, [])
    # A piece may end within a character; what is whole is looked at.
    text = left.decode(errors="ignore")
    checks.equal(f"{what}: nothing invisible", sorted({unicodedata.name(c, hex(ord(c))) for c in FORBIDDEN.findall(text)}), [])
    title = person.modes().split(" ", 4)[4]
    checks.true(f"{what}: the title is left alone", "pwned" not in title, title)
