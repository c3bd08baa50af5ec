#!/usr/bin/env python3
"""Prints the version, which is the workspace's in Cargo.toml, and fails where a file says another.

  python3 packages/versions.py                # all files agree
  python3 packages/versions.py --tag v0.1.0   # and the tag, and CHANGELOG.md has a section of that version
  python3 packages/versions.py --notes        # prints that section in place of the version
"""

import argparse
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def said(root):
    """The workspace's version, and by place what every other file says."""
    cargo = (root / "Cargo.toml").read_text()
    version = re.search(r'^\[workspace\.package\]\nversion = "([^"]+)"', cargo, re.M)[1]
    others = {}
    for path in ("Cargo.toml", "tui/Cargo.toml", "record/Cargo.toml"):
        for name, wanted in re.findall(r'^(footbridge[\w-]*) = \{ path = .*version = "([^"]+)"', (root / path).read_text(), re.M):
            others[f"{path}: {name}"] = wanted
    for path in ("server.json", "packages/mcpb/manifest.json", "packages/npm/package.json"):
        if (root / path).exists():
            of = json.loads((root / path).read_text())
            others[path] = of["version"]
            others.update({f"{path}: {name}": wanted for name, wanted in of.get("optionalDependencies", {}).items()})
    for chart in sorted(root.glob("infra/helm/charts/footbridge/Chart.yaml")):
        others[f"{chart.relative_to(root)}: appVersion"] = re.search(r'^appVersion: "?([^"\n]+)', chart.read_text(), re.M)[1]
    return version, others


def notes(root, version):
    """The section of CHANGELOG.md."""
    found = re.search(rf"^## {re.escape(version)}\b.*\n((?:(?!## ).*\n?)*)", (root / "CHANGELOG.md").read_text(), re.M)
    if not found:
        sys.exit(f"versions.py: CHANGELOG.md has no section `## {version}`")
    return found[1].strip() + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("--tag", help="the tag that is to be released")
    parser.add_argument("--notes", action="store_true", help="print the version's section of CHANGELOG.md")
    options = parser.parse_args()
    version, others = said(options.root)
    if options.tag is not None:
        others["the tag"] = options.tag.removeprefix("v") if options.tag.startswith("v") else f"{options.tag!r}"
        notes(options.root, version)
    wrong = [f"{place} says {other}" for place, other in others.items() if other != version]
    if wrong:
        sys.exit(f"versions.py: the workspace is {version}, and " + ", ".join(wrong))
    sys.stdout.write(notes(options.root, version) if options.notes else f"{version}\n")


if __name__ == "__main__":
    main()
