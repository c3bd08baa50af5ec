#!/usr/bin/env python3
"""Writes the Homebrew formula of a release from its SHA256SUMS.

  python3 packages/homebrew/formula.py --version 0.1.0 --sums dist/SHA256SUMS --repository OWNER/footbridge >Formula/footbridge.rb

Nothing is downloaded: an archive that the sums do not name is an error, so that no formula points at what was not released.
"""

import argparse
import re
import sys
from pathlib import Path

# By Homebrew's words for a system and a processor: the target that the release is built for.
TARGETS = {
    ("macos", "arm"): "aarch64-apple-darwin",
    ("macos", "intel"): "x86_64-apple-darwin",
    ("linux", "arm"): "aarch64-unknown-linux-gnu",
    ("linux", "intel"): "x86_64-unknown-linux-gnu",
}
FORMULA = """\
class Footbridge < Formula
  desc "S3 and DynamoDB for agents and tests: an emulator inside, or AWS"
  homepage "https://github.com/{repository}"
  version "{version}"
  license any_of: ["MIT", "Apache-2.0"]
{systems}
  def install
    bin.install "footbridge"
    generate_completions_from_executable(bin/"footbridge", "completions")
  end

  test do
    assert_match version.to_s, shell_output("#{{bin}}/footbridge --version")
  end
end
"""


class Trouble(Exception):
    """What is wrong with what was given."""


def sums(text):
    """The hash of each file, as `sha256sum` prints them."""
    of = {}
    for line in text.splitlines():
        found = re.fullmatch(r"([0-9a-f]{64}) [ *](\S+)", line)
        if not found:
            raise Trouble(f"no line of `sha256sum`: {line!r}")
        of[found[2]] = found[1]
    return of


def formula(version, of, repository):
    if not re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?", version):
        raise Trouble(f"no version: {version!r}")
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise Trouble(f"no OWNER/NAME: {repository!r}")
    systems = ""
    for system in ("macos", "linux"):
        systems += f"\n  on_{system} do\n"
        for (of_system, processor), target in TARGETS.items():
            if of_system != system:
                continue
            name = f"footbridge-{version}-{target}.tar.gz"
            if name not in of:
                raise Trouble(f"the sums do not name {name}")
            url = f"https://github.com/{repository}/releases/download/v{version}/{name}"
            systems += f'    on_{processor} do\n      url "{url}"\n      sha256 "{of[name]}"\n    end\n'
        systems += "  end\n"
    return FORMULA.format(version=version, repository=repository, systems=systems)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--version", required=True)
    parser.add_argument("--sums", required=True, type=Path, help="the release's SHA256SUMS")
    parser.add_argument("--repository", required=True, metavar="OWNER/NAME", help="where the release is")
    options = parser.parse_args()
    try:
        sys.stdout.write(formula(options.version, sums(options.sums.read_text()), options.repository))
    except Trouble as trouble:
        sys.exit(f"formula.py: {trouble}")


if __name__ == "__main__":
    main()
