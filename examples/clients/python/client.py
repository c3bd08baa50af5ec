"""An MCP client in Python: lists the tools, puts and reads an object, and queries a table.

    pip install -r requirements.txt
    python client.py                                              starts footbridge, its data in memory
    FOOTBRIDGE_MCP_TOKEN=... python client.py http://127.0.0.1:4570/mcp    speaks to `footbridge mcp --http 4570`
"""

import asyncio
import json
import os
import sys

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client


def server(url):
    """Where the tools are: a program of our own, or a server that runs."""
    if url is None:
        return StdioServerParameters(command="footbridge", args=["mcp", "--ephemeral", "--listen", "0"])
    headers = {"Authorization": f"Bearer {os.environ['FOOTBRIDGE_MCP_TOKEN']}"}
    # A call may wait for a person, and work on many items takes minutes.
    return streamable_http_client(url, http_client=httpx2.AsyncClient(headers=headers, timeout=300))


async def call(client, tool, **arguments):
    """A tool's answer, which is JSON; its error is text for people and models."""
    result = await client.call_tool(tool, arguments)
    text = result.content[0].text
    if result.is_error:
        raise RuntimeError(f"{tool}: {text}")
    print(f"{tool} -> {text}")
    return json.loads(text)


async def main(url=None):
    async with Client(server(url)) as client:
        for tool in (await client.list_tools()).tools:
            print(f"{tool.name:26} {tool.description}")

        await call(client, "s3_create_bucket", bucket="notes")
        await call(client, "s3_put_object", bucket="notes", key="hello.txt", text="Hello from Python")
        # An object is a resource, too.
        content = await client.read_resource("s3://notes/hello.txt")
        assert content.contents[0].text == "Hello from Python"

        await call(client, "dynamodb_create_table", table="orders", keys={"customer": "S", "number": "N"})
        items = [{"customer": "ada", "number": 1, "total": 12.5}, {"customer": "ada", "number": 2, "total": 99}]
        await call(client, "dynamodb_put_items", table="orders", items=items)
        answer = await call(
            client, "dynamodb_query", table="orders", key_condition="customer = :c", filter="total > :t", values={":c": "ada", ":t": 20}
        )
        assert answer["items"] == [{"customer": "ada", "number": 2, "total": 99}]


asyncio.run(main(*sys.argv[1:]))
