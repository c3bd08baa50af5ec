// For `setupFilesAfterEnv` of Jest, which awaits what such a file gives. Options of `start` come from `globals.footbridge`.
"use strict";
const { suite } = require("./suite.cjs");

module.exports = async () => {
  // Inside Jest this is always there, also where a project has turned the globals off.
  const { afterAll, afterEach } = require("@jest/globals");
  await suite({ afterAll, afterEach }, false, Reflect.get(globalThis, "footbridge"));
};
