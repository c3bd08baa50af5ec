"""`footbridge tui` on a pseudo-terminal, and other processes whose calls it shows as they happen."""

import base64
import contextlib
import fcntl
import json
import re
import signal
import subprocess
import time

from support.checks import run
from support.mcp import Client
from support.terminal import Terminal


@contextlib.contextmanager
def dashboard(program, *arguments, environment=(), **size):
    command = program.command("--listen", "0", "tui", *arguments)
    terminal = Terminal(command, program.environment | dict(environment), program.work, **size)
    try:
        yield terminal
    finally:
        terminal.close()


def calls(checks, program, _):
    """The calls of an MCP client and of an SDK appear, with what went wrong."""
    with dashboard(program, columns=140, rows=40) as terminal:
        checks.true("it says how to begin", terminal.wait("No calls yet"), terminal.text)
        checks.contains("and where one is", terminal.text, " LOCAL ")
        mcp = Client(program)
        mcp.call("dynamodb_create_table", table="Orders", keys={"pk": "S"})
        began = time.monotonic()
        mcp.call("dynamodb_put_items", table="Orders", items=[{"pk": "one"}])
        checks.true("a tool's call shows", terminal.wait("dynamodb_put_items"), terminal.text)
        checks.true("within a second", time.monotonic() - began < 1.0, str(time.monotonic() - began))
        checks.contains("with its table", terminal.text, "dynamodb://Orders")
        with contextlib.suppress(Exception):
            mcp.call("dynamodb_get_items", table="Nowhere", keys=[{"pk": "one"}])
        checks.true("an error shows its code", terminal.wait("ResourceNotFoundException"), terminal.text)
        endpoint = re.search(r"http://127\.0\.0\.1:\d+", terminal.text)
        program._endpoint = endpoint and endpoint.group()
        program.boto3("s3").create_bucket(Bucket="from-boto3")
        checks.true("a call at the endpoint shows", terminal.wait("s3 CreateBucket"), terminal.text)
        terminal.press("/service:dynamodb status:err\r")
        checks.true("a filter chooses", terminal.wait(lambda text: "CreateBucket" not in text and "dynamodb_get_items" in text), terminal.text)
        terminal.press("\r")
        checks.true("a call opens", terminal.wait("Requested resource not found"), terminal.text)
        terminal.press("\t")
        checks.true("with the AWS calls that it made", terminal.wait("request id"), terminal.text)
        terminal.press("y")
        checks.true("it copies", terminal.wait("clipboard"), terminal.text)
        sent = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", terminal.written)
        copied = json.loads(base64.b64decode(sent[-1])) if sent else {}
        checks.equal("the call as JSON", copied.get("error", {}).get("code"), "ResourceNotFoundException")
        terminal.press("\x1b")
        time.sleep(0.1)  # An escape and a letter at once are another key.
        terminal.press("q")
        checks.equal("q ends it", terminal.end(), 0)
        checks.true("and gives the terminal back", terminal.is_as_before())
        mcp.close()


def demo(checks, program, _):
    """`footbridge demo` on the same data directory, though in a store of its own."""
    with dashboard(program, columns=140) as terminal:
        checks.true("it opens", terminal.wait("No calls yet"), terminal.text)
        for round in ("first", "second"):
            done = subprocess.run(program.command("demo"), env=program.environment, cwd=program.work, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=120)
            checks.equal(f"the {round} demo passes beside it", done.returncode, 0)
            checks.true("its last call shows", terminal.wait("dynamodb_delete_table"), terminal.text)
            checks.contains("in its store", terminal.text, "footbridge-demo")
            checks.true("all of them count", terminal.wait(lambda text, n=90 if round == "first" else 180: f"{n} calls" in text), terminal.text)


