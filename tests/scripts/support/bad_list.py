"""An MCP server over standard input and output that stands before another one and breaks its list of tools in one place.

    python3 bad_list.py PLANT COMMAND ARGUMENTS...
"""

import json
import os
import subprocess
import sys
import threading


def tool(tools, name):
    return next(tool for tool in tools if tool["name"] == name)["inputSchema"]


def boolean(tools):
    """A property that is `true`: all that JSON Schema wants, and nothing that a client on the TypeScript SDK takes."""
    tool(tools, "s3_put_object")["properties"]["json"] = True


def closed(tools):
    """Tools that say themselves that they know no other parameters."""
    for each in tools:
        each["inputSchema"]["additionalProperties"] = False


def loose(tools):
    """Values that may be anything, said as `true`."""
    tool(tools, "dynamodb_put_items")["properties"]["values"]["additionalProperties"] = True


def shut(tools):
    """Items that have no attributes."""
    tool(tools, "dynamodb_put_items")["properties"]["items"]["items"]["additionalProperties"] = False


def schemaless(tools):
    """A tool that says nothing of its parameters."""
    del next(tool for tool in tools if tool["name"] == "bridge_status")["inputSchema"]


def missing(tools):
    """A tool too few."""
    tools.pop()


PLANTS = {plant.__name__: plant for plant in (boolean, closed, loose, shut, schemaless, missing)}


def main(plant, *command):
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def forward():
        while part := os.read(0, 65536):
            server.stdin.write(part)
            server.stdin.flush()
        server.stdin.close()

    threading.Thread(target=forward, daemon=True).start()
    for line in server.stdout:
        message = json.loads(line)
        tools = message.get("result", {}).get("tools")
        if tools is not None:
            PLANTS[plant](tools)
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()
    return server.wait()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
