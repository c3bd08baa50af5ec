import { S3Client } from "@aws-sdk/client-s3";
import footbridge = require("footbridge-aws");
import setup = require("footbridge-aws/jest");

async function main(): Promise<string> {
  const aws: footbridge.Footbridge = await footbridge.start({ seconds: 5 });
  new S3Client(aws.config()).destroy();
  await aws.stop();
  return aws.endpoint;
}

export const both: (() => Promise<unknown>)[] = [main, setup];
