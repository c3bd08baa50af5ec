// For `setupFiles` of Vitest. Options of `start` come from `test.provide.footbridge`.
import { afterAll, afterEach, inject } from "vitest";
import { suite } from "./suite.cjs";

// Where files are isolated, each has a worker of its own, which this ends with.
await suite({ afterAll, afterEach }, true, inject("footbridge"));
