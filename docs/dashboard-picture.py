#!/usr/bin/env python3
"""Draws the pictures of the dashboard: docs/dashboard.svg (Calls), docs/dashboard-s3.svg and docs/dashboard-dynamodb.svg.

    pip install pyte; python3 docs/dashboard-picture.py [PATH-OF-FOOTBRIDGE]        (default: target/release/footbridge)
    python3 docs/dashboard-picture.py --check [PATH-OF-FOOTBRIDGE]                  (whether they still look so)

The demo and the dashboard run for real, the latter in tmux, with their data in a temporary directory. A check holds against
the pictures what does not change from run to run: tabs, headings, names, the footer.
"""

import contextlib
import html
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests/scripts"))
sys.dont_write_bytecode = True

from picture import BACKGROUND, BLOCKS, LINES, PLAIN, drawn, ground, window, words  # noqa: E402
from support.tmux import Tmux  # noqa: E402
from wcwidth import wcwidth  # noqa: E402

MARKED = re.compile(r"48;5;238m")
DARK = ["#10141c", "#ff7b86", "#7fd88f", "#e8c46b", "#6c9cf6", "#d69cf0", "#6cc7f6", "#d5dbe6"]
BRIGHT = ["#76819a", "#ff9aa3", "#9ce8a9", "#f2d68c", "#8fb3ff", "#e3b8f7", "#93d9fb", "#ffffff"]
CUBE = [0, 95, 135, 175, 215, 255]
SEQUENCE = re.compile(r"\x1b\[([0-9;:]*)m|\x0e|\x0f")


