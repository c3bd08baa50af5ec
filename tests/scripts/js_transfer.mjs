// The JavaScript SDK v3 as applications send files: lib-storage and presigned URLs with fetch, in both checksum modes.
// Started by js.py.
//
//   node js_transfer.mjs ENDPOINT

import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'

import * as s3 from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'

import { base, end, equal, refused, round } from './support/checks.mjs'

const [endpoint] = process.argv.slice(2)
const part = 5 * 1024 * 1024
const small = Buffer.from('ein Brief, åäö\n')
const large = randomBytes(part + 1_234_567)
const key = "letters/a b+c/ü&'.txt"

const etag = (bytes) => `"${createHash('md5').update(bytes).digest('hex')}"`
// Whether they are the same, and not what they are: six megabytes tell nobody anything.
const bytes = (what, got, want) => equal(what, [got.length, etag(got)], [want.length, etag(want)])

async function rounds(mode) {
  // Nothing but the endpoint: what is an address is spoken to by path.
  const client = new s3.S3Client({ ...base, endpoint, requestChecksumCalculation: mode, responseChecksumValidation: mode })
  const Bucket = `js-${mode.toLowerCase().replace('_', '-')}`
  const get = async (Key, more = {}) => Buffer.from(await (await client.send(new s3.GetObjectCommand({ Bucket, Key, ...more }))).Body.transformToByteArray())
  await client.send(new s3.CreateBucketCommand({ Bucket }))

  await round(`${mode}: objects`, async () => {
    const put = await client.send(new s3.PutObjectCommand({ Bucket, Key: key, Body: small, ContentType: 'text/plain', Metadata: { of: mode } }))
    equal(`${mode}: PutObject`, put.ETag, etag(small))
    bytes(`${mode}: GetObject`, await get(key), small)
    const head = await client.send(new s3.HeadObjectCommand({ Bucket, Key: key }))
    equal(`${mode}: HeadObject`, [head.ContentLength, head.ContentType, head.Metadata], [small.length, 'text/plain', { of: mode }])
    await client.send(new s3.CopyObjectCommand({ Bucket, Key: 'copy', CopySource: encodeURI(`${Bucket}/${key}`).replaceAll('+', '%2B') }))
    bytes(`${mode}: CopyObject`, await get('copy'), small)
  })

  await round(`${mode}: uploads`, async () => {
    const one = await new Upload({ client, params: { Bucket, Key: 'one', Body: small } }).done()
    equal(`${mode}: Upload of one piece`, one.ETag, etag(small))
    const bodies = { bytes: () => large, stream: () => Readable.from([large.subarray(0, part - 7), large.subarray(part - 7)]) }
    for (const [kind, body] of Object.entries(bodies)) {
      const upload = new Upload({ client, params: { Bucket, Key: kind, Body: body(), ContentType: 'video/mp4' }, partSize: part, queueSize: 3 })
      const seen = []
      upload.on('httpUploadProgress', ({ part }) => seen.push(part))
      const done = await upload.done()
      equal(`${mode}: ${kind} in parts`, [/^"[0-9a-f]{32}-2"$/.test(done.ETag), seen.sort()], [true, [1, 2]])
      bytes(`${mode}: ${kind}`, await get(kind), large)
      bytes(`${mode}: a range of ${kind}`, await get(kind, { Range: `bytes=${part - 5}-${part + 4}` }), large.subarray(part - 5, part + 5))
      bytes(`${mode}: part 2 of ${kind}`, await get(kind, { PartNumber: 2 }), large.subarray(part))
    }
    // By hand; whatever checksums an answer has go back, as many clients do.
    const upload = { Bucket, Key: 'by hand', UploadId: (await client.send(new s3.CreateMultipartUploadCommand({ Bucket, Key: 'by hand' }))).UploadId }
    const checksums = (answer) => Object.fromEntries(Object.entries(answer).filter(([name]) => name === 'ETag' || /^Checksum(?!Type)/.test(name)))
    const { CopyPartResult } = await client.send(new s3.UploadPartCopyCommand({ ...upload, PartNumber: 1, CopySource: `${Bucket}/bytes`, CopySourceRange: `bytes=1-${part}` }))
    const last = await client.send(new s3.UploadPartCommand({ ...upload, PartNumber: 2, Body: small }))
    await client.send(new s3.CompleteMultipartUploadCommand({ ...upload,
      MultipartUpload: { Parts: [{ PartNumber: 1, ...checksums(CopyPartResult) }, { PartNumber: 2, ...(mode === 'WHEN_REQUIRED' ? checksums(last) : { ETag: last.ETag }) }] } }))
    bytes(`${mode}: UploadPartCopy and UploadPart`, await get('by hand'), Buffer.concat([large.subarray(1, part + 1), small]))
    const failing = Readable.from((async function* () { yield large; throw new Error('the disk is gone') })())
    await refused(`${mode}: an upload whose source fails`, () => new Upload({ client, params: { Bucket, Key: 'failed', Body: failing }, partSize: part }).done(),
      { name: 'Error', message: 'the disk is gone', status: undefined })
    equal(`${mode}: no upload is left`, (await client.send(new s3.ListMultipartUploadsCommand({ Bucket }))).Uploads, undefined)
  })

  // What getSignedUrl makes by default, and fetch sends without a word of AWS.
  await round(`${mode}: presigned`, async () => {
    const signed = (command) => getSignedUrl(client, command, { expiresIn: 60 })
    const sent = async (command, method, body) => fetch(await signed(command), { method, body })
    const put = await sent(new s3.PutObjectCommand({ Bucket, Key: 'signed' }), 'PUT', small)
    equal(`${mode}: presigned PUT`, [put.status, put.headers.get('etag'), await put.text()], [200, etag(small), ''])
    const got = await sent(new s3.GetObjectCommand({ Bucket, Key: 'signed' }))
    equal(`${mode}: presigned GET`, [got.status, await got.text()], [200, small.toString()])
    const head = await sent(new s3.HeadObjectCommand({ Bucket, Key: 'signed' }), 'HEAD')
    equal(`${mode}: presigned HEAD`, [head.status, head.headers.get('content-length')], [200, String(small.length)])
    const upload = { Bucket, Key: 'signed parts', UploadId: (await client.send(new s3.CreateMultipartUploadCommand({ Bucket, Key: 'signed parts' }))).UploadId }
    const Parts = []
    for (let at = 0; at < large.length; at += part) {
      const answer = await sent(new s3.UploadPartCommand({ ...upload, PartNumber: Parts.length + 1 }), 'PUT', large.subarray(at, at + part))
      equal(`${mode}: presigned part ${Parts.length + 1}`, [answer.status, await answer.text()], [200, ''])
      Parts.push({ PartNumber: Parts.length + 1, ETag: answer.headers.get('etag') })
    }
    await client.send(new s3.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }))
    bytes(`${mode}: the presigned parts`, await get('signed parts'), large)
    const other = await fetch((await signed(new s3.PutObjectCommand({ Bucket, Key: 'signed' }))).replace('/signed?', '/other?'), { method: 'PUT', body: small })
    equal(`${mode}: a presigned URL of another key`, [other.status, /<Code>(.*)<\/Code>/.exec(await other.text())?.[1]], [403, 'SignatureDoesNotMatch'])
    equal(`${mode}: presigned DELETE`, (await sent(new s3.DeleteObjectCommand({ Bucket, Key: 'signed' }), 'DELETE')).status, 204)
  })

  await round(`${mode}: the end`, async () => {
    const keys = []
    for await (const page of s3.paginateListObjectsV2({ client, pageSize: 3 }, { Bucket })) keys.push(...page.Contents.map((entry) => entry.Key))
    equal(`${mode}: the list`, keys, ['by hand', 'bytes', 'copy', key, 'one', 'signed parts', 'stream'])
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: key }))
    await client.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }))
    await client.send(new s3.DeleteBucketCommand({ Bucket }))
    await refused(`${mode}: the bucket is gone`, () => client.send(new s3.HeadBucketCommand({ Bucket })), { name: 'NotFound', message: 'UnknownError', status: 404 })
  })
}

for (const mode of ['WHEN_SUPPORTED', 'WHEN_REQUIRED']) await rounds(mode)
end()
