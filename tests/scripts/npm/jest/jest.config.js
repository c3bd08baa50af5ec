// BARE: what the runner takes by itself, for the same imports.
const bare = process.env.BARE !== undefined;
module.exports = {
  testEnvironment: "node",
  testMatch: bare ? ["**/bare.test.js"] : ["**/fifty.test.js"],
  setupFilesAfterEnv: bare ? [] : ["footbridge-aws/jest"],
  globals: { footbridge: { region: "eu-west-1" } },
};
