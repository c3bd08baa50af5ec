"""A small MCP client over standard input and output, for processes that stay."""

import json
import os
import select
import subprocess
import time

ANSWER_SECONDS = 30


class Client:
    """One `footbridge mcp` process, after its handshake."""

    def __init__(self, program, *arguments):
        self.process = program.start("mcp", *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.count = 0
        self.rest = b""
        self.request("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "client tests", "version": "1"}})
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def send(self, message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def request(self, method, parameters):
        self.count += 1
        self.send({"jsonrpc": "2.0", "id": self.count, "method": method, "params": parameters})
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            message = json.loads(self.line(deadline))
            if message.get("id") == self.count:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    def line(self, deadline):
        while b"\n" not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise RuntimeError("no answer over standard output")
            part = os.read(self.process.stdout.fileno(), 65536)
            if not part:
                raise RuntimeError(f"mcp ended with {self.process.wait()}")
            self.rest += part
        line, _, self.rest = self.rest.partition(b"\n")
        return line

    def call(self, tool, **arguments):
        """The tool's answer, as JSON; an error is raised with the text that the agent would read."""
        result = self.request("tools/call", {"name": tool, "arguments": arguments})
        text = "".join(part.get("text", "") for part in result["content"])
        if result.get("isError"):
            raise RuntimeError(text)
        return json.loads(text)

    def close(self):
        """The client goes away, and the process ends by itself."""
        self.process.stdin.close()
        return self.process.wait(20)
