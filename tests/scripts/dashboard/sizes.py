"""Any size, while it runs, and any terminal."""

import re

from .data import media, orders
from .person import CALLS, DYNAMODB, S3, SESSIONS, dashboard, footbridge, lines

# Small, wide, tall, no room at all, and the usual ones.
SIZES = [(40, 10), (200, 60), (20, 10), (1, 1), (300, 100), (2, 40), (80, 24)]


def sizes(checks, program, _):
    """Pulled at in every view, it goes on, and what is selected stays in sight."""
    with dashboard(checks, program, columns=140) as person:
        person.opens()
        program._endpoint = person.endpoint
        media(program.boto3("s3"))
        orders(program.boto3("dynamodb"), 60)
        opens = {
            "calls": (CALLS, lines("PutItem", "orders"), []),
            "a call": (CALLS, lines("PutItem", "orders"), ["Enter"]),
            "buckets": (S3, lines("media"), []),
            "objects": (S3, lines("media"), ["Enter"]),
            "tables": (DYNAMODB, lines("orders"), []),
            "items": (DYNAMODB, lines("orders"), ["Enter"]),
            "sessions": (SESSIONS, lines("tui"), []),
        }
        for name, (tab, shows, keys) in opens.items():
            person.press(tab)
            person.sees(f"{name}: shown", shows)
            for key in keys:
                listed = person.screen
                person.press(key)
                person.until(lambda screen, before=listed.text: screen.text != before)
            for columns, rows in SIZES:
                person.resize(columns, rows)
                person.press("G", "k", "?", "?", "Ctrl-L")
                checks.true(f"{name} at {columns}x{rows}: it runs", person.pid is not None, person.screen.text)
                if columns >= 40 and rows >= 10:
                    person.sees(f"{name} at {columns}x{rows}: the selection is in sight", lambda _: person.marked() or person.pointed())
            person.resize(140, 36)
            person.press(*["Esc" for _ in keys])
        person.press(CALLS, "G")
        person.sees("and all is drawn again", lambda screen: " LOCAL " in screen and "quit" in screen and len(screen.lines) == 36)
        person.leaves()


def terminals(checks, program, _):
    """ASCII alone, no colours, sixteen of them, 256 of them."""
    footbridge(program, "demo", "--fast")
    program.environment.pop("NO_COLOR")
    colours = re.compile(rb"\x1b\[[0-9;]*(3[0-7]|4[0-7]|9[0-7]|38;|48;)[0-9;]*m")
    many = re.compile(rb"[34]8;(2;|5;(1[6-9]|[2-9][0-9]|[12][0-9][0-9]))")
    for name, options in {
        "--ascii": {"command": ("tui", "--ascii")},
        "a locale without UTF-8": {"environment": {"LC_ALL": "C"}},
        "NO_COLOR": {"environment": {"NO_COLOR": "1"}},
        "TERM=linux": {"term": "linux"},
        "TERM=dumb": {"term": "dumb"},
        "TERM=tmux-256color": {},
    }.items():
        with dashboard(checks, program, **options) as person:
            person.sees(f"{name}: the calls", "DeleteTable")
            for view in (S3, DYNAMODB, SESSIONS, CALLS):
                person.press(view)
            person.press("G", "Enter")
            person.sees(f"{name}: a call opens", lines("Request"))
            person.press("Esc", "?")
            person.sees(f"{name}: help", "Keys")
            person.press("Esc")
            written = person.written
            if name in ("--ascii", "a locale without UTF-8"):
                checks.true(f"{name}: all is ASCII", written.isascii(), "" if written.isascii() else re.findall(rb"[^\x00-\x7f]+", written)[:5])
            checks.equal(f"{name}: colours", bool(colours.search(written)), name not in ("NO_COLOR", "TERM=dumb"))
            checks.equal(f"{name}: more than sixteen of them", bool(many.search(written)), name not in ("NO_COLOR", "TERM=dumb", "TERM=linux"))
            person.leaves()
