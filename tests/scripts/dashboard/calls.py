"""The calls of others, as they happen."""

import contextlib
import fcntl
import json
import re
import subprocess
import time

from support.mcp import Client

from .person import aws, call, dashboard, footbridge, lines


def calls(checks, program, _):
    """The calls of an MCP client and of an SDK appear, with what went wrong."""
    with dashboard(checks, program, columns=140, rows=40) as person:
        person.sees("it says how to begin", "No calls yet")
        checks.contains("and where one is", person.screen.text, " LOCAL ")
        program._endpoint = person.endpoint
        mcp = Client(program)
        mcp.call("dynamodb_create_table", table="Orders", keys={"pk": "S"})
        began = time.monotonic()
        mcp.call("dynamodb_put_items", table="Orders", items=[{"pk": "one"}])
        person.sees("a tool's call shows, with its table and its key", lines("PutItem", "Orders", "pk=one"))
        checks.true("within a second", time.monotonic() - began < 1.0, str(time.monotonic() - began))
        with contextlib.suppress(Exception):
            mcp.call("dynamodb_get_items", table="Nowhere", keys=[{"pk": "one"}])
        person.sees("an error shows its code", "ResourceNotFoundException")
        program.boto3("s3").create_bucket(Bucket="from-boto3")
        person.sees("a call at the endpoint shows", lines("CreateBucket", "from-boto3"))
        person.press("/")
        person.type("service:dynamodb status:err")
        person.press("Enter")
        person.sees("a filter chooses", lambda screen: "CreateBucket" not in screen and "GetItem" in screen)
        person.press("Enter")
        person.sees("a call opens", "Requested resource not found")
        person.press("y")
        person.sees("it asks as what to copy", lines("JSON"))
        person.press("Enter")
        person.sees("it copies", "clipboard")
        person.until(lambda _: person.clipboard())
        checks.contains("the call as JSON", json.dumps(json.loads(person.clipboard())), "ResourceNotFoundException")
        person.press("Esc")
        person.sees("back in the list", lines("/", "status:err"))
        mcp.close()
        person.leaves()


def counted(number):
    """The heading of the list says so many calls."""
    return lambda screen: re.search(rf"Calls ─.*\b{number:,}\b", screen.text)


def both(checks, program, _):
    """What an SDK put and what an agent put are equally readable: on the screen, in `journal tail` and in a replay."""
    keys = {"boto3": "a1", "call": "a2"}
    with dashboard(checks, program, columns=120) as person:
        person.sees("it opens", "No calls yet")
        program._endpoint = person.endpoint
        call(program, "dynamodb_create_table", table="orders", keys={"pk": "S", "sk": "N"})
        program.boto3("dynamodb").put_item(TableName="orders", Item={"pk": {"S": "a1"}, "sk": {"N": "7"}, "total": {"S": "12.50"}})
        call(program, "dynamodb_put_items", table="orders", items=[{"pk": "a2", "sk": 7, "total": "12.50"}])
        rows = {}
        for who, key in keys.items():
            rows[who] = person.sees(f"{who}: the row has its table and keys", lines("PutItem", "orders", f"pk={key}", "sk=7")).line(f"pk={key}")
            checks.true(f"{who}: it went well", "✓" in rows[who], rows[who])
            checks.true(f"{who}: and says who", who in rows[who], rows[who])
        checks.equal("the rows read alike", asked(rows["boto3"], "a1"), asked(rows["call"], "a2"))
        for who, key in keys.items():
            opened = opens(person, f"pk={key}")
            checks.true(f"{who}: the item is in the call", "total" in opened and "12.50" in opened, opened.text)
            person.press("Esc", "Esc")
            person.sees("back in the list", lambda screen: screen.row("pk=a1") and screen.row("pk=a2"))
        person.leaves()
    tail = footbridge(program, "journal", "tail").splitlines()
    told = {who: [line for line in tail if all(word in line for word in ("PutItem", "orders", f"pk={key}", "sk=7"))] for who, key in keys.items()}
    for who, found in told.items():
        checks.equal(f"{who}: journal tail tells its table and keys, once", len(found), 1)
    checks.equal("the lines read alike", *(asked(told[who][0], key) for who, key in keys.items()))
    (program.work / "session.ndjson").write_text(footbridge(program, "journal", "tail", "--json"))
    for where, arguments in {"the journal": ["--data-dir", str(program.data)], "what tail --json wrote": ["session.ndjson"]}.items():
        done = subprocess.run([str(program.binary), "replay", *arguments, "--json"], env=program.environment, cwd=program.work,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120, text=True)
        steps = [json.loads(line) for line in done.stdout.splitlines()]
        again = [step for step in steps if step.get("name") in ("PutItem", "dynamodb_put_items")]
        checks.equal(f"{where}: both are made again", sorted(step["name"] for step in again), ["PutItem", "dynamodb_put_items"])
        checks.equal(f"{where}: with the same answers", [step["verdict"] for step in again], ["same", "same"])
        checks.equal(f"{where}: on the same table", [step["resources"] for step in again], [["dynamodb://orders"]] * 2)
        checks.equal(f"{where}: all of it is the same", done.returncode, 0)


