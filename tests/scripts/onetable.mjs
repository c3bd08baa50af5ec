// OneTable: a shop's accounts and orders in one table, as its schema describes them. Started by electro.py.
//
//   node onetable.mjs ENDPOINT

import assert from 'node:assert/strict'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { Table } from 'dynamodb-onetable'

const [endpoint] = process.argv.slice(2)
const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 })

const schema = {
  format: 'onetable:1.1.0',
  version: '0.0.1',
  indexes: {
    primary: { hash: 'pk', sort: 'sk' },
    gs1: { hash: 'gs1pk', sort: 'gs1sk', project: 'all' },
    ls1: { type: 'local', sort: 'placed', project: 'all' },
  },
  models: {
    Account: {
      pk: { type: String, value: 'account#${id}' },
      sk: { type: String, value: 'account#' },
      id: { type: String, generate: 'ulid' },
      name: { type: String, required: true },
      email: { type: String, required: true, unique: true },
      points: { type: Number, default: 0 },
      tags: { type: Set },
      address: { type: Object, schema: { street: { type: String }, zip: { type: String } } },
    },
    Order: {
      pk: { type: String, value: 'account#${account}' },
      sk: { type: String, value: 'order#${number}' },
      gs1pk: { type: String, value: 'status#${status}' },
      gs1sk: { type: String, value: 'order#${number}' },
      account: { type: String, required: true },
      number: { type: String, required: true },
      status: { type: String, enum: ['open', 'paid', 'sent'], default: 'open' },
      placed: { type: String },
      total: { type: Number },
    },
  },
  params: { isoDates: true, timestamps: true },
}
const table = new Table({ client, name: 'onetable', schema, partial: true })
await table.createTable()
assert.equal(await table.exists(), true)
const described = await table.describeTable()
assert.equal(described.Table.LocalSecondaryIndexes.length, 1)

const Account = table.getModel('Account')
const Order = table.getModel('Order')
const ann = await Account.create({ name: 'Ann', email: 'ann@shop.example', tags: new Set(['tea', 'early']), address: { street: 'Long', zip: '1' } })
assert.match(ann.id, /^[0-9A-Z]{26}$/)
// A value that has to be unique is an item of its own, written in the same transaction.
await assert.rejects(Account.create({ name: 'Other', email: 'ann@shop.example' }), { code: 'UniqueError' })
assert.equal((await Account.get({ id: ann.id })).tags.size, 2)

const batch = {}
for (let n = 0; n < 25; n += 1) {
  const number = String(n).padStart(3, '0')
  await Order.create({ account: ann.id, number, total: n * 1.5, status: n % 3 ? 'open' : 'paid', placed: `2026-01-${String(28 - n).padStart(2, '0')}` }, { batch })
}
await table.batchWrite(batch)

let pages = 0
const numbers = []
let next
do {
  const page = await Order.find({ account: ann.id }, { limit: 10, next })
  numbers.push(...page.map((order) => order.number))
  next = page.next
  pages += 1
} while (next)
assert.deepEqual([pages >= 3, numbers.length, numbers[0], numbers[24]], [true, 25, '000', '024'])
assert.equal((await Order.find({ status: 'paid' }, { index: 'gs1' })).length, 9)
assert.equal((await Order.find({ account: ann.id, sk: { between: ['order#005', 'order#009'] } })).length, 5)
assert.equal((await Order.find({ account: ann.id }, { where: '${total} > {30}' })).length, 4)
assert.equal((await Order.find({ account: ann.id }, { count: true })).count, 25)
const backwards = await Order.find({ account: ann.id }, { reverse: true, limit: 1 })
assert.equal(backwards[0].number, '024')
const scanned = await Order.scan({}, { fields: ['number'] })
assert.equal(scanned.length, 25)

const changed = await Account.update({ id: ann.id }, { add: { points: 5 }, set: { 'address.zip': '2' }, delete: { tags: new Set(['early']) } })
assert.deepEqual([changed.points, changed.address, [...changed.tags]], [5, { street: 'Long', zip: '2' }, ['tea']])
await assert.rejects(Account.update({ id: ann.id, name: 'Anna' }, { where: '${points} > {100}' }), /Conditional|condition/i)

const transaction = {}
await Account.update({ id: ann.id }, { add: { points: 1 }, transaction })
await Order.update({ account: ann.id, number: '001', status: 'sent' }, { transaction })
await table.transact('write', transaction)
assert.equal((await Account.get({ id: ann.id })).points, 6)
assert.deepEqual((await Order.find({ status: 'sent' }, { index: 'gs1' })).map((order) => order.number), ['001'])

await Account.remove({ id: ann.id })
await Account.create({ name: 'Ann again', email: 'ann@shop.example' })
await table.deleteTable('DeleteTableForever')
assert.equal(await table.exists(), false)
console.log('OneTable: every assertion held')
