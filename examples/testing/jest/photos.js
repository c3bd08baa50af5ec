// What is tested: it knows nothing of tests.
const { CreateTableCommand, DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { CreateBucketCommand, PutObjectCommand, S3Client } = require("@aws-sdk/client-s3");
const { DynamoDBDocumentClient, PutCommand, ScanCommand } = require("@aws-sdk/lib-dynamodb");

class Photos {
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

module.exports = { Photos };
