"""One MCP client for Python: loads the list of tools, makes the calls that stand in the standard input, and prints what it saw as JSON:
the tools with their schemas as this client passes them on, and the text of each answer. Started by mcp_clients.py.

    python mcp_clients_python.py mcp|genai|agents COMMAND ARGUMENTS...
    MCP_TOKEN=TOKEN python mcp_clients_python.py mcp URL
"""

import asyncio
import contextlib
import json
import os
import sys


async def through_session(server, calls, passed_on):
    """What a program on the Python SDK, 1.x or 2.x, sees."""
    from mcp import ClientSession

    with open(os.devnull, "w") as log:
        # The third of what the SDK 1.x gives over HTTP tells the session's id.
        async with connected(server, log) as (reader, writer, *_), ClientSession(reader, writer) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            answers = [(await session.call_tool(tool, arguments)).content[0].text for tool, arguments in calls]
    return passed_on(tools), answers


@contextlib.asynccontextmanager
async def connected(server, log):
    """The streams to a command that is a server, or to the URL of one."""
    if server[0].startswith("http://"):
        try:
            import httpx2 as http
        except ModuleNotFoundError:
            import httpx as http
        from mcp.client.streamable_http import streamable_http_client

        async with http.AsyncClient(headers={"Authorization": f"Bearer {os.environ['MCP_TOKEN']}"}) as client:
            async with streamable_http_client(server[0], http_client=client) as streams:
                yield streams
        return
    from mcp import StdioServerParameters
    from mcp.client.stdio import stdio_client

    parameters = StdioServerParameters(command=server[0], args=server[1:], env=dict(os.environ))
    async with stdio_client(parameters, errlog=log) as streams:
        yield streams


def as_listed(tools):
    """The SDK 1.x says inputSchema, 2.x input_schema."""
    return [{"name": tool.name, "schema": getattr(tool, "input_schema", None) or tool.inputSchema} for tool in tools]


def as_declared(tools):
    """What google-genai declares to the model."""
    from google.genai._mcp_utils import mcp_to_gemini_tools

    declared = [tool.function_declarations[0] for tool in mcp_to_gemini_tools(tools)]
    return [{"name": tool.name, "schema": tool.parameters.model_dump(exclude_none=True, mode="json")} for tool in declared]


async def through_agents(server, calls):
    """What OpenAI's Agents pass on with strict schemas wanted."""
    from agents.mcp import MCPServerStdio, MCPUtil

    parameters = {"command": server[0], "args": server[1:], "env": dict(os.environ)}
    async with MCPServerStdio(params=parameters, client_session_timeout_seconds=30) as running:
        tools = [MCPUtil.to_function_tool(tool, running, True) for tool in await running.list_tools()]
        answers = [(await running.call_tool(tool, arguments)).content[0].text for tool, arguments in calls]
    return [{"name": tool.name, "schema": tool.params_json_schema} for tool in tools], answers


def main(name, *server):
    calls = json.load(sys.stdin)
    if name == "agents":
        seen = through_agents(server, calls)
    else:
        seen = through_session(list(server), calls, {"mcp": as_listed, "genai": as_declared}[name])
    tools, answers = asyncio.run(seen)
    print(json.dumps({"tools": tools, "answers": answers}))


if __name__ == "__main__":
    main(*sys.argv[1:])
