// The JavaScript SDK v3 without forcePathStyle: buckets are names below `localhost`. Started by js.py.
//
//   node js.mjs ENDPOINT FIXTURES s3|dynamodb

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { Readable } from 'node:stream'

import * as ddb from '@aws-sdk/client-dynamodb'
import * as s3 from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient, GetCommand, NumberValue, PutCommand, QueryCommand, ScanCommand, TransactGetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'

import { base, end, equal, refused, round } from './support/checks.mjs'

const [endpoint, fixtures, wanted] = process.argv.slice(2)
const port = new URL(endpoint).port

// What RFC 6761 says of names below localhost, and not every system's resolver does.
const lookup = (name, options, done) => {
  assert.match(name, /(^|\.)localhost$/)
  done(null, ...(options.all ? [[{ address: '127.0.0.1', family: 4 }]] : ['127.0.0.1', 4]))
}
const agent = new http.Agent({ keepAlive: true, lookup })

const request = (url, method = 'GET', body, headers = {}) =>
  new Promise((resolve, reject) => {
    const sent = http.request(url, { agent, method, headers }, async (answer) => {
      const parts = []
      for await (const part of answer) parts.push(part)
      resolve({ status: answer.statusCode, body: Buffer.concat(parts) })
    })
    sent.on('error', reject)
    sent.end(body)
  })

const sections = { s3: objects, dynamodb: items }

async function objects() {
  const hosts = new Set()
  const client = new s3.S3Client({ ...base, endpoint: `http://localhost:${port}`, requestHandler: { httpAgent: agent } })
  client.middlewareStack.add((next) => (args) => { hosts.add(args.request.hostname); return next(args) }, { step: 'finalizeRequest' })
  const manifest = JSON.parse(readFileSync(path.join(fixtures, 's3', 'manifest.json')))
  const bytes = (object) => (object.base64 === undefined ? Buffer.from(object.text) : Buffer.from(object.base64, 'base64'))
  for (const Bucket of manifest.buckets) await client.send(new s3.CreateBucketCommand({ Bucket }))
  for (const object of manifest.objects) {
    const put = await client.send(new s3.PutObjectCommand({
      Bucket: object.bucket, Key: object.key, Body: bytes(object), ContentType: object.content_type, Metadata: object.metadata,
    }))
    equal(`${object.key}: PutObject`, put.ETag, `"${createHash('md5').update(bytes(object)).digest('hex')}"`)
  }
  for (const object of manifest.objects) {
    const got = await client.send(new s3.GetObjectCommand({ Bucket: object.bucket, Key: object.key }))
    equal(`${object.key}: bytes`, Buffer.from(await got.Body.transformToByteArray()), bytes(object))
    equal(`${object.key}: headers`, [got.ContentType, got.Metadata], [object.content_type, object.metadata])
  }
  for (const bucket of manifest.buckets) {
    const keys = []
    for await (const page of s3.paginateListObjectsV2({ client, pageSize: 7 }, { Bucket: bucket })) keys.push(...page.Contents.map((entry) => entry.Key))
    const want = manifest.objects.filter((object) => object.bucket === bucket).map((object) => object.key)
    equal(`${bucket}: listing`, keys, want.sort((one, two) => Buffer.compare(Buffer.from(one), Buffer.from(two))))
  }
  equal('the bucket was in the host name', [...hosts].sort(), manifest.buckets.map((bucket) => `${bucket}.localhost`).sort())

  // A stream of unknown checksum goes as aws-chunked with a trailer.
  const Bucket = manifest.buckets[0]
  const large = Buffer.alloc(300_000, 'footbridge ')
  await client.send(new s3.PutObjectCommand({ Bucket, Key: 'stream', Body: Readable.from([large]), ContentLength: large.length, ChecksumAlgorithm: 'CRC32' }))
  const stream = await client.send(new s3.GetObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }))
  equal('a stream', Buffer.from(await stream.Body.transformToByteArray()), large)
  const part = await client.send(new s3.GetObjectCommand({ Bucket, Key: 'stream', Range: 'bytes=10-19' }))
  equal('a range', [await part.Body.transformToString(), part.ContentRange], [large.subarray(10, 20).toString(), `bytes 10-19/${large.length}`])

  const put = await getSignedUrl(client, new s3.PutObjectCommand({ Bucket, Key: 'signed url' }), { expiresIn: 60 })
  equal('a presigned URL names the bucket in its host', new URL(put).hostname, `${Bucket}.localhost`)
  equal('a presigned PUT', (await request(put, 'PUT', 'by URL')).status, 200)
  const get = await getSignedUrl(client, new s3.GetObjectCommand({ Bucket, Key: 'signed url' }), { expiresIn: 60 })
  equal('a presigned GET', await request(get), { status: 200, body: Buffer.from('by URL') })

  await refused('a missing key', () => client.send(new s3.GetObjectCommand({ Bucket, Key: 'missing' })),
    { name: 'NoSuchKey', message: 'The specified key does not exist.', status: 404 })
  await refused('a missing bucket', () => client.send(new s3.ListObjectsV2Command({ Bucket: 'not-there-at-all' })),
    { name: 'NoSuchBucket', message: 'The specified bucket does not exist', status: 404 })
  await refused('a bucket that is not empty', () => client.send(new s3.DeleteBucketCommand({ Bucket })),
    { name: 'BucketNotEmpty', message: 'The bucket you tried to delete is not empty', status: 409 })
  const addressed = new s3.S3Client({ ...base, endpoint })
  const head = await addressed.send(new s3.HeadObjectCommand({ Bucket, Key: 'signed url' }))
  equal('the same object by address', head.ContentLength, 6)
}

