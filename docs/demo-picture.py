#!/usr/bin/env python3
"""Draws docs/demo.svg from the real output of `footbridge demo`.

    python3 docs/demo-picture.py [PATH-OF-FOOTBRIDGE]        (default: target/release/footbridge)

The demo runs on a terminal of its own, with its data in a temporary directory. Shown are the calls that PICKS names;
every line is the demo's own, cut to the picture's width. Ends with an error where the demo failed or a call that is
to be shown is not there.
"""

import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
from picture import PLAIN, window, words  # noqa: E402

HERE = Path(__file__).resolve().parent
COLUMNS = 100

# Heading (how it begins) and the numbers of its calls that are shown.
PICKS = [
    ("footbridge ", [0]),
    ("Create tables", [8, 9]),
    ("Create buckets", [0, 2, 4]),
    ("Query and scan", [0, 1]),
    ("A long answer", [1]),
    ("Presigned URLs", [0, 1]),
    ("Errors are", [0, 1, 3]),
]

DIM = "#76819a"
COLOURS = {"0": PLAIN, "1": "#ffffff", "2": DIM, "31": "#ff7b86", "32": "#7fd88f", "36": "#6cc7f6"}

ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")


def run(program):
    """What the demo writes to a terminal."""
    with tempfile.TemporaryDirectory() as home:
        ours, theirs = pty.openpty()
        environment = {"HOME": home, "PATH": os.environ["PATH"], "TERM": "xterm-256color"}
        demo = subprocess.Popen(
            [program, "demo", "--listen", "0"], env=environment, cwd=home, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.DEVNULL
        )
        os.close(theirs)
        output = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux's way to say that the other end is closed.
                break
            if not piece:
                break
            output += piece
        if demo.wait() != 0:
            sys.exit(f"the demo ended with {demo.returncode}:\n{output.decode(errors='replace')}")
    return output.decode().replace("\r\n", "\n")


def spans(output):
    """The output's lines, each as (style, text) pieces, neighbours of one style joined. A style may span lines."""
    lines, style, at = [[]], "0", 0
    for found in [*ESCAPE.finditer(output), None]:
        for number, text in enumerate(output[at : found.start() if found else len(output)].split("\n")):
            if number:
                lines.append([])
            if text and lines[-1] and lines[-1][-1][0] == style:
                lines[-1][-1] = (style, lines[-1][-1][1] + text)
            elif text:
                lines[-1].append((style, text))
        if found:
            style, at = found.group(1) or "0", found.end()
    return lines


def fit(pieces, columns=COLUMNS):
    """The pieces cut to so many columns. An answer's time goes to the right edge."""
    took = None
    if pieces and re.fullmatch(r"\s+[0-9.]+ ms", pieces[-1][1]):
        took, pieces = pieces[-1][1].strip(), pieces[:-1]
        columns -= len(took) + 2
    out, left = [], columns
    for style, text in pieces:
        if len(text) > left:
            text = text[: left - 1].rstrip("…") + "…" if left > 0 else ""
        if text:
            out.append((style, text))
            left -= len(text)
    if took:
        out.append(("0", " " * (left + 2)))
        out.append(("2", took))
    return out


def picture(output):
    """The lines that PICKS names."""
    sections, current = [], None
    for line in spans(output):
        text = "".join(text for _, text in line).strip()
        if not text:
            continue
        if line[0][0] == "1":
            current = (text, [])
            sections.append(current)
        elif text.startswith("→") and current:
            current[1].append([line])
        elif text.startswith(("✓", "✗")) and current and current[1]:
            current[1][-1].append(line)
    shown = [[("32", "$ "), ("1", "footbridge demo")]]
    for start, numbers in PICKS:
        heading, calls = next(((h, c) for h, c in sections if h.startswith(start)), (None, []))
        if heading is None or len(calls) <= max(numbers):
            sys.exit(f"the demo shows no call {max(numbers)} under {start!r}")
        shown += [[], [("1", heading)]]
        for number in numbers:
            shown += [fit(line) for line in calls[number]]
    return shown


def svg(lines):
    shapes = []
    for row, pieces in enumerate(lines):
        column = 0
        for style, text in pieces:
            if text.strip():
                shapes.append(words(column, row, text, COLOURS.get(style, PLAIN), style == "1"))
            column += len(text)
    tells = "footbridge demo: an MCP client works on S3 and DynamoDB, offline"
    return window(COLUMNS, len(lines), "footbridge demo", tells, shapes)


def main():
    program = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "target/release/footbridge"
    (HERE / "demo.svg").write_text(svg(picture(run(str(program.resolve())))))


main()
