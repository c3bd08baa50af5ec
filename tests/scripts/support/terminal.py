"""A program on a terminal of its own, and what the terminal shows."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

import pyte

SECONDS = 20


class Terminal:
    """A command on a pseudo-terminal of `columns` and `rows`."""

    def __init__(self, command, environment, directory, columns=100, rows=32):
        self.ours, theirs = pty.openpty()
        self.before = termios.tcgetattr(theirs)
        self.theirs = theirs
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.written = b""
        self._size(columns, rows)
        self.process = subprocess.Popen(command, env={**environment, "TERM": "xterm-256color", "LANG": "C.UTF-8"}, cwd=directory,
                                        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)

    def _size(self, columns, rows):
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns, rows):
        """As if a person pulled at the window's edge."""
        self.screen.resize(rows, columns)
        self._size(columns, rows)
        self.process.send_signal(subprocess.signal.SIGWINCH)

    def press(self, keys):
        os.write(self.ours, keys.encode())

    def read(self, seconds):
        """Takes what the program wrote within so many seconds; whether it wrote anything."""
        if not select.select([self.ours], [], [], seconds)[0]:
            return False
        try:
            part = os.read(self.ours, 65536)
        except OSError:  # Linux's way to say that the other end is closed.
            return False
        self.written += part
        self.stream.feed(part)
        return bool(part)

    @property
    def text(self):
        # Not `display`, which stumbles over half of a wide character.
        rows = ("".join(self.screen.buffer[y][x].data for x in range(self.screen.columns)) for y in range(self.screen.lines))
        return "\n".join(row.rstrip() for row in rows)

    def wait(self, shows, seconds=SECONDS):
        """Waits until the screen shows a text, or something holds of it; whether it came to that."""
        holds = shows if callable(shows) else lambda text: shows in text
        deadline = time.monotonic() + seconds
        while not holds(self.text):
            left = deadline - time.monotonic()
            if left <= 0 or (not self.read(min(left, 0.2)) and self.process.poll() is not None):
                return holds(self.text)
        return True

    def end(self, seconds=SECONDS):
        """Waits for the program's end; gives its exit code."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read(0.1)
        while self.read(0.1):
            pass
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
            return None
        return self.process.returncode

    def is_as_before(self):
        """Whether the terminal is as it was: its settings, the main screen, the cursor, no bracketed paste."""
        now = termios.tcgetattr(self.theirs)
        ended = [b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l"]
        begun = [b"\x1b[?1049h", b"\x1b[?25l", b"\x1b[?2004h"]
        given_back = all(self.written.rfind(off) > self.written.rfind(on) for on, off in zip(begun, ended))
        return now == self.before and given_back

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for end in (self.ours, self.theirs):
            try:
                os.close(end)
            except OSError:
                pass
