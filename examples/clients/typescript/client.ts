// An MCP client in TypeScript: lists the tools, puts and reads an object, and queries a table. Node 22.18 runs it as it is.
//
//   npm install
//   node client.ts                                                starts footbridge, its data in memory
//   FOOTBRIDGE_MCP_TOKEN=... node client.ts http://127.0.0.1:4570/mcp  speaks to `footbridge mcp --http 4570`

import assert from 'node:assert/strict'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

const url = process.argv[2]

/** Where the tools are: a program of our own, or a server that runs. */
const transport = url
  ? new StreamableHTTPClientTransport(new URL(url), { authProvider: { token: async () => process.env.FOOTBRIDGE_MCP_TOKEN } })
  : new StdioClientTransport({ command: 'footbridge', args: ['mcp', '--ephemeral', '--listen', '0'] })

const client = new Client({ name: 'example', version: '1' })
await client.connect(transport)

/** A tool's answer, which is JSON; its error is text for people and models. */
const call = async (tool: string, parameters: Record<string, unknown>) => {
  const { content, isError } = await client.callTool({ name: tool, arguments: parameters })
  const [first] = content as { text: string }[]
  if (isError) throw new Error(`${tool}: ${first.text}`)
  console.log(`${tool} -> ${first.text}`)
  return JSON.parse(first.text)
}

for (const tool of (await client.listTools()).tools) console.log(tool.name.padEnd(26), tool.description)

await call('s3_create_bucket', { bucket: 'notes' })
await call('s3_put_object', { bucket: 'notes', key: 'hello.txt', text: 'Hello from TypeScript' })
// An object is a resource, too.
const { contents } = await client.readResource({ uri: 's3://notes/hello.txt' })
assert.equal((contents[0] as { text: string }).text, 'Hello from TypeScript')

await call('dynamodb_create_table', { table: 'orders', keys: { customer: 'S', number: 'N' } })
const items = [{ customer: 'ada', number: 1, total: 12.5 }, { customer: 'ada', number: 2, total: 99 }]
await call('dynamodb_put_items', { table: 'orders', items })
const answer = await call('dynamodb_query', {
  table: 'orders',
  key_condition: 'customer = :c',
  filter: 'total > :t',
  values: { ':c': 'ada', ':t': 20 },
})
assert.deepEqual(answer.items, [{ customer: 'ada', number: 2, total: 99 }])

await client.close()
