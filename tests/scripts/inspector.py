"""The MCP Inspector's command line: lists the tools and calls them, every one over standard input and output and over HTTP."""

import json
import subprocess
from pathlib import Path

from support.checks import run
from support.every_tool import CALLS, faults, files
from support.http import Http

# The nine everyday jobs need these.
NEEDED = {
    "bridge_status", "s3_create_bucket", "s3_put_object", "s3_get_object", "s3_list_objects", "s3_delete_objects", "s3_presign_url",
    "dynamodb_create_table", "dynamodb_put_items", "dynamodb_get_items", "dynamodb_query", "dynamodb_delete_items",
}
TOOLS_LIST_BYTES = 16 * 1024


def inspect(program, options, *arguments, refused=False, server=None):
    """What the Inspector prints of this server, or of one that it starts itself."""
    modules = options.modules / ".bin"
    # The Inspector hands the program only the variables that it is told to.
    told = [part for name, value in program.environment.items() if name.startswith("PLANT") for part in ("-e", f"{name}={value}")]
    done = subprocess.run(
        [str(modules / "node"), str(modules / "mcp-inspector"), "--cli", *(server or [*told, *program.command("mcp")]), *arguments],
        env=program.environment, cwd=program.work, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
    )
    try:
        answer, end = json.JSONDecoder().raw_decode(done.stdout.lstrip())
    except json.JSONDecodeError:
        raise RuntimeError(f"exit code {done.returncode}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}") from None
    if (done.returncode != 0) != refused:
        raise RuntimeError(f"exit code {done.returncode}: {done.stdout[-1000:]} {done.stderr[-1000:]}")
    return answer


def through(checks, program, options, server):
    """Calls every tool, each in a session of its own."""
    listed = inspect(program, options, "--method", "tools/list", server=server)["tools"]
    checks.equal("tools", sorted(tool["name"] for tool in listed), sorted(tool for tool, _, _ in CALLS))
    files(program.work)
    answers = []
    for tool, arguments, _ in CALLS:
        pairs = [f"{key}={value if isinstance(value, str) else json.dumps(value)}" for key, value in arguments.items()]
        more = ["--tool-arg", *pairs] if pairs else []
        # Nothing was called before in its session.
        refused = tool == "undo"
        answer = inspect(program, options, "--method", "tools/call", "--tool-name", tool, *more, refused=refused, server=server)
        answers.append(answer["content"][0]["text"])
    checks.equal("faults", faults(answers, CALLS), [f"undo answers {answers[[tool for tool, _, _ in CALLS].index('undo')][:300]}"])


def over_stdio(checks, program, options):
    through(checks, program, options, program.command("mcp", "--tools", "all"))


def over_http(checks, program, options):
    with Http(program, "--tools", "all") as server:
        through(checks, program, options, [server.url, "--header", f"Authorization: Bearer {server.token}"])


def tools(checks, program, options):
    listed = inspect(program, options, "--method", "tools/list")["tools"]
    names = [tool["name"] for tool in listed]
    checks.equal("tools that are needed and not there", sorted(NEEDED - set(names)), [])
    checks.equal("names that are there twice", len(names), len(set(names)))
    size = len(json.dumps(listed, separators=(",", ":"), ensure_ascii=False).encode())
    checks.true("tools/list is at most 16 KB", size <= TOOLS_LIST_BYTES, size)
    for tool in listed:
        checks.equal(f"{tool['name']}: its schema is an object", tool["inputSchema"]["type"], "object")
        checks.true(f"{tool['name']}: says whether it only reads", "readOnlyHint" in tool.get("annotations", {}))

    def call(name, refused=False, **arguments):
        pairs = [f"{key}={value if isinstance(value, str) else json.dumps(value)}" for key, value in arguments.items()]
        more = ["--tool-arg", *pairs] if pairs else []
        answer = inspect(program, options, "--method", "tools/call", "--tool-name", name, *more, refused=refused)
        checks.equal(f"{name}: isError", bool(answer.get("isError")), refused)
        text = answer["content"][0]["text"]
        return text if refused else json.loads(text)

    call("s3_create_bucket", bucket="inspected")
    call("s3_put_object", bucket="inspected", key="a/b c", text="hello from the inspector")
    checks.equal("s3_get_object", call("s3_get_object", bucket="inspected", key="a/b c")["text"], "hello from the inspector")
    checks.equal("s3_list_objects", [entry["key"] for entry in call("s3_list_objects", bucket="inspected")["objects"]], ["a/b c"])
    missing = call("s3_get_object", refused=True, bucket="inspected", key="missing")
    checks.contains("a missing key", missing, "NoSuchKey: The specified key does not exist.")
    call("dynamodb_create_table", table="inspected", keys={"pk": "S", "n": "N"})
    items = [{"pk": "a", "n": number, "text": "ünï", "set": {"$ss": ["x", "y"]}, "big": {"$n": "12345678901234567890123456789012345678"}} for number in (1, 2, 10)]
    call("dynamodb_put_items", table="inspected", items=items)
    checks.equal("dynamodb_get_items", call("dynamodb_get_items", table="inspected", keys=[{"pk": "a", "n": 2}])["items"], [items[1]])
    found = call("dynamodb_query", table="inspected", key_condition="pk = :p AND n > :n", values={":p": "a", ":n": 1})
    checks.equal("dynamodb_query", found["items"], items[1:])
    failed = call("dynamodb_put_items", refused=True, table="inspected", items=items[:1], condition="attribute_not_exists(pk)")
    checks.contains("a condition that fails", failed, "ConditionalCheckFailedException: The conditional request failed")
    resources(checks, program, options)


def resources(checks, program, options):
    listed = inspect(program, options, "--method", "resources/list")["resources"]
    checks.equal("resources/list", [entry["uri"] for entry in listed if "inspected" in entry["uri"]], ["s3://inspected", "dynamodb://inspected"])
    templates = inspect(program, options, "--method", "resources/templates/list")["resourceTemplates"]
    wanted = ["s3://{bucket}/{+key}", "dynamodb://{table}", "dynamodb://{table}/{pk}{/sk}"]
    checks.equal("resources/templates/list", [entry["uriTemplate"] for entry in templates], wanted)
    [content] = inspect(program, options, "--method", "resources/read", "--uri", "s3://inspected/a/b%20c")["contents"]
    checks.equal("an object as a resource", content["text"], "hello from the inspector")
    [content] = inspect(program, options, "--method", "resources/read", "--uri", "dynamodb://inspected/a/10")["contents"]
    checks.equal("an item as a resource", json.loads(content["text"])["text"], "ünï")


if __name__ == "__main__":
    run({"tools": tools, "stdio": over_stdio, "http": over_http}, __doc__, [(["--modules"], {"type": Path, "required": True, "help": "the node_modules with the Inspector and node"})])
