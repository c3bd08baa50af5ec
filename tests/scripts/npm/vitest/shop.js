import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";

// Made before any test runs, as code does that knows nothing of tests; where they go was read even before.
export const led = process.env.AWS_ENDPOINT_URL;
export const clients = { s3: new S3Client({}), dynamodb: new DynamoDBClient({}) };

export async function make(name) {
  await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
  await clients.dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    }),
  );
}

export async function names() {
  const { Buckets } = await clients.s3.send(new ListBucketsCommand({}));
  const { TableNames } = await clients.dynamodb.send(new ListTablesCommand({}));
  return { buckets: (Buckets ?? []).map((bucket) => bucket.Name), tables: TableNames };
}