def asked(line, key):
    """What a row says was asked, with another key."""
    return line[line.index("orders") :].replace(f"pk={key}", "pk=…").strip()


def opens(person, name):
    """Filters to the call of that name and opens it."""
    person.press("/")
    person.type(name)
    person.press("Enter")
    person.until(lines("/", name))
    person.press("G", "Enter")
    return person.sees(f"{name} opens", lambda screen: "Request" in screen and "Response" in screen)


def demo(checks, program, _):
    """`footbridge demo` on the same data directory, though in a store of its own."""
    with dashboard(checks, program, columns=140) as person:
        person.sees("it opens", "No calls yet")
        for round, count in (("first", 90), ("second", 180)):
            footbridge(program, "demo", "--fast")
            person.sees(f"the {round} demo passes beside it, and its last call shows", "DeleteTable")
            person.sees("in its store", "footbridge-demo")
            person.sees("all of them count", counted(count))
        person.leaves()


def processes(checks, program, _):
    """A call in flight shows, and is lost with its process; a quiet screen is left alone."""
    with dashboard(checks, program) as person:
        person.sees("it opens", "No calls yet")
        mcp = Client(program)
        mcp.call("bridge_status")
        person.sees("a call shows", "BridgeStatus")
        # What a process that is in the middle of a call has written: its file, which it holds.
        now = int(time.time() * 1000)
        with open(program.data / "journal" / f"{now}-99999999-0.ndjson", "w") as journal:
            fcntl.flock(journal, fcntl.LOCK_EX)
            record = {"v": 1, "id": "01a20000-0000-7000-8000-000000000001", "at": now, "event": "started", "pid": 99999999,
                      "who": {"kind": "mcp"}, "target": {"kind": "local"}, "tool": "s3_put_object", "resources": ["s3://slow/upload"]}
            journal.write(json.dumps(record) + "\n")
            journal.flush()
            person.sees("a call in flight shows", lambda screen: re.search("◌.*PutObject .*slow/upload", screen.text))
            person.sees("and its time goes by", lambda screen: re.search(r"◌.*PutObject .*\b1\.[0-9]+ ?s", screen.text))
        person.sees("its process ends, and it is lost", lambda screen: re.search(r"\?.*PutObject", screen.text))
        # The rate of calls goes down to none before.
        checks.true("nothing is drawn while nothing happens", any(person.quiet(1.5) == 0 for _ in range(12)))
        mcp.close()
        person.leaves()


def history(checks, program, _):
    """What happened before the dashboard began is there, the first call, too."""
    _, program._endpoint = program.serve()
    aws(program, "s3", "mb", "s3://before")
    dynamodb = program.boto3("dynamodb")
    for number in range(300):
        with contextlib.suppress(Exception):
            dynamodb.get_item(TableName="nowhere", Key={"pk": {"S": f"key-{number}"}})
    with dashboard(checks, program) as person:
        person.sees("the newest comes first", lines("GetItem", "key-299"))
        person.sees("all of them count", counted(301))
        person.press("g")
        person.sees("the first call is there", lines("CreateBucket", "before"))
        person.press("G")
        person.sees("and the last again", lines("GetItem", "key-299"))
        person.press("/")
        person.type("tabel:nowhere")
        person.sees("a filter says what it did not understand", lambda screen: re.search("tabel.*\\?|no.*tabel|tabel: ", screen.text))
        person.press("Esc")
        person.leaves()
