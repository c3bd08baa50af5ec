"""A program in tmux, driven as a person does: keys go in, and what the screen then shows comes out.

One client in tmux's control mode hears of every output as it comes, so that nothing here waits for the clock alone: what is
to be seen is waited for until a deadline.
"""

import array
import fcntl
import os
import re
import select
import subprocess
import termios
import time
from pathlib import Path

from wcwidth import wcswidth

SECONDS = 20
# A program that has written nothing so long after a key does not answer it.
TAKEN = 0.5
# A frame whose next piece takes longer than this was drawn.
WHOLE = 0.01

# No wait after an escape, no line of tmux's own, and what a program copies is kept.
SETTINGS = """\
set -g default-terminal tmux-256color
set -s escape-time 0
set -g status off
set -s set-clipboard on
set -g remain-on-exit on
set -g destroy-unattached on
"""

# The program begins once a line was typed, so that the terminal can be looked at before it. Ctrl-C is the program's, not the
# shell's.
SHELL = 'trap : INT; echo $; read -r _; "$@"; printf "\\n%s with %s\\n" ended "$?"; read -r _'
ENDED = re.compile(r"^ended with (\d+)$", re.MULTILINE)

KEYS = {
    "Enter": "\r", "Esc": "\x1b", "Tab": "\t", "Space": " ", "Backspace": "\x7f", "Shift-Tab": "\x1b[Z",
    "Up": "\x1b[A", "Down": "\x1b[B", "Right": "\x1b[C", "Left": "\x1b[D", "Home": "\x1b[H", "End": "\x1b[F",
    "PgUp": "\x1b[5~", "PgDn": "\x1b[6~", "Delete": "\x1b[3~",
} | {f"Ctrl-{letter}": chr(ord(letter) - 64) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}

MODES = "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag} #{pane_title}"


class NotShown(AssertionError):
    """The screen did not come to show what was waited for."""


class Screen:
    """What is to be seen at one moment."""

    def __init__(self, lines):
        self.lines = lines
        self.text = "\n".join(lines)

    def __contains__(self, words):
        return words in self.text

    def __str__(self):
        return self.text

    def row(self, *words):
        """The number of the first row that shows all these, counted from 0."""
        return next((number for number, line in enumerate(self.lines) if all(word in line for word in words)), None)

    def line(self, *words):
        """That row itself, or an empty one."""
        number = self.row(*words)
        return "" if number is None else self.lines[number]

    def at(self, words):
        """Where these stand, as (column, row) counted from 0."""
        row = self.row(words)
        if row is None:
            raise NotShown(f"{words!r} is not on the screen:\n{self}")
        return wcswidth(self.lines[row][: self.lines[row].index(words)]), row


