// Which package has the program for this machine, and where that lies.
"use strict";
const { name, optionalDependencies } = require("../package.json");

/**
 * @param {string} [platform]
 * @param {string} [arch]
 * @returns {string} the path of the program
 */
function program(platform = process.platform, arch = process.arch) {
  const wanted = `${name}-${platform}-${arch}`;
  if (!(wanted in optionalDependencies)) {
    throw new Error(
      `${name} has no program for ${platform} on ${arch}. Build footbridge from its source, and name the program it gives: start({ program })`,
    );
  }
  try {
    return require.resolve(`${wanted}/bin/footbridge${platform === "win32" ? ".exe" : ""}`);
  } catch {
    const libc = platform === "linux" ? " It is for glibc: on Alpine and other systems with musl, build footbridge from its source and name the program: start({ program })." : "";
    throw new Error(
      `the package ${wanted}, which has the program for this machine, is not installed. ` +
        `Install ${name} on this machine, without leaving out optional dependencies.${libc}`,
    );
  }
}

module.exports = { program };
