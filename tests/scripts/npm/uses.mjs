// What start() gives, used without a test runner, from an ES module.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBClient, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { current, start } from "footbridge-aws";

const seed = process.argv[2];
assert.equal(createRequire(import.meta.url)("footbridge-aws").start, start, "two copies, one for each kind of module");

// Of the shell and the folder nothing counts.
Object.assign(process.env, { FOOTBRIDGE_BACKEND: "aws", AWS_PROFILE: "nobody", AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1", AWS_SESSION_TOKEN: "old" });
const aws = await start({ seed });
const restore = aws.useEnvironment();
const s3 = new S3Client({});
const dynamodb = new DynamoDBClient(aws.config());
const held = async () => {
  const { Buckets } = await s3.send(new ListBucketsCommand({}));
  const { TableNames } = await dynamodb.send(new ListTablesCommand({}));
  return [(Buckets ?? []).map((bucket) => bucket.Name), TableNames];
};
assert.deepEqual(await held(), [["photos"], ["orders"]]);
await s3.send(new CreateBucketCommand({ Bucket: "more" }));
await aws.reset({ tables: true });
assert.deepEqual(await held(), [["more", "photos"], ["orders"]]);
await aws.reset();
assert.deepEqual(await held(), [["photos"], ["orders"]]);
assert.equal((await dynamodb.send(new ScanCommand({ TableName: "orders" }))).Count, 1);
restore();
assert.deepEqual([process.env.AWS_PROFILE, process.env.AWS_ENDPOINT_URL, process.env.AWS_SESSION_TOKEN], ["nobody", undefined, "old"]);
await Promise.all([aws.stop(), aws.stop()]);
await assert.rejects(aws.reset(), /does not answer at http:/);
assert.throws(current, /no footbridge runs for these tests/);

// Errors say what is wrong, and what was said.
const fails = (options, ...said) =>
  assert.rejects(start(options), (error) => said.every((text) => error.message.includes(text)) || assert.fail(error.message));
await fails({ seed: "not-there" }, "did not start", "not-there: No such file");
await fails({ region: "no region" }, "--region", "is not a region");
await fails({ config: "not-there.toml" }, "cannot read", "not-there.toml");
await fails({ program: "not-there" }, "not-there", "ENOENT");
await fails({ program: process.execPath }, "did not start", "Cannot find module");
await fails({ seconds: 0 }, "no answer within 0 s");

const bare = await start();
await bare.seed(seed);
await bare[Symbol.asyncDispose]();
// One that is not stopped keeps nobody: this script ends.
const { pid } = await start();
console.log(pid);
