// What the setup files for test runners share.
"use strict";
const { start } = require("./footbridge.cjs");

/** Where the one that runs is kept, whichever copy of this file a test has. */
const CURRENT = Symbol.for("footbridge-aws.current");
/** @type {NodeJS.Process & { [CURRENT]?: import("./index.cjs").Footbridge }} */
const worker = process;

/**
 * A footbridge for a file of tests: led there before anything of the file runs, emptied after each test.
 * @param {{ afterEach: (hook: () => Promise<void>) => void, afterAll: (hook: () => Promise<void>) => void }} runner
 * @param {boolean} stays Whether it is there for the worker's next file too, which may go on with this one's AWS clients.
 * @param {import("./index.cjs").StartOptions} [options]
 */
async function suite({ afterEach, afterAll }, stays, options) {
  const aws = (worker[CURRENT] ??= await start(options));
  const restore = aws.useEnvironment();
  afterEach(() => aws.reset());
  afterAll(async () => {
    restore();
    if (stays) return aws.reset();
    delete worker[CURRENT];
    await aws.stop();
  });
}

/** @returns {import("./index.cjs").Footbridge} */
function current() {
  const aws = worker[CURRENT];
  if (!aws) throw new Error("no footbridge runs for these tests: name footbridge-aws/vitest or footbridge-aws/jest in the runner's setup files");
  return aws;
}

module.exports = { current, suite };
