import { defineConfig } from "vitest/config";

// BARE: what the runner takes by itself, for the same imports.
const bare = process.env.BARE !== undefined;
export default defineConfig({
  test: {
    include: bare ? ["bare.test.js"] : ["*.test.js"],
    exclude: bare ? [] : ["bare.test.js"],
    setupFiles: bare ? [] : ["footbridge-aws/vitest"],
    provide: { footbridge: { region: "eu-west-1" } },
  },
});
