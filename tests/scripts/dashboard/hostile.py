"""Names, values and bodies that mean harm draw as text, in every view."""

import contextlib
import json

from support.mcp import Client

from .calls import counted
from .data import ATTACKS, hostile
from .person import CALLS, DYNAMODB, S3, dashboard, harmless, lines
from .walks import walk


def stored(checks, program, _):
    """Keys, objects and items: listed, previewed, opened as they are and by their stream."""
    with dashboard(checks, program, columns=140) as person:
        person.opens()
        program._endpoint = person.endpoint
        hostile(program)
        person.press(S3)
        person.press("r")
        person.sees("the bucket shows", "hostile")
        person.press("Enter")
        person.sees("its folders show", "folder 00")
        walk(person, len(ATTACKS) + len(ATTACKS) // 4 + 7)
        harmless(checks, "objects", person)
        person.press(DYNAMODB)
        person.sees("the table shows", "hostile")
        person.press("Enter")
        person.sees("its items show", "90 large")
        walk(person, len(ATTACKS) + 1)
        harmless(checks, "items", person)
        person.leaves()


def asked(checks, program, _):
    """Calls that name them: in the list, opened, filtered by, and copied."""
    with dashboard(checks, program) as person:
        person.opens()
        program._endpoint = person.endpoint
        hostile(program)
        mcp = Client(program)
        for attack in ATTACKS:
            with contextlib.suppress(RuntimeError):
                mcp.call("s3_put_object", bucket="hostile", key=attack, text=attack)
            with contextlib.suppress(RuntimeError):
                mcp.call("dynamodb_query", table="hostile", key={"pk": attack})
        mcp.close()
        person.press(CALLS)
        person.sees("the calls show", lines("hostile"))
        person.press("G")
        walk(person, 2 * len(ATTACKS), key="k")
        harmless(checks, "calls", person)
        person.leaves()


def journal(checks, program, _):
    """A journal that somebody else wrote."""
    where = program.data / "journal"
    where.mkdir(parents=True)
    with open(where / "1795000000000-4242-0.ndjson", "w") as file:
        for number, attack in enumerate(ATTACKS):
            begun = {"v": 1, "id": f"01a20000-0000-7000-8000-{number:012}", "at": 1795000000000 + number, "event": "started", "pid": 4242,
                     "who": {"kind": "mcp", "client": attack}, "target": {"kind": "custom", "url": attack, "region": attack}, "tool": attack,
                     "resources": [attack], "parameters": {attack: [attack, {"deep": attack}]}}
            ended = {"v": 1, "id": begun["id"], "at": 1795000000000 + number, "event": "finished", "ms": 1.0,
                     "outcome": {"status": "error", "code": attack, "message": attack}, "response": {attack: attack},
                     "aws_calls": [{"service": attack, "operation": attack, "status": 200, "ms": 1.0, "request_id": attack, "attempts": 1}]}
            file.write(json.dumps(begun) + "\n" + json.dumps(ended) + "\n")
        file.write("no JSON at all \x1b[2J\n")
        file.write('{"v": 1, "id": "half')
    with dashboard(checks, program, columns=140) as person:
        person.sees("they show", counted(len(ATTACKS)))
        walk(person, len(ATTACKS), key="k")
        harmless(checks, "a foreign journal", person)
        person.leaves()