class Look:
    """How a cell looks, as the sequences before it left it."""

    def __init__(self):
        self.front = self.back = None
        self.bold = self.dim = self.reverse = False

    def take(self, numbers):
        numbers = [int(number or 0) for number in re.split("[;:]", numbers)]
        while numbers:
            number = numbers.pop(0)
            if number == 0:
                self.__init__()
            elif number in (1, 2, 7):
                setattr(self, {1: "bold", 2: "dim", 7: "reverse"}[number], True)
            elif number == 22:
                self.bold = self.dim = False
            elif number == 27:
                self.reverse = False
            elif number in (38, 48):
                setattr(self, "front" if number == 38 else "back", extended(numbers))
            elif number % 10 == 9 and number in (39, 49):
                setattr(self, "front" if number == 39 else "back", None)
            elif number // 10 in (3, 4, 9, 10):
                bright = number >= 90
                setattr(self, "front" if number // 10 in (3, 9) else "back", (BRIGHT if bright else DARK)[number % 10])

    def shown(self):
        """Foreground, background (where it is not the screen's) and boldness."""
        front, back = self.front or PLAIN, self.back
        if self.reverse:
            front, back = back or BACKGROUND, front
        return (mixed(front, back or BACKGROUND) if self.dim else front), back, self.bold


def extended(numbers):
    """One of 256 colours, or any."""
    if numbers.pop(0) == 2:
        red, green, blue = numbers[:3]
        del numbers[:3]
        return f"#{red:02x}{green:02x}{blue:02x}"
    number = numbers.pop(0)
    if number < 16:
        return (DARK + BRIGHT)[number]
    if number >= 232:
        return "#" + f"{8 + 10 * (number - 232):02x}" * 3
    number -= 16
    return "#" + "".join(f"{CUBE[part]:02x}" for part in (number // 36, number // 6 % 6, number % 6))


def mixed(front, back):
    """Half as bright."""
    pair = zip(bytes.fromhex(front[1:]), bytes.fromhex(back[1:]))
    return "#" + "".join(f"{(3 * one + 2 * other) // 5:02x}" for one, other in pair)


def cells(line, look):
    """A row of the screen, as (text, look) for each column; the second column of a wide character is empty.

    `look` goes on from row to row.
    """
    out, at = [], 0
    for found in [*SEQUENCE.finditer(line), None]:
        for letter in line[at : found.start() if found else len(line)]:
            width = wcwidth(letter)
            if width == 0 and out:
                out[-1] = (out[-1][0] + letter, out[-1][1])
                continue
            out.append((letter, look.shown()))
            out += [("", look.shown())] * (width - 1)
        if found:
            if found.group(1) is not None:
                look.take(found.group(1))
            at = found.end()
    return out


def hide(row, text, other):
    """Puts `other` where `text` stands, and moves up what follows, as far as the next gap."""
    line = "".join(letter or "\0" for letter, _ in row)
    at = line.find(text)
    if at >= 0:
        gap = line.find("  ", at)
        end = len(line) if gap < 0 else gap
        rest = (other + line[at + len(text) : end]).ljust(end - at)
        for offset in range(end - at):
            row[at + offset] = (rest[offset].replace("\0", ""), row[at + offset][1])


@contextlib.contextmanager
def home():
    """A home whose path is as long as the one that stands in the picture for it."""
    there = Path("/tmp") / secrets.token_hex(2)
    there.mkdir()
    try:
        yield there
    finally:
        subprocess.run(["rm", "-rf", str(there)], check=True)


class Stage:
    """The program, its data, and a dashboard on the demo's store."""

    def __init__(self, program, home):
        self.program, self.home = program, home
        self.environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "USER": "ada"}

    def dashboard(self, columns, rows):
        return Tmux([self.program, "demo", "--tui", "--fast", "--listen", "0"], self.environment, self.home, columns, rows)

    def shoot(self, terminal):
        """The cells of the screen; the directory that was made for the picture would mean nothing to its reader."""
        look = Look()
        rows = [cells(line, look) for line in terminal.ask("capture-pane -p -e -N")]
        for row in rows:
            hide(row, str(self.home), "/home/ada")
            port = re.search(r"127\.0\.0\.1:[0-9]+", "".join(letter for letter, _ in row))
            if port:
                hide(row, port.group(), "127.0.0.1:4566")
        return rows


def played(terminal):
    """The demo is at its end."""
    terminal.until("confirm_required", seconds=60)


def select(terminal, words):
    """Goes down to the row that shows these words."""
    terminal.press("g")
    for _ in range(60):
        terminal.until(lambda _: True)
        if any(words in SEQUENCE.sub("", line) for line in terminal.styled if MARKED.search(line)):
            return
        terminal.press("j")
    raise SystemExit(f"no row shows {words}:\n{terminal.screen}")


def calls(stage, terminal):
    """What the demo asked, and how it went."""
    played(terminal)
    terminal.press("k", "k", "k")
    terminal.until("ConditionalCheckFailed")
    return stage.shoot(terminal)


def s3(stage, terminal):
    """One object of a bucket."""
    played(terminal)
    terminal.press("2")
    terminal.until("footbridge-shop-media")
    select(terminal, "footbridge-shop-media")
    terminal.press("Enter")
    for folder, shows in (("reports/", "2026/"), ("2026/", "09/"), ("09/", "orders.csv")):
        terminal.until(folder)
        select(terminal, folder)
        terminal.press("Enter")
        terminal.until(shows)
    select(terminal, "orders.csv")
    terminal.press("Enter")
    terminal.until(lambda screen: "fetching" not in screen and "tea-assam" in screen)
    return stage.shoot(terminal)


def dynamodb(stage, terminal):
    """A table's items, and one of them."""
    played(terminal)
    terminal.press("3")
    terminal.until("ProductCatalog")
    select(terminal, "ProductCatalog")
    terminal.press("Enter")
    terminal.until("Scan ProductCatalog")
    select(terminal, "205 ")
    terminal.until('"Hybrid"')
    return stage.shoot(terminal)


PICTURES = {
    "dashboard": (calls, (120, 36), "footbridge tui: the demo's calls on S3 and DynamoDB as they happen"),
    "dashboard-s3": (s3, (140, 30), "footbridge tui: the objects of a bucket, and one of them previewed as a table"),
    "dashboard-dynamodb": (dynamodb, (140, 30), "footbridge tui: a table's items, and one of them as JSON"),
}


def runs(row):
    """Neighbours that look the same, as (column, text, columns, look); a sign that is drawn with its like alone."""
    out, before = [], None
    for column, (letter, look) in enumerate(row):
        sign = letter if letter in LINES or letter in BLOCKS else ""
        # Vertical lines are drawn one by one.
        if out and (out[-1][3], before) == (look, sign) and sign in ("", "─", *"▁▂▃▄▅▆▇█"):
            start, text, width, _ = out[-1]
            out[-1] = (start, text + letter, width + 1, look)
        else:
            out.append((column, letter, 1, look))
        before = sign
    return out


def grounds(row):
    """Neighbours on the same ground, as (column, columns, colour)."""
    out = []
    for column, (_, (_, back, _)) in enumerate(row):
        if out and out[-1][2] == back:
            out[-1] = (out[-1][0], out[-1][1] + 1, back)
        else:
            out.append((column, 1, back))
    return out


def svg(rows, size, tells):
    shapes = []
    for number, row in enumerate(rows):
        shapes += [ground(column, number, columns, back) for column, columns, back in grounds(row) if back]
        for column, text, width, (front, _, bold) in runs(row):
            if text.strip():
                shapes.append(drawn(column, number, text[0], width, front) or words(column, number, text, front, bold))
    return window(*size, "footbridge tui", tells, shapes)


def lasting(picture):
    """The words of a picture that are the same from run to run: no figures, times, ids or bars."""
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    return {word for text in texts for word in re.findall(r"[A-Za-z_]{3,}", html.unescape(text))}


def main():
    arguments = sys.argv[1:]
    check = "--check" in arguments
    paths = [argument for argument in arguments if argument != "--check"]
    program = str(Path(paths[0] if paths else HERE.parent / "target/release/footbridge").resolve())
    stale = []
    for name, (scene, size, tells) in PICTURES.items():
        with home() as there:
            stage = Stage(program, there)
            with stage.dashboard(*size) as terminal:
                picture = svg(scene(stage, terminal), size, tells)
        file = HERE / f"{name}.svg"
        if not check:
            file.write_text(picture)
            continue
        had, has = lasting(file.read_text()), lasting(picture)
        if had != has:
            stale.append(f"{file.name}: gone {sorted(had - has)}, new {sorted(has - had)}")
    if stale:
        sys.exit("The pictures are stale; docs/dashboard-picture.py draws them.\n" + "\n".join(stale))


main()
