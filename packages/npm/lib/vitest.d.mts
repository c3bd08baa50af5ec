import type { StartOptions } from "./index.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** How footbridge is started for each file of tests. */
    footbridge: StartOptions;
  }
}
