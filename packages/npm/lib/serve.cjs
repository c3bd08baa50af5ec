// A process of `footbridge serve`: started, its first line read, ended.
"use strict";
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { join } = require("node:path");

/** How much of what it said last is kept, for errors. */
const KEPT = 8192;
/** An empty configuration: what a person or a project has set up is not for a test suite. */
const NOTHING_SET = join(__dirname, "nothing-set.toml");

/** @typedef {{ endpoint: string, pid: number, journal: string }} Ready */
/** @typedef {import("node:child_process").ChildProcess} Child */

/**
 * @param {string} file
 * @param {string[]} words
 * @param {string | undefined} config
 * @param {Record<string, string>} [more]
 * @returns {import("node:child_process").ChildProcessByStdio<import("node:stream").Writable, import("node:stream").Readable, import("node:stream").Readable>}
 */
function run(file, words, config, more = {}) {
  // Nothing of the shell's leads it elsewhere, nor a `.env` where the tests run.
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|FOOTBRIDGE)_/i.test(name));
  return spawn(file, [...words, "--json", "--config", config ?? NOTHING_SET], {
    cwd: __dirname,
    env: { ...Object.fromEntries(kept), ...more },
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
}

/**
 * The end of what a process says, as text.
 * @param {import("node:stream").Readable} stream
 */
function tail(stream) {
  let text = "";
  stream.setEncoding("utf8").on("data", (/** @type {string} */ more) => {
    text = (text + more).slice(-KEPT);
  });
  return () => text.trim();
}

/**
 * The first line that it prints, or why there is none.
 * @param {ReturnType<typeof run>} child
 * @param {number} seconds
 * @returns {Promise<Ready>}
 */
function ready(child, seconds) {
  const said = tail(child.stderr);
  return new Promise((resolve, reject) => {
    let line = "";
    /** @param {string} why */
    const fail = (why) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new Error(`footbridge did not start: ${why}${said() && `\n${said()}`}`));
    };
    const timer = setTimeout(() => fail(`no answer within ${seconds} s`), seconds * 1000);
    child.once("error", (error) => fail(`${child.spawnfile}: ${error.message}`));
    child.once("close", (code, signal) => fail(`it ended with ${signal ?? `exit code ${code}`}`));
    child.stdout.setEncoding("utf8").on("data", function take(/** @type {string} */ more) {
      line += more;
      const end = line.indexOf("\n");
      if (end < 0) return;
      clearTimeout(timer);
      child.stdout.off("data", take).resume();
      child.removeAllListeners("close").removeAllListeners("error").on("error", () => {});
      try {
        resolve(JSON.parse(line.slice(0, end)));
      } catch {
        fail(`it said ${JSON.stringify(line.slice(0, end))}`);
      }
    });
  });
}

/**
 * Runs a command to its end.
 * @param {ReturnType<typeof run>} child
 * @param {string} what
 */
async function done(child, what) {
  const said = tail(child.stderr);
  child.stdin.end();
  child.stdout.resume();
  const [code, signal] = await once(child, "close");
  if (code !== 0) throw new Error(`${what} failed with ${signal ?? `exit code ${code}`}${said() && `\n${said()}`}`);
}

/**
 * From now on neither it nor its pipes keep this process alive, and what it says goes where this process's errors do.
 * @param {ReturnType<typeof run>} child
 */
function release(child) {
  child.stderr.removeAllListeners("data").on("data", (text) => process.stderr.write(text));
  child.unref();
  for (const pipe of child.stdio) /** @type {import("node:net").Socket | null} */ (pipe)?.unref?.();
  // An end that nobody reads any more is no error of this process.
  child.stdin.on("error", () => {});
}

/**
 * Ends it, and waits until it has.
 * @param {ReturnType<typeof run>} child
 */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const gone = once(child, "exit");
  // Its standard input is what it lives by.
  child.stdin.end();
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(late);
}

module.exports = { done, end, ready, release, run };
