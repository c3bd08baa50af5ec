"use strict";
const { start } = require("./footbridge.cjs");
const { current } = require("./suite.cjs");

module.exports = /** @satisfies {typeof import("./index.cjs")} */ ({ current, start });