def processes(checks, program, _):
    """A call in flight shows, and is lost with its process; a quiet screen is left alone."""
    with dashboard(program) as terminal:
        terminal.wait("No calls yet")
        mcp = Client(program)
        mcp.call("bridge_status")
        checks.true("a call shows", terminal.wait("bridge_status"), terminal.text)
        # What a process that is in the middle of a call has written: its file, which it holds.
        now = int(time.time() * 1000)
        with open(program.data / "journal" / f"{now}-99999999-0.ndjson", "w") as journal:
            fcntl.flock(journal, fcntl.LOCK_EX)
            record = {"v": 1, "id": "01a20000-0000-7000-8000-000000000001", "at": now, "event": "started", "pid": 99999999,
                      "who": {"kind": "mcp"}, "target": {"kind": "local"}, "tool": "s3_put_object", "resources": ["s3://slow/upload"]}
            journal.write(json.dumps(record) + "\n")
            journal.flush()
            checks.true("a call in flight shows", terminal.wait(lambda text: re.search("◌ s3_put_object .*s3://slow/upload", text)), terminal.text)
            checks.true("and its time goes by", terminal.wait(lambda text: re.search(r"◌ s3_put_object +1\.[0-9]+s", text)), terminal.text)
        checks.true("its process ends, and it is lost", terminal.wait(lambda text: re.search(r"\? s3_put_object", text)), terminal.text)
        began = len(terminal.written)
        time.sleep(1.5)
        while terminal.read(0):
            pass
        checks.equal("nothing is drawn while nothing happens", len(terminal.written) - began, 0)
        mcp.close()


def endings(checks, program, _):
    """However it ends, the terminal is as before."""
    for name, end in [("q", "q"), ("Ctrl-C", "\x03"), ("SIGTERM", signal.SIGTERM), ("SIGHUP", signal.SIGHUP), ("SIGINT", signal.SIGINT)]:
        with dashboard(program) as terminal:
            checks.true(f"{name}: it opens", terminal.wait("LOCAL"), terminal.text)
            terminal.press(end) if isinstance(end, str) else terminal.process.send_signal(end)
            checks.equal(f"{name}: exit code", terminal.end(), 0)
            checks.true(f"{name}: the terminal is as before", terminal.is_as_before(), repr(terminal.written[-200:]))
    done = subprocess.run(program.command("tui"), env=program.environment, cwd=program.work, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60, text=True)
    checks.equal("without a terminal: exit code", done.returncode, 2)
    checks.contains("and it says so", done.stderr, "needs a terminal")
    checks.equal("and draws nothing", done.stdout, "")


def sizes(checks, program, _):
    """Any size, while it runs."""
    subprocess.run(program.command("demo"), env=program.environment, cwd=program.work, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    with dashboard(program) as terminal:
        checks.true("it opens", terminal.wait("dynamodb_delete_table"), terminal.text)
        for columns, rows in [(20, 10), (1, 1), (300, 100), (2, 40), (80, 24)]:
            terminal.resize(columns, rows)
            terminal.press("k\r?")
            terminal.wait(lambda _: False, 0.3)
            checks.equal(f"{columns}x{rows}: it runs", terminal.process.poll(), None)
            terminal.press("?\x1b")
            terminal.wait(lambda _: False, 0.3)
        terminal.press("G")
        checks.true("and draws all again", terminal.wait(lambda text: " LOCAL " in text and "following" in text and "q quit" in text), terminal.text)
    for name, arguments, environment in [("--ascii", ["--ascii"], {}), ("a locale without UTF-8", [], {"LC_ALL": "C"})]:
        with dashboard(program, *arguments, environment=environment) as terminal:
            checks.true(f"{name}: it opens", terminal.wait("dynamodb_delete_table"), terminal.text)
            checks.true(f"{name}: all is ASCII", terminal.written.isascii())
    coloured = re.compile(rb"\x1b\[[0-9;]*(3[0-7]|4[0-7]|9[0-7]|38;|48;)[0-9;]*m")
    with dashboard(program) as terminal:
        terminal.wait("dynamodb_delete_table")
        checks.equal("NO_COLOR: no colours", coloured.search(terminal.written), None)
    program.environment.pop("NO_COLOR")
    with dashboard(program) as terminal:
        terminal.wait("dynamodb_delete_table")
        checks.true("else there are some", coloured.search(terminal.written))


run({"calls": calls, "demo": demo, "processes": processes, "endings": endings, "sizes": sizes}, __doc__)
