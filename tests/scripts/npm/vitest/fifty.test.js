import { current } from "footbridge-aws";
import { expect, test } from "vitest";
import { led, make, names } from "./shop.js";

for (let n = 0; n < 50; n++) {
  test(`${n} finds only what it made`, async () => {
    await make(`shop-${n}`);
    expect(await names()).toEqual({ buckets: [`shop-${n}`], tables: [`shop-${n}`] });
    expect(led).toBe(current().endpoint);
    expect(current().region).toBe("eu-west-1");
  });
}
