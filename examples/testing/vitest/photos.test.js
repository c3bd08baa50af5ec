import { GetObjectCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { Photos } from "./photos.js";

test("a photo is kept", async () => {
  const photos = new Photos();
  await photos.make();
  await photos.save("cat.jpg", "meow");
  expect(await photos.names()).toEqual(["cat.jpg"]);
  const kept = await photos.s3.send(new GetObjectCommand({ Bucket: "photos", Key: "cat.jpg" }));
  expect(await kept.Body.transformToString()).toBe("meow");
});

test("each test begins with nothing", async () => {
  const photos = new Photos();
  const { Buckets } = await photos.s3.send(new ListBucketsCommand({}));
  expect(Buckets ?? []).toEqual([]);
  await photos.make();
  expect(await photos.names()).toEqual([]);
});
