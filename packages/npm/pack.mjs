#!/usr/bin/env node
// Packs the npm packages: footbridge-aws, and one for each platform with the program built for it.
//
//   node packages/npm/pack.mjs --binary linux-x64=target/release/footbridge --out dist
//
// --binary PLATFORM=PATH may be repeated; a platform is the end of a name in optionalDependencies of package.json. --level is
// gzip's, 9 without it. The same files give the same bytes. Each tarball can be given to `npm publish`, the platforms' first.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const TOP = join(HERE, "../..");
const MAIN = JSON.parse(readFileSync(join(HERE, "package.json"), "utf8"));
const PLATFORMS = Object.keys(MAIN.optionalDependencies).map((name) => name.slice(MAIN.name.length + 1));

/** @typedef {{ name: string, content: Buffer, runs?: boolean }} File */

/**
 * A file in the format of tar (ustar).
 * @param {File} file
 */
function entry({ name, content, runs = false }) {
  const header = Buffer.alloc(512);
  /** @param {number} value @param {number} length */
  const octal = (value, length) => `${value.toString(8).padStart(length - 1, "0")}\0`;
  header.write(`package/${name}`, 0, 100);
  header.write(octal(runs ? 0o755 : 0o644, 8) + octal(0, 8) + octal(0, 8), 100);
  // npm's own moment: a tarball does not change with the day on which it is made.
  header.write(octal(content.length, 12) + octal(499_162_500, 12), 124);
  header.write("        0", 148);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/**
 * @param {string} out
 * @param {{ name: string, version: string }} manifest
 * @param {File[]} files
 * @param {number} level
 */
function pack(out, manifest, files, level) {
  const all = [
    { name: "package.json", content: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) },
    ...["LICENSE-APACHE", "LICENSE-MIT"].map((name) => ({ name, content: readFileSync(join(TOP, name)) })),
    ...files,
  ];
  const tarball = join(out, `${manifest.name}-${manifest.version}.tgz`);
  writeFileSync(tarball, gzipSync(Buffer.concat([...all.map(entry), Buffer.alloc(1024)]), { level }));
  console.log(tarball);
}

/**
 * @param {string} platform
 * @param {string} binary
 */
function ofPlatform(platform, binary) {
  const [os = "", cpu = ""] = platform.split("-");
  const name = `bin/footbridge${os === "win32" ? ".exe" : ""}`;
  const manifest = {
    name: `${MAIN.name}-${platform}`,
    version: MAIN.version,
    description: `The program of ${MAIN.name} for ${os} on ${cpu}. Install ${MAIN.name}, which chooses it.`,
    license: MAIN.license,
    ...(MAIN.repository && { repository: MAIN.repository }),
    engines: MAIN.engines,
    os: [os],
    cpu: [cpu],
    ...(os === "linux" && { libc: ["glibc"] }),
    files: ["bin"],
    // Yarn keeps packages zipped, and a program cannot be started from there.
    preferUnplugged: true,
  };
  if (platform === `${process.platform}-${process.arch}`) {
    const said = execFileSync(binary, ["--version"], { encoding: "utf8" }).trim();
    if (said !== `footbridge ${MAIN.version}`) throw new Error(`${binary} is "${said}", the packages are ${MAIN.version}`);
  }
  const readme = `# ${manifest.name}\n\n${manifest.description}\n`;
  return { manifest, files: [{ name: "README.md", content: Buffer.from(readme) }, { name, content: readFileSync(binary), runs: true }] };
}

const { values } = parseArgs({
  options: {
    binary: { type: "string", multiple: true, default: [] },
    out: { type: "string", default: "dist" },
    level: { type: "string", default: "9" },
  },
});
mkdirSync(values.out, { recursive: true });
const level = Number(values.level);
for (const given of values.binary) {
  const [platform = "", path = ""] = given.split(/=(.*)/s);
  if (!PLATFORMS.includes(platform) || !path) {
    console.error(`--binary ${given}: it is PLATFORM=PATH, with one of ${PLATFORMS.join(", ")}`);
    process.exit(2);
  }
  const { manifest, files } = ofPlatform(platform, path);
  pack(values.out, manifest, files, level);
}
const own = ["README.md", ...MAIN.files.flatMap((/** @type {string} */ folder) => readdirSync(join(HERE, folder)).map((name) => `${folder}/${name}`))];
pack(values.out, MAIN, own.map((name) => ({ name, content: readFileSync(join(HERE, name)), runs: name.startsWith("bin/") })), level);
