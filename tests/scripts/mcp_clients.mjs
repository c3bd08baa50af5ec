// One MCP client for JavaScript: loads the list of tools, makes the calls that stand in the standard input, and prints what it saw as JSON:
// the tools with their schemas as this client passes them on, and the text of each answer. Started by mcp_clients.py.
//
//   node mcp_clients.mjs sdk-1-22|sdk-1|client-2|langchain|gemini|tokens COMMAND ARGUMENTS...
//   MCP_TOKEN=TOKEN node mcp_clients.mjs sdk-1|client-2 URL

import { readFileSync } from 'node:fs'

const [name, command, ...args] = process.argv.slice(2)
const calls = JSON.parse(readFileSync(0, 'utf8'))
const server = { command, args, env: process.env, stderr: 'ignore' }
const me = { name: 'client-tests', version: '1' }

/** What a client on the TypeScript SDK sees. */
const sdk = async (Client, Transport, Http) => {
  const client = new Client(me)
  const headers = { Authorization: `Bearer ${process.env.MCP_TOKEN}` }
  await client.connect(command.startsWith('http://') ? new Http(new URL(command), { requestInit: { headers } }) : new Transport(server))
  const { tools } = await client.listTools()
  const call = async (tool, parameters) => (await client.callTool({ name: tool, arguments: parameters })).content[0].text
  return { tools: tools.map(tool => ({ name: tool.name, schema: tool.inputSchema })), call, close: () => client.close() }
}

const clients = {
  'sdk-1-22': async () => {
    const { Client } = await import('sdk-1-22/client/index.js')
    const { StdioClientTransport } = await import('sdk-1-22/client/stdio.js')
    return sdk(Client, StdioClientTransport)
  },
  'sdk-1': async () => {
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js')
    const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js')
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js')
    return sdk(Client, StdioClientTransport, StreamableHTTPClientTransport)
  },
  'client-2': async () => {
    const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client')
    const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio')
    return sdk(Client, StdioClientTransport, StreamableHTTPClientTransport)
  },
  // What LangChain hands to a model of OpenAI's.
  langchain: async () => {
    const { MultiServerMCPClient } = await import('@langchain/mcp-adapters')
    const { convertToOpenAITool } = await import('@langchain/core/utils/function_calling')
    const client = new MultiServerMCPClient({ mcpServers: { footbridge: { transport: 'stdio', ...server } } })
    const tools = await client.getTools()
    const call = async (tool, parameters) => {
      const answer = await tools.find(known => known.name === tool).invoke(parameters)
      return typeof answer === 'string' ? answer : answer[0].text
    }
    return {
      tools: tools.map(tool => ({ name: tool.name, schema: convertToOpenAITool(tool).function.parameters })),
      call,
      close: () => client.close(),
    }
  },
  // Gemini CLI's discovery, and what it declares to the model.
  gemini: async () => {
    const { connectToMcpServer, discoverTools } = await import('@google/gemini-cli-core/dist/src/tools/mcp-client.js')
    const workspace = { getDirectories: () => [process.cwd()], onDirectoriesChanged: () => () => {} }
    const cli = { isTrustedFolder: () => true, sanitizationConfig: {}, emitMcpDiagnostic: (_, text) => console.error(text) }
    const client = await connectToMcpServer('1', 'footbridge', server, false, workspace, cli)
    const tools = await discoverTools('footbridge', server, client, cli, {}, { timeout: 30_000 })
    const call = async (tool, parameters) => {
      const found = tools.find(known => known.serverToolName === tool)
      const [answer] = await found.mcpTool.callTool([{ name: tool, args: parameters }])
      return answer.functionResponse.response.content[0].text
    }
    return {
      tools: tools.map(tool => ({ name: tool.serverToolName, schema: tool.schema.parametersJsonSchema, reads: tool.isReadOnly })),
      call,
      close: () => client.close(),
    }
  },
}

if (name === 'tokens') {
  // What a model is charged for the list, by the tokenizer of OpenAI's models; others are of that size.
  const { Tiktoken } = await import('js-tiktoken/lite')
  const { default: ranks } = await import('js-tiktoken/ranks/o200k_base')
  const { Client } = await import('@modelcontextprotocol/client')
  const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio')
  const client = new Client(me)
  await client.connect(new StdioClientTransport(server))
  const { tools } = await client.listTools()
  await client.close()
  const count = text => new Tiktoken(ranks).encode(text).length
  const all = JSON.stringify(tools)
  const shown = JSON.stringify(tools.map(({ annotations, ...shown }) => shown))
  console.log(JSON.stringify({ bytes: Buffer.byteLength(all), tokens: count(all), shown: count(shown) }))
  process.exit(0)
}
const { tools, call, close } = await clients[name]()
const answers = []
for (const [tool, parameters] of calls) answers.push(await call(tool, parameters))
await close()
console.log(JSON.stringify({ tools, answers }))
process.exit(0)
