"""The keys: the help page, and what the documentation says of them."""

import re
from pathlib import Path

from .person import dashboard, lines

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/dashboard.md"
# How wide the help page's first column is.
KEYS = 20


def documented(checks, program, _):
    """docs/dashboard.md has the help page, section by section and key by key."""
    with dashboard(checks, program, rows=240) as person:
        person.opens()
        person.press("?")
        screen = person.sees("the help page", lines("q Ctrl-C", "Quit"))
        wanted = list(shown(screen))
        person.press("Esc")
        person.leaves()
    checks.true("there are keys", len(wanted) > 80, str(len(wanted)))
    found = set(written(DOCUMENT.read_text()))
    checks.equal("the document lacks none", "\n".join(table(row for row in wanted if row not in found)), "")
    checks.equal("and has no others", sorted(found - set(wanted)), [])


def shown(screen):
    """The page's rows: heading, keys or term, and what is said of them."""
    heading = ""
    for line in screen.lines:
        text = line.strip("│").strip()
        if not line.startswith("│ ") or not text:
            continue
        keys, said = line[2 : 2 + KEYS].strip(), line[2 + KEYS :].strip("│ ").strip()
        if said and line[1 + KEYS : 3 + KEYS].startswith(" "):
            yield heading, " ".join(keys.split()), said
        else:
            heading = text.split(":")[0]


def written(document):
    """The document's rows, of the tables below headings of the third level."""
    heading = ""
    for line in document.splitlines():
        if line.startswith("#"):
            heading = line.removeprefix("### ") if line.startswith("### ") else ""
        elif heading and (row := re.fullmatch(r"\| (.+?) \| (.+) \|", line)) and not row.group(1).startswith("key"):
            yield heading, row.group(1).replace("`", "").replace("\\|", "|"), row.group(2).replace("`", "")


def table(rows):
    """What would stand in the document."""
    heading = None
    for section, keys, said in rows:
        if section != heading:
            heading = section
            yield f"\n### {section}\n\n| key | does |\n|---|---|"
        yield f"| {' '.join(f'`{key}`' for key in keys.split())} | {said} |"
