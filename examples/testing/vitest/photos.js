// What is tested: it knows nothing of tests.
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";

export class Photos {
  s3 = new S3Client({});
  table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

  async make() {
    await this.s3.send(new CreateBucketCommand({ Bucket: "photos" }));
    await this.table.send(
      new CreateTableCommand({
        TableName: "photos",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "name", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "name", AttributeType: "S" }],
      }),
    );
  }

  async save(name, picture) {
    await this.s3.send(new PutObjectCommand({ Bucket: "photos", Key: name, Body: picture }));
    await this.table.send(new PutCommand({ TableName: "photos", Item: { name, bytes: picture.length } }));
  }

  async names() {
    const { Items } = await this.table.send(new ScanCommand({ TableName: "photos" }));
    return Items.map((item) => item.name).sort();
  }
}
