#!/usr/bin/env python3
"""Draws docs/dashboard.svg: what `footbridge tui` shows after `footbridge demo`.

    pip install pyte; python3 docs/dashboard-picture.py [PATH-OF-FOOTBRIDGE]        (default: target/release/footbridge)

Both run for real, the dashboard on a pseudo-terminal, with their data in a temporary directory.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests/scripts"))
sys.dont_write_bytecode = True

from picture import BACKGROUND, PLAIN, ground, window, words  # noqa: E402
from pyte.graphics import FG_BG_256  # noqa: E402
from support.terminal import Terminal  # noqa: E402

COLUMNS, ROWS = 120, 34
# The terminal's palette, of which pyte gives each colour in hexadecimal.
PALETTE = ["#10141c", "#ff7b86", "#7fd88f", "#e8c46b", "#6c9cf6", "#d69cf0", "#6cc7f6", "#d5dbe6", "#76819a"]
COLOURS = dict(zip(FG_BG_256, PALETTE))


def shoot(program):
    """The cells of the screen, row by row."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "PATH": "/usr/bin:/bin"}
        terminal = Terminal([program, "--listen", "0", "tui"], environment, home, COLUMNS, ROWS)
        try:
            if not terminal.wait("No calls yet"):
                sys.exit(f"the dashboard did not open:\n{terminal.text}")
            subprocess.run([program, "demo", "--listen", "0"], env=environment, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, check=True)
            if not terminal.wait("dynamodb_delete_table"):
                sys.exit(f"the demo's calls do not show:\n{terminal.text}")
            terminal.wait(lambda _: False, 1.0)
            # The directory that was made for the picture would mean nothing to its reader.
            shown = [[terminal.screen.buffer[y][x] for x in range(COLUMNS)] for y in range(ROWS)]
            hide(shown[0], home, "/home/ada")
            hide(shown[0], re.search(r"127\.0\.0\.1:[0-9]+", terminal.text).group(), "127.0.0.1:4566")
            return shown
        finally:
            terminal.close()


def hide(row, text, other):
    """Puts `other` where `text` begins, and moves up what follows, as far as the next gap."""
    line = "".join(cell.data for cell in row)
    at = line.find(text)
    if at < 0:
        return
    end = line.find("  ", at)
    rest = other + line[at + len(text) : end]
    for offset, letter in enumerate(rest.ljust(end - at)[: end - at]):
        row[at + offset] = row[at + offset]._replace(data=letter)


def colours(cell):
    """Foreground and background as the terminal draws them; no background where it is the screen's."""
    front, back = COLOURS.get(cell.fg, PLAIN), COLOURS.get(cell.bg)
    return (BACKGROUND if back is None else back, front) if cell.reverse else (front, back)


def runs(row):
    """Neighbours that look the same, as (column, text, foreground, background, bold)."""
    out = []
    for column, cell in enumerate(row):
        look = (*colours(cell), cell.bold)
        if out and out[-1][2:] == look:
            out[-1] = (out[-1][0], out[-1][1] + cell.data, *look)
        else:
            out.append((column, cell.data, *look))
    return out


def svg(rows):
    shapes = []
    for number, row in enumerate(rows):
        for column, text, front, back, bold in runs(row):
            if back:
                shapes.append(ground(column, number, text, back))
            if text.strip():
                shapes.append(words(column, number, text, front, bold))
    tells = "footbridge tui: the demo's calls on S3 and DynamoDB as they happen, with latencies and errors"
    return window(COLUMNS, ROWS, "footbridge tui", tells, shapes)


def main():
    program = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "target/release/footbridge"
    (HERE / "dashboard.svg").write_text(svg(shoot(str(program.resolve()))))


main()