class Tmux:
    """A command in a tmux of its own, which ends with this process whatever becomes of it."""

    def __init__(self, command, environment, directory, columns=120, rows=36, term="tmux-256color"):
        self.directory = Path(directory)
        settings, socket = self.directory / "tmux.conf", self.directory / "tmux.socket"
        settings.write_text(SETTINGS)
        self.written = b""
        self.rest = b""
        self.size = columns, rows
        self.control = subprocess.Popen(
            ["tmux", "-S", str(socket), "-f", str(settings), "-C", "new-session", "-x", str(columns), "-y", str(rows),
             "env", "-u", "COLORTERM", f"TERM={term}", "sh", "-c", SHELL, "sh", *map(str, command)],
            env={"LANG": "C.UTF-8"} | environment, cwd=directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        self.answer(time.monotonic() + SECONDS)
        tty, self.shell = self.ask("display-message -p '#{pane_tty} #{pane_pid}'")[0].split()
        self.tty = os.open(tty, os.O_RDONLY | os.O_NOCTTY)
        # tmux sets the terminal up until the shell runs.
        self.until("$")
        self.before = self.settings()
        self.begin = time.monotonic()
        self.type("\r")

    # What tmux says.

    def line(self, deadline):
        """The next line of tmux's, without its end; `None` where none came in time."""
        while b"\n" not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.control.stdout], [], [], left)[0]:
                return None
            part = os.read(self.control.stdout.fileno(), 65536)
            if not part:
                raise NotShown(f"tmux ended: {self.rest!r}")
            self.rest += part
        line, _, self.rest = self.rest.partition(b"\n")
        if line.startswith(b"%output "):
            text = line.split(b" ", 2)[2]
            self.written += re.sub(rb"\\(\d{3})", lambda octal: bytes([int(octal.group(1), 8)]), text)
        return line

    def answer(self, deadline):
        """What tmux answers to one command."""
        lines = None
        while (line := self.line(deadline)) is not None:
            if line.startswith(b"%begin "):
                lines = []
            elif line.startswith((b"%end ", b"%error ")) and lines is not None:
                if line.startswith(b"%error "):
                    raise RuntimeError(f"tmux: {lines}")
                return lines
            elif lines is not None:
                lines.append(line.decode())
        raise NotShown("tmux did not answer")

    def ask(self, command):
        self.control.stdin.write(command.encode() + b"\n")
        self.control.stdin.flush()
        return self.answer(time.monotonic() + SECONDS)

    # What a person does.

    def press(self, *keys):
        """Presses keys one after the other, each once the program has taken the one before: `Enter`, `Ctrl-C`, `G`."""
        for key in keys:
            self.type(KEYS.get(key, key))

    def type(self, text):
        """Types a text in one go, and waits until the program has taken it, so that two keys are never read as a third.

        What was sent may be on its way to the program still: that it writes something after it is the better sign.
        """
        began = len(self.written)
        self.ask("send-keys -H " + " ".join(f"{byte:02x}" for byte in text.encode()))
        deadline = time.monotonic() + TAKEN
        while (self.unread() or len(self.written) == began) and time.monotonic() < deadline:
            self.line(time.monotonic() + 0.002)

    def unread(self):
        """How many bytes wait for the program."""
        count = array.array("i", [0])
        fcntl.ioctl(self.tty, termios.FIONREAD, count)
        return count[0]

    def click(self, words):
        """A click of the left button on these words."""
        column, row = self.screen.at(words)
        self.mouse(0, column, row)

    def mouse(self, button, column, row):
        """A button pressed and let go there; 64 and 65 are the wheel, up and down."""
        place = f"{column + 1};{row + 1}"
        self.type(f"\x1b[<{button};{place}M" + ("" if button >= 64 else f"\x1b[<{button};{place}m"))

    def resize(self, columns, rows):
        """As if a person pulled at the window's edge."""
        self.size = columns, rows
        self.ask(f"resize-window -x {columns} -y {rows}")

    # What a person sees.

    @property
    def screen(self):
        return Screen(self.ask("capture-pane -p"))

    @property
    def styled(self):
        """The rows with the sequences that give them their looks."""
        return self.ask("capture-pane -p -e")

    def until(self, shows, seconds=SECONDS, what=None):
        """Waits until the screen shows these words, or something holds of it; that screen."""
        holds = shows if callable(shows) else lambda screen: shows in screen
        deadline = time.monotonic() + seconds
        while True:
            held = holds(screen := self.screen)
            # A frame may come in pieces: it is whole where no more of it comes.
            if held and self.line(time.monotonic() + WHOLE) is None:
                return screen
            if not held and time.monotonic() >= deadline:
                raise NotShown(f"{what or shows}: not shown within {seconds} s. The screen:\n{screen}")
            if not held:
                # Something may hold of time or of a file, too: look again now and then.
                self.line(min(deadline, time.monotonic() + 0.1))

    def quiet(self, seconds):
        """How many bytes the program writes in so many seconds."""
        began, deadline = len(self.written), time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.line(deadline)
        return len(self.written) - began

    def copied(self):
        """What the program put on the clipboard last."""
        return "\n".join(self.ask("show-buffer"))

    # How it ends.

    @property
    def pid(self):
        """The program's own process; `None` where it has ended."""
        try:
            children = Path(f"/proc/{self.shell}/task/{self.shell}/children").read_text().split()
        except FileNotFoundError:
            return None
        return int(children[0]) if children else None

    def signal(self, number):
        os.kill(self.pid, number)

    def end(self, seconds=SECONDS):
        """Waits for the program's end; its exit code."""
        return int(ENDED.search(self.until(lambda screen: ENDED.search(screen.text), seconds, "the program's end").text).group(1))

    def settings(self):
        return termios.tcgetattr(self.tty)

    def modes(self):
        """The terminal's modes, as tmux has them."""
        return self.ask(f"display-message -p '{MODES}'")[0]

    def is_as_before(self):
        """Whether the terminal is as it was: its settings, the main screen, the cursor, no mouse, no bracketed paste."""
        paste_off = self.written.rfind(b"\x1b[?2004l") >= self.written.rfind(b"\x1b[?2004h")
        return self.settings() == self.before and self.modes().startswith("0 1 0 0") and paste_off

    def close(self):
        """Closes the window, as far as the program sees."""
        self.gone = self.pid
        os.close(self.tty)
        # The session goes with its only client, and the server with its only session.
        self.control.stdin.close()
        try:
            self.control.wait(10)
        except subprocess.TimeoutExpired:
            self.control.kill()
            self.control.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
