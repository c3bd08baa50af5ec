"""MCP clients in the field: each sees every tool that footbridge lists, and gets through a round of calls. Each is then given lists that
are broken where it is known to break, and must be seen to fail: otherwise these checks would hold nothing. Those of EVERY call every tool,
over standard input and output and over HTTP."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from support.checks import run
from support.every_tool import CALLS, faults as wrong_answers, files
from support.http import Http

HERE = Path(__file__).resolve().parent
SECONDS = 60
ROUND = ("s3_create_bucket", "s3_put_object", "s3_get_object", "s3_list_objects", "dynamodb_create_table", "dynamodb_put_items", "dynamodb_query", "dynamodb_list_tables")
# The calls, and what must be found in their answers.
ROUND = [call for call in CALLS if call[0] in ROUND]
# Objects whose members nobody knows beforehand, and that a client must not close.
OPEN = [
    ("s3_put_object", ["json"]), ("dynamodb_put_items", ["items", "items"]), ("dynamodb_put_items", ["values"]),
    ("dynamodb_get_items", ["keys", "items"]), ("dynamodb_update_item", ["key"]), ("dynamodb_query", ["values"]),
]
# Each client, what it is broken by, and whether it passes on what other members an object may have.
CLIENTS = {
    "sdk-1-22": (["boolean", "schemaless"], True),
    "sdk-1": (["boolean", "schemaless"], True),
    "client-2": (["schemaless", "shut"], True),
    "langchain": (["boolean", "shut"], True),
    "gemini": (["boolean", "shut"], True),
    "mcp-1": (["schemaless", "shut"], True),
    "mcp-2": (["schemaless", "shut"], True),
    "genai": (["closed", "loose"], False),
    "agents": (["schemaless", "shut"], True),
}


# The clients that call every tool over both transports.
EVERY = ["sdk-1", "client-2", "mcp-1", "mcp-2"]


def own_list(program, *more):
    """The names of the tools, as the server lists them to a client that reads no more than the lines."""
    client = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "lines", "version": "0"}}
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {}},
    ]
    done = subprocess.run([*program.command("mcp"), *more], env=program.environment, cwd=program.work, capture_output=True, text=True, timeout=SECONDS, check=True,
                          input="".join(json.dumps(line) + "\n" for line in lines))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [tool["name"] for answer in answers if answer.get("id") == 2 for tool in answer["result"]["tools"]]


def runner(name, program, options):
    """The command that starts this client, without its server."""
    if name in ("mcp-1", "genai", "agents"):
        return [options.python_1, HERE / "mcp_clients_python.py", name.split("-")[0]]
    if name == "mcp-2":
        return [options.python_2, HERE / "mcp_clients_python.py", "mcp"]
    # Node looks for packages beside the script.
    place = program.work / "js"
    if not place.exists():
        place.mkdir()
        shutil.copy(HERE / "mcp_clients.mjs", place)
        (place / "node_modules").symlink_to(options.modules.resolve())
    return [options.modules / ".bin" / "node", place / "mcp_clients.mjs", name]


def seen_by(client, server, program, calls):
    """The tools and the answers that this client sees of that server, and what it says where it fails."""
    asked = json.dumps([[tool, arguments] for tool, arguments, _ in calls])
    command = [str(part) for part in [*client, *server]]
    done = subprocess.run(command, env=program.environment, cwd=program.work, input=asked, capture_output=True, text=True, timeout=SECONDS)
    try:
        return json.loads(done.stdout), []
    except json.JSONDecodeError:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        return None, [f"exit code {done.returncode}: {' '.join(said[-12:])[-700:]}"]


def faults(client, server, program, names, open_ends):
    """What is wrong with what this client sees of that server."""
    seen, failed = seen_by(client, server, program, ROUND)
    if failed:
        return failed
    found = [] if [tool["name"] for tool in seen["tools"]] == names else [f"it sees {len(seen['tools'])} tools of {len(names)}"]
    schemas = {tool["name"]: tool["schema"] for tool in seen["tools"]}
    for tool, path in OPEN if open_ends else []:
        schema = schemas.get(tool, {}).get("properties", {})
        for part in path:
            schema = schema.get(part, {})
        if schema.get("type") != "object" or schema.get("additionalProperties") is False:
            found.append(f"{tool} {'.'.join(path)} is {schema}")
    return found + wrong_answers(seen["answers"], ROUND)


def every(checks, program, options):
    """Each of EVERY calls every tool, over both transports."""
    names = own_list(program, "--tools", "all")
    checks.equal("tools without a call here", sorted(set(names) - {tool for tool, _, _ in CALLS}), [])
    checks.equal("calls of what is no tool", sorted({tool for tool, _, _ in CALLS} - set(names)), [])
    here = [name for name in EVERY if options.python_2 or not name.startswith("mcp")]
    for name in [name for name in here if options.modules or name.startswith("mcp")]:
        client = runner(name, program, options)
        for transport in ("stdio", "http"):
            files(program.work)
            server = [program.binary, "mcp", "--ephemeral", "--tools", "all"]
            if transport == "http":
                with Http(program, "--ephemeral", "--tools", "all") as running:
                    program.environment["MCP_TOKEN"] = running.token
                    seen, found = seen_by(client, [running.url], program, CALLS)
            else:
                seen, found = seen_by(client, server, program, CALLS)
            if seen:
                found = [] if [tool["name"] for tool in seen["tools"]] == names else ["it sees other tools"]
                found += wrong_answers(seen["answers"], CALLS)
            checks.equal(f"{name} over {transport}: faults", found, [])


def section(name):
    plants, open_ends = CLIENTS[name]

    def clients(checks, program, options):
        names = own_list(program)
        client = runner(name, program, options)
        server = [program.binary, "mcp", "--ephemeral"]
        checks.equal(f"{name}: faults", faults(client, server, program, names, open_ends), [])
        for plant in [*plants, "missing"]:
            broken = [sys.executable, HERE / "support" / "bad_list.py", plant, *server]
            checks.true(f"{name} is broken by the list that is {plant}", faults(client, broken, program, names, open_ends))

    return clients


def inspector(checks, program, options):
    """The Inspector finds nothing that is not portable."""
    def verdict(server):
        binaries = options.modules / ".bin"
        command = [binaries / "node", binaries / "mcp-inspector", "--cli", "--method", "tools/list", "--strict", *server]
        done = subprocess.run([str(part) for part in command], env=program.environment, cwd=program.work, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
        listed = json.JSONDecoder().raw_decode(done.stdout.lstrip())[0].get("tools", []) if done.returncode == 0 else []
        return done.returncode, [tool["name"] for tool in listed], "Error:" in done.stderr

    server = [program.binary, "mcp", "--ephemeral"]
    checks.equal("inspector: exit code, tools and errors", verdict(server), (0, own_list(program), False))
    broken = [sys.executable, HERE / "support" / "bad_list.py", "boolean", *server]
    checks.true("inspector --strict ends with 6 where a schema is boolean", verdict(broken)[0] == 6)


def tokens(checks, program, options):
    """How many tokens the default list is, by a tokenizer: at most 4,000 with all that is sent."""
    place = runner("tokens", program, options)
    done = subprocess.run([str(part) for part in [*place, program.binary, "mcp", "--ephemeral"]], env=program.environment, cwd=program.work, input="[]", capture_output=True, text=True, timeout=SECONDS)
    checks.equal("tokens: exit code", (done.returncode, done.stderr[-500:] if done.returncode else ""), (0, ""))
    count = json.loads(done.stdout)
    print(f"report: tools/list is {count['bytes']} bytes, {count['tokens']} tokens of o200k_base, {count['shown']} without annotations", flush=True)
    checks.true("tools/list is under 4,000 tokens", count["tokens"] < 4000, count["tokens"])


if __name__ == "__main__":
    sections = {name: section(name) for name in CLIENTS} | {"inspector": inspector, "tokens": tokens, "every": every}
    run(sections, __doc__, [
        (["--modules"], {"type": Path, "help": "the node_modules with the clients and node"}),
        (["--python-1"], {"type": Path, "help": "a Python with mcp 1.x, google-genai and openai-agents"}),
        (["--python-2"], {"type": Path, "help": "a Python with mcp 2.x"}),
    ])
