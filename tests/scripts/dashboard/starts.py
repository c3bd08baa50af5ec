"""Other ways to a dashboard: in the processes that serve and play, and beside one that has its data in memory."""

import json
import re
import signal
import time

from .person import DYNAMODB, S3, dashboard, lines

SIGNALS = [("SIGTERM", signal.SIGTERM), ("SIGHUP", signal.SIGHUP), ("SIGINT", signal.SIGINT)]


def serve_tui(checks, program, _):
    """`serve --tui`: the calls and the data of its own endpoint, no line for each call, and an end like any dashboard's."""
    for name, end in [("q", "q"), *SIGNALS]:
        with dashboard(checks, program, command=("serve", "--tui"), columns=140) as person:
            person.opens()
            program._endpoint = person.endpoint
            bucket = f"by-{name.lower()}"
            program.boto3("s3").create_bucket(Bucket=bucket)
            person.sees(f"{name}: a call shows", lines("CreateBucket", bucket))
            person.press(S3)
            person.sees(f"{name}: and what it made", lines(bucket))
            person.press(end) if isinstance(end, str) else person.signal(end)
            checks.equal(f"{name}: exit code", person.end(), 0)
            checks.true(f"{name}: the terminal is as before", person.is_as_before(), person.modes())
            after = person.written[person.written.rfind(b"\x1b[?1049l") :]
            checks.true(f"{name}: no line for a request", b"CreateBucket" not in after, repr(after))


def serve(checks, program, _):
    """`serve` on a terminal: a line for each request, in colour unless that is not wanted."""
    for colour in (False, True):
        if colour:
            program.environment.pop("NO_COLOR")
        with dashboard(checks, program, command=("serve",), columns=140) as person:
            person.sees("it says where", "in another shell")
            program._endpoint = person.endpoint
            began = len(person.written)
            program.boto3("s3").list_buckets()
            person.sees("a request shows", lambda screen: re.search(r"\d\d:\d\d:\d\d\.\d{3} ✓ 200 .*ListBuckets.*boto3 1\.", screen.text))
            checks.equal("in colour", b"\x1b[32m" in person.written[began:], colour)
            person.signal(signal.SIGTERM)
            checks.equal("it ends", person.end(), 0)


def watch(checks, program, _):
    """`tui --watch`: an ephemeral `serve` from another terminal, by each of its names, and after its end."""
    process, url = program.serve("--ephemeral")
    program._endpoint = url
    program.boto3("dynamodb").list_tables()
    for name in (url, url.replace("127.0.0.1", "localhost") + "/", str(process.pid)):
        with dashboard(checks, program, command=("tui", "--watch", name), listen=(), columns=140) as person:
            person.sees(f"{name}: its calls show", "ListTables")
            checks.contains(f"{name}: and where it is", person.screen.text, url)
            person.leaves()
    checks.true("nothing is made in the data directory", not program.data.exists())
    with dashboard(checks, program, command=("tui", "--watch", url), listen=(), columns=140) as person:
        person.sees("it opens", "ListTables")
        process.kill()
        person.sees("the end of the process is said", "has ended")
        person.leaves()
    with dashboard(checks, program, command=("tui", "--watch", str(process.pid)), listen=()) as person:
        checks.equal("what has ended is an error", person.end(), 4)
        checks.contains("that says so", person.screen.text, "no footbridge of yours")


def demo(checks, program, _):
    """`demo` for a person: pauses, keys that go on, an end in the middle."""
    began = time.monotonic()
    with dashboard(checks, program, command=("demo",), listen=(), rows=60) as person:
        person.sees("it says how to go on", "Any key goes on")
        person.sees("it begins", "bridge_status")
        person.hold("Space")
        checks.equal("a key held down plays it to its end", person.end(), 0)
        checks.contains("with what to try next", person.screen.text, "claude mcp add")
        checks.true("sooner than its pauses", time.monotonic() - began < 20, str(time.monotonic() - began))
        checks.equal("the terminal is as before", person.settings(), person.before)
    for name, end in [("Ctrl-C", "Ctrl-C"), *SIGNALS[:2]]:
        with dashboard(checks, program, command=("demo",), listen=()) as person:
            person.sees(f"{name}: it plays", "dynamodb_create_table")
            person.press(end) if isinstance(end, str) else person.signal(end)
            checks.equal(f"{name}: exit code", person.end(), 0)
            checks.contains(f"{name}: it says so", person.screen.text, "ended before the end of the demo")
            checks.equal(f"{name}: the terminal is as before", person.settings(), person.before)


def demo_tui(checks, program, _):
    """`demo --tui` plays on the dashboard, which stays with what it made; in memory, too."""
    for arguments in ((), ("--ephemeral",)):
        with dashboard(checks, program, *arguments, command=("demo", "--tui", "--fast"), listen=(), columns=140) as person:
            person.sees("it plays on the dashboard", "confirm_required")
            person.press(S3)
            person.sees("its buckets are there", lines("footbridge-shop-media"))
            person.press(DYNAMODB)
            person.sees("and its tables", lines("ProductCatalog"))
            person.signal(signal.SIGTERM)
            checks.equal("and ends with it", person.end(), 0)
            checks.true("the terminal is as before", person.is_as_before(), person.modes())
    code, _, _ = program.call("bridge_status")
    checks.equal("nobody holds the data", code, 0)
    record = program.data / "stores" / "footbridge-demo" / "owner.json"
    checks.true("of the demo's store either", not record.exists(), record.exists() and json.loads(record.read_text()))
