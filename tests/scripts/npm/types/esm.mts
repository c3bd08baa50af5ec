import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { current, start, type ClientConfig, type Footbridge, type StartOptions } from "footbridge-aws";

const options: StartOptions = { seed: "fixtures", region: "eu-west-1", listen: "127.0.0.1:0" };
await using aws: Footbridge = await start(options);
const config: ClientConfig = aws.config();
export const clients = [new S3Client(config), new DynamoDBClient(config), new S3Client({ ...aws.config(), maxAttempts: 1 })];
export const environment: NodeJS.ProcessEnv = { ...process.env, ...aws.environment() };
const restore: () => void = aws.useEnvironment();
restore();
await aws.reset();
await aws.reset({ tables: true });
await current().seed("fixtures");
// @ts-expect-error Not a thing that can be reset.
await aws.reset({ table: true });
// @ts-expect-error It answers where it answers.
aws.endpoint = "";
// @ts-expect-error No such option.
await start({ seeds: "fixtures" });
await aws.stop();
