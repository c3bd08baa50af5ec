#!/usr/bin/env python3
"""Packs a built footbridge as an MCP bundle (.mcpb), which desktop clients install with a click.

  python3 packages/mcpb/pack.py --program target/release/footbridge --platform linux --into dist
  python3 packages/mcpb/pack.py ... --server-json https://example.com/releases/v0.1.0     # and the entry for a registry
  python3 packages/mcpb/pack.py --bundles dist/*.mcpb --server-json URL --into dist      # the entry alone, of several

The manifest is packages/mcpb/manifest.json with the program's own version and tools. The same program gives the same bytes. With
--server-json, `server.json` of this repository is written beside the bundles, with each as a package: where it will be
downloaded from, and its SHA-256.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PLATFORMS = ("darwin", "linux", "win32")
# The first moment that a zip can name: a bundle does not change with the day on which it is made.
TIME = (1980, 1, 1, 0, 0, 0)


def ask(program):
    """The version and the tools of the program, as it tells MCP clients."""
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "pack", "version": "1"}}
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]
    done = subprocess.run(
        [program, "mcp", "--ephemeral", "--listen", "0", "--backend", "local"],
        input="".join(json.dumps(line) + "\n" for line in lines), capture_output=True, text=True, timeout=60, check=True,
    )
    answers = {answer["id"]: answer["result"] for answer in map(json.loads, done.stdout.splitlines()) if "id" in answer}
    return answers[1]["serverInfo"]["version"], answers[2]["tools"]


def manifest(program, platform):
    of = json.loads((HERE / "manifest.json").read_text())
    version, tools = ask(program)
    of["version"] = version
    of["tools"] = [{"name": tool["name"], "description": tool["description"]} for tool in tools]
    of["compatibility"] = {"platforms": [platform]}
    if platform == "win32":
        of["server"]["entry_point"] += ".exe"
    return of


def pack(program, platform, into, processor=None):
    """The bundle, whose name has the processor where there is one for each."""
    of = manifest(program, platform)
    into.mkdir(parents=True, exist_ok=True)
    bundle = into / f"footbridge-{of['version']}-{'-'.join(filter(None, (platform, processor)))}.mcpb"
    files = [
        ("manifest.json", (json.dumps(of, indent=2) + "\n").encode(), 0o644),
        (of["server"]["entry_point"], Path(program).read_bytes(), 0o755),
        ("LICENSE-APACHE", (ROOT / "LICENSE-APACHE").read_bytes(), 0o644),
        ("LICENSE-MIT", (ROOT / "LICENSE-MIT").read_bytes(), 0o644),
    ]
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content, mode in files:
            entry = zipfile.ZipInfo(name, TIME)
            entry.create_system = 3
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return bundle


def version_of(bundle):
    with zipfile.ZipFile(bundle) as archive:
        return json.loads(archive.read("manifest.json"))["version"]


def entry(bundles, url):
    """What a registry is told: `server.json`, with the bundles as its packages."""
    versions = {version_of(bundle) for bundle in bundles}
    if len(versions) != 1:
        sys.exit(f"pack.py: bundles of one version are wanted, and these are of {sorted(versions)}")
    [version] = versions
    of = json.loads((ROOT / "server.json").read_text())
    of["version"] = version
    of["packages"] = [{
        "registryType": "mcpb",
        "identifier": f"{url.rstrip('/')}/{bundle.name}",
        "version": version,
        "fileSha256": hashlib.sha256(bundle.read_bytes()).hexdigest(),
        "transport": {"type": "stdio"},
    } for bundle in bundles]
    return of


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", help="the built program")
    parser.add_argument("--platform", choices=PLATFORMS, help="what it was built for")
    parser.add_argument("--processor", help="what else its name has to say, as x86_64")
    parser.add_argument("--bundles", type=Path, nargs="+", metavar="FILE", help="bundles that were packed before, in place of a program")
    parser.add_argument("--into", type=Path, default=Path("dist"), help="the directory for what is written")
    parser.add_argument("--server-json", metavar="URL", help="where the bundles will be downloaded from")
    options = parser.parse_args()
    if bool(options.bundles) == bool(options.program) or bool(options.program) != bool(options.platform):
        parser.error("either --program with its --platform, or --bundles")
    bundles = options.bundles or [pack(options.program, options.platform, options.into, options.processor)]
    if options.program:
        print(bundles[0])
    if options.server_json:
        target = options.into / "server.json"
        target.write_text(json.dumps(entry(bundles, options.server_json), indent=2) + "\n")
        print(target)


if __name__ == "__main__":
    sys.exit(main())
