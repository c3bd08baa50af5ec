// Nothing here is run.
import { DynamoDBClient, DescribeTableCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, QueryCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import { S3Client, PutObjectCommand, GetObjectCommand, paginateListObjectsV2, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { Upload } from "@aws-sdk/lib-storage";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const s3 = new S3Client({});

/* new DeleteTableCommand({ TableName: "orders" }) is only a comment */
const pattern = /new DeleteTableCommand\({/;

export async function save(order: Order, key?: string) {
  await documents.send(
    new PutCommand({
      TableName: "orders",
      Item: { ...order, note: `it's ${order.id}` },
      ConditionExpression: "attribute_not_exists(id)",
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  const input: PutObjectCommandInput = { Bucket: "invoices", Key: `${order.id}.json`, Body: JSON.stringify(order) };
  input.ServerSideEncryption = "aws:kms";
  await s3.send(new PutObjectCommand(input));
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: "q", MessageBody: "x" }));
}

export async function* of(customer: string, start?: Key) {
  const found = await documents.send(
    new QueryCommand({ TableName: "orders", KeyConditionExpression: "c = :c", ...(start && { ExclusiveStartKey: start }) }),
  );
  yield* found.Items ?? [];
  for await (const page of paginateScan({ client: documents }, { TableName: "orders", Segment: 0, TotalSegments: 4 })) yield page;
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: "invoices", Prefix: "2026/" })) yield page;
}

export const link = (key: string) => getSignedUrl(s3, new GetObjectCommand({ Bucket: "invoices", Key: key }), { expiresIn: 60 });

export const upload = (body: ReadableStream) =>
  new Upload({ client: s3, params: { Bucket: "invoices", Key: "large", Body: body, SSECustomerKey: "k" } }).done();

export const ready = () => waitUntilTableExists({ client: documents, maxWaitTime: 10 }, { TableName: "orders" });
export const hidden = (input) => documents.send(new DescribeTableCommand(input));
