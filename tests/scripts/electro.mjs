// ElectroDB: one table for a shop's customers and orders, with collections and a transaction. Started by electro.py.
//
//   node electro.mjs ENDPOINT

import assert from 'node:assert/strict'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { Entity, Service } from 'electrodb'

const [endpoint] = process.argv.slice(2)
const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 })
const table = 'shop'

await client.send(new CreateTableCommand({
  TableName: table,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
  GlobalSecondaryIndexes: [{
    IndexName: 'gsi1',
    KeySchema: [{ AttributeName: 'gsi1pk', KeyType: 'HASH' }, { AttributeName: 'gsi1sk', KeyType: 'RANGE' }],
    Projection: { ProjectionType: 'ALL' },
  }],
}))

const customers = new Entity({
  model: { entity: 'customer', version: '1', service: 'shop' },
  attributes: {
    customer: { type: 'string', required: true },
    name: { type: 'string', required: true },
    points: { type: 'number', default: 0 },
    tags: { type: 'set', items: 'string' },
  },
  indexes: { main: { collection: 'account', pk: { field: 'pk', composite: ['customer'] }, sk: { field: 'sk', composite: [] } } },
}, { client, table })

const orders = new Entity({
  model: { entity: 'order', version: '1', service: 'shop' },
  attributes: {
    customer: { type: 'string', required: true },
    order: { type: 'string', required: true },
    status: { type: ['open', 'paid', 'sent'], required: true, default: 'open' },
    placed: { type: 'string', required: true },
    lines: { type: 'list', items: { type: 'map', properties: { sku: { type: 'string' }, count: { type: 'number' } } } },
  },
  indexes: {
    main: { collection: 'account', pk: { field: 'pk', composite: ['customer'] }, sk: { field: 'sk', composite: ['order'] } },
    status: { index: 'gsi1', pk: { field: 'gsi1pk', composite: ['status'] }, sk: { field: 'gsi1sk', composite: ['placed'] } },
  },
}, { client, table })

const shop = new Service({ customers, orders })

await customers.create({ customer: 'ann', name: 'Ann', tags: ['tea', 'early'] }).go()
await assert.rejects(customers.create({ customer: 'ann', name: 'Again' }).go(), /conditional request failed/i)
const many = Array.from({ length: 60 }, (_, n) => ({
  customer: 'ann', order: `o${String(n).padStart(3, '0')}`, placed: `2026-01-${String(1 + (n % 28)).padStart(2, '0')}`, status: n % 3 ? 'open' : 'paid',
  lines: [{ sku: 'tea', count: n }],
}))
assert.deepEqual((await orders.put(many).go()).unprocessed, [])

const account = await shop.collections.account({ customer: 'ann' }).go({ pages: 'all' })
assert.equal(account.data.customers.length, 1)
assert.equal(account.data.orders.length, 60)
const first = await orders.query.main({ customer: 'ann' }).go({ limit: 7 })
assert.deepEqual(first.data.map(({ order }) => order), many.slice(0, 7).map(({ order }) => order))
const next = await orders.query.main({ customer: 'ann' }).go({ limit: 7, cursor: first.cursor })
assert.deepEqual(next.data.map(({ order }) => order), many.slice(7, 14).map(({ order }) => order))
const paid = await orders.query.status({ status: 'paid' }).between({ placed: '2026-01-05' }, { placed: '2026-01-09' }).go({ pages: 'all' })
assert.deepEqual(
  paid.data.map(({ order }) => order).sort(),
  many.filter(({ status, placed }) => status === 'paid' && placed >= '2026-01-05' && placed <= '2026-01-09').map(({ order }) => order).sort(),
)
const matched = await orders.match({ customer: 'ann' }).where(({ lines }, { gt }) => gt(lines[0].count, 55)).go({ pages: 'all' })
assert.equal(matched.data.length, 4)

await orders.patch({ customer: 'ann', order: 'o001' }).set({ status: 'sent' }).append({ lines: [{ sku: 'cup', count: 1 }] }).go()
const sent = await orders.query.status({ status: 'sent' }).go()
assert.deepEqual(sent.data.map(({ order, lines }) => [order, lines.length]), [['o001', 2]])
await customers.update({ customer: 'ann' }).add({ points: 5 }).delete({ tags: ['early'] }).go()
assert.deepEqual((await customers.get({ customer: 'ann' }).go()).data, { customer: 'ann', name: 'Ann', points: 5, tags: ['tea'] })

const done = await shop.transaction.write(({ customers, orders }) => [
  customers.patch({ customer: 'ann' }).add({ points: 1 }).commit(),
  orders.remove({ customer: 'ann', order: 'o002' }).commit(),
]).go()
assert.equal(done.canceled, false)
const refused = await shop.transaction.write(({ customers, orders }) => [
  customers.patch({ customer: 'ann' }).add({ points: 100 }).commit(),
  orders.create(many[0]).commit(),
]).go()
assert.equal(refused.canceled, true)
assert.deepEqual(refused.data.map(({ rejected, code }) => [rejected, code]), [[false, 'None'], [true, 'ConditionalCheckFailed']])
const read = await shop.transaction.get(({ customers, orders }) => [
  customers.get({ customer: 'ann' }).commit(), orders.get({ customer: 'ann', order: 'o002' }).commit(),
]).go()
assert.deepEqual(read.data.map(({ item }) => item?.points ?? null), [6, null])
console.log('ElectroDB: every assertion held')
