#!/usr/bin/env node
// The command `footbridge`: becomes the program of this machine's package.
"use strict";
const { spawn } = require("node:child_process");
const { program } = require("../lib/program.cjs");

let path;
try {
  path = program();
} catch (error) {
  console.error(`footbridge: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
const words = process.argv.slice(2);
const newer = /** @type {NodeJS.Process & { execve?: (file: string, words: string[], env: NodeJS.ProcessEnv) => void }} */ (process);
if (newer.execve && process.platform !== "win32") {
  // From Node 22.15 on. An MCP server runs for hours, and Node beside it would take more memory than it does.
  newer.execve(path, [path, ...words], process.env);
}
const child = spawn(path, words, { stdio: "inherit" });
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`footbridge: ${path} does not start: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else {
    process.exit(code ?? 1);
  }
});
