"""packages/mcpb: the bundle of the built program, checked by the program of those who made the format, unpacked and started."""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "packages/mcpb"))
import pack  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    for name in ("program", "modules"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        root = Path(root)
        os.environ.update(HOME=str(root), XDG_DATA_HOME=str(root / "data"), XDG_CONFIG_HOME=str(root / "config"))
        url = "https://example.com/releases/v0.1.0/"
        first = root / "first"
        subprocess.run(
            [sys.executable, str(ROOT / "packages/mcpb/pack.py"), "--program", options.program, "--platform", "linux",
             "--into", str(first), "--server-json", url], check=True, stdout=subprocess.DEVNULL,
        )
        [bundle] = first.glob("*.mcpb")
        # A small one twice.
        small = root / "footbridge"
        small.write_text(f'#!/bin/sh\nexec {options.program} "$@"\n')
        small.chmod(0o755)
        twice = [pack.pack(str(small), "darwin", root / name, "arm64") for name in ("one", "two")]
        assert twice[0].read_bytes() == twice[1].read_bytes(), "packed twice, it is not the same"
        assert twice[0].name.endswith("-darwin-arm64.mcpb")
        # A release has a bundle for each target.
        both = pack.entry([bundle, twice[0]], url)["packages"]
        assert [one["identifier"] for one in both] == [url + bundle.name, url + twice[0].name]

        def mcpb(*words):
            subprocess.run(["node", f"{options.modules}/.bin/mcpb", *map(str, words)], check=True, stdout=subprocess.DEVNULL)

        unpacked = root / "unpacked"
        mcpb("unpack", bundle, unpacked)
        mcpb("validate", unpacked / "manifest.json")
        manifest = json.loads((unpacked / "manifest.json").read_text())
        config = manifest["server"]["mcp_config"]
        program = config["command"].replace("${__dirname}", str(unpacked))
        assert program == str(unpacked / manifest["server"]["entry_point"])
        version, tools = pack.ask(program)
        assert manifest["version"] == version and len(manifest["tools"]) == len(tools) > 20
        assert config["args"] == ["mcp"] and manifest["manifest_version"] == "0.3"

        # What the registry's schema asks of an entry.
        entry = json.loads((first / "server.json").read_text())
        [package] = entry["packages"]
        assert entry["$schema"].endswith("/2025-12-11/server.schema.json")
        assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", entry["name"]) and 1 <= len(entry["description"]) <= 100
        assert entry["version"] == package["version"] == version
        assert package["identifier"] == url + bundle.name and package["transport"] == {"type": "stdio"}
        assert package["fileSha256"] == hashlib.sha256(bundle.read_bytes()).hexdigest()
        # The two that are kept by hand say what the program says, and no package is claimed that is not released.
        for path in ("server.json", "packages/mcpb/manifest.json"):
            kept = json.loads((ROOT / path).read_text())
            assert kept["version"] == version and "packages" not in kept, path
    print(f"report: {bundle.name}: {len(tools)} tools")


if __name__ == "__main__":
    main()