// Natural JSON as the document client takes it.
function documented(value) {
  if (Array.isArray(value)) return value.map(documented)
  if (value === null || typeof value !== 'object') return value
  const keys = Object.keys(value)
  if (keys.length === 1) {
    const inner = value[keys[0]]
    const number = (text) => NumberValue.from(String(text))
    switch (keys[0]) {
      case '$n': return number(inner)
      case '$b': return Buffer.from(inner, 'base64')
      case '$ss': return new Set(inner)
      case '$ns': return new Set(inner.map(number))
      case '$bs': return new Set(inner.map((member) => Buffer.from(member, 'base64')))
      case '$m': return entries(inner)
    }
  }
  return entries(value)
}
const entries = (value) => Object.fromEntries(Object.entries(value).map(([key, member]) => [key, documented(member)]))

// One form in which what was sent and what came back can be compared: numbers as exponent and digits, sets sorted.
function plain(value) {
  if (value instanceof NumberValue) return number(value.value)
  if (typeof value === 'number') return number(String(value))
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') }
  if (value instanceof Set) return { set: [...value].map((member) => JSON.stringify(plain(member))).sort() }
  if (Array.isArray(value)) return value.map(plain)
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]).sort())
  return value
}
function number(text) {
  const [, sign, whole, fraction = '', exponent = '0'] = /^([-+]?)(\d+)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(text)
  const digits = (whole + fraction).replace(/^0+/, '')
  const short = digits.replace(/0+$/, '')
  return short === '' ? { n: '0' } : { n: `${sign === '-' ? '-' : ''}${short}e${Number(exponent) - fraction.length + digits.length - short.length}` }
}

async function items() {
  const low = new ddb.DynamoDBClient({ ...base, endpoint })
  const client = DynamoDBDocumentClient.from(low, { unmarshallOptions: { wrapNumbers: true } })
  const folder = path.join(fixtures, 'dynamodb')
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.schema.json'))) {
    const schema = JSON.parse(readFileSync(path.join(folder, file)))
    const rows = JSON.parse(readFileSync(path.join(folder, file.replace('.schema', '')))).map(entries)
    const TableName = schema.TableName
    const order = schema.KeySchema.map((element) => element.AttributeName)
    await low.send(new ddb.CreateTableCommand(schema))
    await ddb.waitUntilTableExists({ client: low, minDelay: 1, maxDelay: 2, maxWaitTime: 10 }, { TableName })
    for (const Item of rows) await client.send(new PutCommand({ TableName, Item }))
    for (const row of rows) {
      const Key = Object.fromEntries(order.map((name) => [name, row[name]]))
      const got = await client.send(new GetCommand({ TableName, Key }))
      equal(`${TableName} ${JSON.stringify(Key)}`, plain(got.Item), plain(row))
    }
    const by = (row) => order.map((name) => JSON.stringify(plain(row[name]))).join()
    const sorted = (found) => found.map(plain).sort((one, two) => (by(one) < by(two) ? -1 : 1))
    const scanned = await client.send(new ScanCommand({ TableName }))
    equal(`${TableName}: Scan`, sorted(scanned.Items), sorted(rows))
    const first = rows[0][order[0]]
    const found = await client.send(new QueryCommand({
      TableName, KeyConditionExpression: '#h = :h', ExpressionAttributeNames: { '#h': order[0] }, ExpressionAttributeValues: { ':h': first },
    }))
    equal(`${TableName}: Query`, sorted(found.Items), sorted(rows.filter((row) => JSON.stringify(plain(row[order[0]])) === JSON.stringify(plain(first)))))
    await refused(`${TableName}: a condition that fails`, () => client.send(new PutCommand({
      TableName, Item: rows[0], ConditionExpression: 'attribute_not_exists(#h)', ExpressionAttributeNames: { '#h': order[0] },
    })), { name: 'ConditionalCheckFailedException', message: 'The conditional request failed', status: 400 })
  }
  const TableName = 'Forum'
  const put = (Name, more = {}) => ({ Put: { TableName, Item: { Name, ...more } } })
  await client.send(new TransactWriteCommand({ TransactItems: [put('one', { n: 1 }), put('two')] }))
  const gets = ['two', 'one', 'none'].map((Name) => ({ Get: { TableName, Key: { Name } } }))
  const read = await client.send(new TransactGetCommand({ TransactItems: gets }))
  equal('a transaction reads what one wrote', read.Responses.map((response) => plain(response.Item ?? null)),
    [plain({ Name: 'two' }), plain({ Name: 'one', n: 1 }), plain(null)])
  await refused('a transaction that is cancelled', () => client.send(new TransactWriteCommand({
    TransactItems: [put('three'), { ConditionCheck: { TableName, Key: { Name: 'none' }, ConditionExpression: 'attribute_exists(#n)', ExpressionAttributeNames: { '#n': 'Name' } } }],
  })), {
    name: 'TransactionCanceledException', status: 400,
    message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
  })
  await refused('a missing table', () => client.send(new ScanCommand({ TableName: 'non-existent' })),
    { name: 'ResourceNotFoundException', message: 'Requested resource not found', status: 400 })
  await refused('a name that is too short', () => low.send(new ddb.CreateTableCommand({
    TableName: 'ab', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], BillingMode: 'PAY_PER_REQUEST',
  })), {
    name: 'ValidationException', status: 400,
    message: "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
  })
}

await round(wanted, sections[wanted])
end()
