// lib-dynamodb of the JavaScript SDK v3 with what applications use it for: plain values, updates, batches, pages.
// Started by js.py.
//
//   node js_documents.mjs ENDPOINT

import { ConditionalCheckFailedException, CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb'
import { BatchGetCommand, BatchWriteCommand, DeleteCommand, DynamoDBDocument, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb'

import { base, end, equal, refused, round } from './support/checks.mjs'

const [endpoint] = process.argv.slice(2)
const low = new DynamoDBClient({ ...base, endpoint })
const client = DynamoDBDocument.from(low, { marshallOptions: { removeUndefinedValues: true, convertEmptyValues: false } })
const TableName = 'carts'

await round('documents', async () => {
  await low.send(new CreateTableCommand({
    TableName,
    KeySchema: [{ AttributeName: 'user', KeyType: 'HASH' }, { AttributeName: 'at', KeyType: 'RANGE' }],
    AttributeDefinitions: [{ AttributeName: 'user', AttributeType: 'S' }, { AttributeName: 'at', AttributeType: 'N' }, { AttributeName: 'shop', AttributeType: 'S' }],
    GlobalSecondaryIndexes: [{ IndexName: 'by_shop', KeySchema: [{ AttributeName: 'shop', KeyType: 'HASH' }], Projection: { ProjectionType: 'KEYS_ONLY' } }],
    BillingMode: 'PAY_PER_REQUEST',
  }))
  await waitUntilTableExists({ client: low, minDelay: 1, maxDelay: 2, maxWaitTime: 10 }, { TableName })

  const Item = {
    user: 'åsa', at: 1, total: 12.5, big: 12345678901234567890n, nothing: null, open: true, empty: '', tags: new Set(['a', 'b']), sizes: new Set([1, 2]), bytes: new Uint8Array([0, 255]), goods: [{ sku: 'tea', count: 2 }, []],
  }
  await client.put({ TableName, Item: { ...Item, gone: undefined } })
  equal('an item of every type', (await client.get({ TableName, Key: { user: 'åsa', at: 1 } })).Item, Item)

  const updated = await client.update({
    TableName, Key: { user: 'åsa', at: 1 }, ReturnValues: 'UPDATED_NEW', ConditionExpression: '#open = :yes',
    UpdateExpression: 'SET goods[0].#count = goods[0].#count + :one, seen = if_not_exists(seen, :zero) + :one ADD tags :more REMOVE nothing',
    ExpressionAttributeNames: { '#count': 'count', '#open': 'open' },
    ExpressionAttributeValues: { ':yes': true, ':one': 1, ':zero': 0, ':more': new Set(['c']) },
  })
  equal('an update', updated.Attributes, { goods: [{ count: 3 }], seen: 1, tags: new Set(['a', 'b', 'c']) })
  await refused('a condition that fails', () => client.put({ TableName, Item, ConditionExpression: 'attribute_not_exists(#u)', ExpressionAttributeNames: { '#u': 'user' } }),
    { name: 'ConditionalCheckFailedException', message: 'The conditional request failed', status: 400 })
  const old = await client.put({ TableName, Item, ConditionExpression: 'seen > :n', ExpressionAttributeValues: { ':n': 5 }, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })
    .catch((error) => error)
  equal('the item that was in the way', [old instanceof ConditionalCheckFailedException, old.Item?.seen], [true, { N: '1' }])

  const rows = Array.from({ length: 60 }, (_, at) => ({ user: 'bo', at, shop: `shop-${at % 3}`, note: 'x'.repeat(1000) }))
  for (let at = 0; at < rows.length; at += 25) {
    const answer = await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: rows.slice(at, at + 25).map((row) => ({ PutRequest: { Item: row } })) } }))
    equal('a batch', answer.UnprocessedItems, {})
  }
  const Keys = [{ user: 'bo', at: 3 }, { user: 'bo', at: 99 }, { user: 'åsa', at: 1 }]
  const batch = await client.send(new BatchGetCommand({ RequestItems: {
    [TableName]: { Keys, ProjectionExpression: '#u, seen', ExpressionAttributeNames: { '#u': 'user' } },
  } }))
  equal('a batch read', batch.Responses[TableName].sort((one, two) => (one.user < two.user ? -1 : 1)), [{ user: 'bo' }, { user: 'åsa', seen: 1 }])

  const pages = []
  for await (const page of paginateQuery({ client, pageSize: 25 }, {
    TableName, KeyConditionExpression: '#u = :u AND #a BETWEEN :from AND :to', FilterExpression: 'shop = :s', ScanIndexForward: false,
    ExpressionAttributeNames: { '#u': 'user', '#a': 'at' }, ExpressionAttributeValues: { ':u': 'bo', ':from': 5, ':to': 55, ':s': 'shop-1' },
  })) pages.push(page.Items.map((row) => row.at))
  equal('pages of a query', [pages.length, pages.flat()], [3, rows.map((row) => row.at).filter((at) => at >= 5 && at <= 55 && at % 3 === 1).reverse()])
  let count = 0
  for await (const page of paginateScan({ client }, { TableName, IndexName: 'by_shop', Limit: 7 })) count += page.Count
  equal('pages of a scan of an index', count, 60)
  await client.transactWrite({ TransactItems: [
    { Update: { TableName, Key: { user: 'bo', at: 0 }, UpdateExpression: 'SET note = :n', ExpressionAttributeValues: { ':n': 'moved' } } },
    { Delete: { TableName, Key: { user: 'bo', at: 1 } } },
  ] })
  const both = await client.transactGet({ TransactItems: [0, 1].map((at) => ({ Get: { TableName, Key: { user: 'bo', at }, ProjectionExpression: 'note' } })) })
  equal('a transaction', both.Responses.map((answer) => answer.Item), [{ note: 'moved' }, undefined])
  const deleted = await client.send(new DeleteCommand({ TableName, Key: { user: 'bo', at: 0 }, ReturnValues: 'ALL_OLD' }))
  equal('a delete', deleted.Attributes.note, 'moved')
})

await round('KeyConditions', async () => {
  // The old parameter, with an expression beside it.
  const found = await client.query({
    TableName, KeyConditions: { user: { ComparisonOperator: 'EQ', AttributeValueList: ['bo'] } }, FilterExpression: 'shop = :s', ExpressionAttributeValues: { ':s': 'shop-2' },
  })
  equal('KeyConditions with a filter', [found.Count, found.ScannedCount], [20, 58])
})
end()
