module.exports = { setupFilesAfterEnv: ["./footbridge.js"], testEnvironment: "node" };
