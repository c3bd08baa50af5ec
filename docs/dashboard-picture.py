#!/usr/bin/env python3
"""Draws docs/dashboard.svg: what `footbridge tui` shows after `footbridge demo`.

    pip install pyte; python3 docs/dashboard-picture.py [PATH-OF-FOOTBRIDGE]        (default: target/release/footbridge)

Both run for real, the dashboard on a pseudo-terminal, with their data in a temporary directory.
"""

import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests/scripts"))
sys.dont_write_bytecode = True

from pyte.graphics import FG_BG_256  # noqa: E402
from support.terminal import Terminal  # noqa: E402

COLUMNS, ROWS = 120, 34
# Size of a character cell and of the frame, in SVG user units.
CELL, LINE, MARGIN, BAR = 8.4, 19, 22, 36
BACKGROUND, FRAME, TITLE, PLAIN = "#10141c", "#1b2130", "#7d8799", "#d5dbe6"
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
    width = round(COLUMNS * CELL + 2 * MARGIN)
    height = BAR + MARGIN + ROWS * LINE + MARGIN // 2
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">',
        "<title>footbridge tui: the demo's calls on S3 and DynamoDB as they happen, with latencies and errors</title>",
        "<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}"
        ".b{font-weight:700}</style>",
        f'<rect width="{width}" height="{height}" rx="10" fill="{BACKGROUND}"/>',
        f'<path d="M0 {BAR}V10A10 10 0 0 1 10 0H{width - 10}A10 10 0 0 1 {width} 10V{BAR}Z" fill="{FRAME}"/>',
    ]
    for number, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        out.append(f'<circle cx="{20 + number * 20}" cy="{BAR // 2}" r="6" fill="{colour}"/>')
    out.append(f'<text x="{width / 2}" y="{BAR / 2 + 5}" fill="{TITLE}" text-anchor="middle">footbridge tui</text>')
    for number, row in enumerate(rows):
        top = BAR + MARGIN / 2 + number * LINE
        for column, text, front, back, bold in runs(row):
            x, length = MARGIN + column * CELL, len(text) * CELL
            if back:
                out.append(f'<rect x="{x:.1f}" y="{top:.1f}" width="{length:.1f}" height="{LINE}" fill="{back}"/>')
            if text.strip():
                lead = len(text) - len(text.lstrip())
                text = text.strip()
                strong = ' class="b"' if bold else ""
                # The length is given, so that every font keeps the columns.
                out.append(
                    f'<text x="{x + lead * CELL:.1f}" y="{top + 14:.1f}" fill="{front}"{strong} textLength="{len(text) * CELL:.1f}" '
                    f'lengthAdjust="spacingAndGlyphs" xml:space="preserve">{escape(text)}</text>'
                )
    return "\n".join([*out, "</svg>", ""])


def main():
    program = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "target/release/footbridge"
    (HERE / "dashboard.svg").write_text(svg(shoot(str(program.resolve()))))


main()
