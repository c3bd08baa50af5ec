"""packages/homebrew: the formula is right for each system, installs what an archive has, and refuses sums that lack one."""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "packages/homebrew"))
import formula as homebrew  # noqa: E402


def refused(version, sums, repository="o/footbridge"):
    try:
        homebrew.formula(version, homebrew.sums(sums), repository)
    except homebrew.Trouble as trouble:
        return str(trouble)
    raise AssertionError(f"taken: {version}, {repository}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    options = parser.parse_args()
    version = subprocess.run([options.program, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    names = {target: f"footbridge-{version}-{target}.tar.gz" for target in homebrew.TARGETS.values()}
    hashes = {name: hashlib.sha256(name.encode()).hexdigest() for name in names.values()}
    lines = "".join(f"{hashed}  {name}\n" for name, hashed in hashes.items())
    with tempfile.TemporaryDirectory() as root:
        root = Path(root)
        os.environ.update(HOME=str(root), XDG_DATA_HOME=str(root / "data"), XDG_CONFIG_HOME=str(root / "config"))
        (root / "SHA256SUMS").write_text(lines + f"{'0' * 64}  footbridge-{version}-x86_64-pc-windows-msvc.zip\n")
        words = [sys.executable, str(ROOT / "packages/homebrew/formula.py"), "--version", version,
                 "--sums", str(root / "SHA256SUMS"), "--repository", "o/footbridge"]
        written = root / "footbridge.rb"
        written.write_text(subprocess.run(words, capture_output=True, text=True, check=True).stdout)

        def read(system, processor, *more):
            ruby = ["ruby", "-w", str(ROOT / "tests/scripts/homebrew.rb"), str(written), system, processor, *map(str, more)]
            done = subprocess.run(ruby, capture_output=True, text=True)
            assert done.returncode == 0 and not done.stderr, done.stderr
            return json.loads(done.stdout)

        for (system, processor), target in homebrew.TARGETS.items():
            said = read(system, processor)
            assert said["url"] == f"https://github.com/o/footbridge/releases/download/v{version}/{names[target]}", said
            assert said["sha256"] == hashes[names[target]] and said["version"] == version
        unpacked = root / "unpacked"
        unpacked.mkdir()
        (unpacked / "footbridge").symlink_to(options.program)
        read("linux", "intel", unpacked, root / "prefix")
        assert os.access(root / "prefix/bin/footbridge", os.X_OK)

    assert "aarch64-apple-darwin" in refused(version, lines.replace("aarch64-apple-darwin", "other"))
    assert "no version" in refused('1.0.0"; system "x', lines) and "OWNER/NAME" in refused(version, lines, 'a/b"')
    assert "sha256sum" in refused(version, lines.replace(" ", "", 1))
    print(f"report: {len(names)} systems, {version}")


if __name__ == "__main__":
    main()
