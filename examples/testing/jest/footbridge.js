// A footbridge for each file of tests, in memory and on a free port, so that files can run side by side.
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { createInterface } = require("node:readline");

const ARGUMENTS = ["serve", "--ephemeral", "--listen", "0", "--json", "--exit-with-parent"];
let footbridge;

beforeAll(async () => {
  // It ends when its standard input does: with this process, however that ends.
  footbridge = spawn("footbridge", ARGUMENTS, { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: footbridge.stdout }), "line");
  process.env.AWS_ENDPOINT_URL = JSON.parse(line).endpoint;
  process.env.AWS_ACCESS_KEY_ID = "test";
  process.env.AWS_SECRET_ACCESS_KEY = "test";
  process.env.AWS_REGION = "us-east-1";
});

afterEach(async () => {
  await fetch(`${process.env.AWS_ENDPOINT_URL}/_footbridge/reset`, { method: "POST" });
});

afterAll(async () => {
  footbridge.stdin.end();
  await once(footbridge, "exit");
});
