// A footbridge of one's own: S3 and DynamoDB in memory, on a free port.
"use strict";
const { request } = require("node:http");
const { resolve } = require("node:path");
const { program } = require("./program.cjs");
const { done, end, ready, release, run } = require("./serve.cjs");

/** Variables that outrank those of `environment()`, or mix with them. */
const LEADS_ELSEWHERE = /^AWS_(ENDPOINT_URL_.*|SESSION_TOKEN|SECURITY_TOKEN|PROFILE|DEFAULT_PROFILE|IGNORE_CONFIGURED_ENDPOINT_URLS)$/;

/**
 * @param {string} url
 * @returns {Promise<void>}
 */
function post(url) {
  return new Promise((fulfil, reject) => {
    // Not `fetch`, which is missing where a suite has the globals of a browser.
    const sent = request(url, { method: "POST", agent: false }, (answer) => {
      let said = "";
      answer.setEncoding("utf8").on("data", (text) => (said += text));
      answer.on("error", reject);
      answer.on("end", () => {
        if (answer.statusCode === 200) fulfil();
        else reject(new Error(`footbridge answered ${answer.statusCode} to ${url}: ${said.trim()}`));
      });
    });
    sent.on("error", (error) => reject(new Error(`footbridge does not answer at ${url}: ${error.message}`)));
    sent.end();
  });
}

/** @implements {FootbridgeType} */
class Footbridge {
  #child;
  #options;
  /** @type {Promise<void> | undefined} */
  #stopped;

  /**
   * @param {ReturnType<typeof run>} child
   * @param {import("./serve.cjs").Ready} said
   * @param {{ file: string, region: string, seed?: string, config?: string }} options
   */
  constructor(child, said, options) {
    this.#child = child;
    this.#options = options;
    this.endpoint = said.endpoint;
    this.pid = said.pid;
    this.journal = said.journal;
    this.region = options.region;
  }

  /** @returns {import("./index.cjs").ClientConfig} */
  config() {
    return {
      endpoint: this.endpoint,
      region: this.region,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      forcePathStyle: true,
    };
  }

  /** @returns {import("./index.cjs").Environment} */
  environment() {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: this.region,
      AWS_DEFAULT_REGION: this.region,
    };
  }

  /** @param {Record<string, string | undefined>} env */
  useEnvironment(env = process.env) {
    const led = this.environment();
    const names = [...Object.keys(led), ...Object.keys(env).filter((name) => LEADS_ELSEWHERE.test(name))];
    const before = names.map((name) => /** @type {const} */ ([name, env[name]]));
    for (const name of names) delete env[name];
    Object.assign(env, led);
    return () => {
      for (const [name, value] of before) {
        if (value === undefined) delete env[name];
        else env[name] = value;
      }
    };
  }

  /** @param {import("./index.cjs").What} what */
  async reset(what = {}) {
    const only = what.tables === what.buckets ? "" : what.tables ? "/tables" : "/buckets";
    await post(`${this.endpoint}/_footbridge/reset${only}`);
    if (this.#options.seed !== undefined) await this.seed(this.#options.seed);
  }

  /** @param {string} folder */
  async seed(folder) {
    const { file, region, config } = this.#options;
    const words = ["seed", resolve(folder), "--running", this.journal, "--region", region];
    await done(run(file, words, config), `seeding from ${folder}`);
  }

  stop() {
    this.#stopped ??= end(this.#child);
    return this.#stopped;
  }

  [Symbol.asyncDispose]() {
    return this.stop();
  }
}

/**
 * @param {import("./index.cjs").StartOptions} options
 * @returns {Promise<FootbridgeType>}
 */
async function start(options = {}) {
  const { region = "us-east-1", listen = 0, seconds = 30 } = options;
  const file = options.program === undefined ? program() : resolve(options.program);
  const seed = options.seed === undefined ? undefined : resolve(options.seed);
  const config = options.config === undefined ? undefined : resolve(options.config);
  const words = ["serve", "--ephemeral", "--listen", String(listen), "--region", region, "--exit-with-parent"];
  const child = run(file, words, config, seed === undefined ? {} : { FOOTBRIDGE_SEED_PATH: seed });
  const said = await ready(child, seconds);
  release(child);
  return new Footbridge(child, said, { file, region, seed, config });
}

module.exports = { start };

/** @typedef {import("./index.cjs").Footbridge} FootbridgeType */
