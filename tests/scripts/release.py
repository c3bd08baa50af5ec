"""packages/: of archives, bundles and wheels of five targets, `assemble.sh` makes a release whose sums, packages, entry and formula agree.

The program in them is a small one that starts the built one, so that nothing is packed for minutes.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "packages"), str(ROOT / "packages/homebrew"), str(ROOT / "packages/mcpb")]
import formula as homebrew  # noqa: E402
import pack  # noqa: E402
import versions  # noqa: E402

# By Rust's name of the target: MCP's platform, npm's package, PyPI's platform.
TARGETS = {
    "x86_64-unknown-linux-gnu": ("linux", "linux-x64", "manylinux_2_34_x86_64"),
    "aarch64-unknown-linux-gnu": ("linux", "linux-arm64", "manylinux_2_34_aarch64"),
    "x86_64-apple-darwin": ("darwin", "darwin-x64", "macosx_10_12_x86_64"),
    "aarch64-apple-darwin": ("darwin", "darwin-arm64", "macosx_11_0_arm64"),
    "x86_64-pc-windows-msvc": ("win32", "win32-x64", "win_amd64"),
}
REPOSITORY = "o/footbridge"


def run(*words, wrong=None, **more):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, **more)
    if wrong is None:
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    else:
        assert done.returncode != 0 and wrong in done.stderr, f"{words}: {done.returncode} {done.stderr}"
    return done.stdout


def hashed(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def all_agree(root, version):
    """`versions.py` says the program's version, and which file says another."""
    script = ROOT / "packages/versions.py"
    assert run(sys.executable, script) == f"{version}\n"
    copy = root / "copy"
    for path in ("Cargo.toml", "record/Cargo.toml", "tui/Cargo.toml", "server.json", "packages/mcpb/manifest.json"):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_text((ROOT / path).read_text())
    changes = copy / "CHANGELOG.md"
    changes.write_text(f"# Changelog\n\n## Unreleased\n\n## {version} – a day\n\n### Added\n\n- One.\n\n## 0.0.1\n\n- Old.\n")
    words = [sys.executable, script, "--root", copy]
    assert run(*words, "--tag", f"v{version}") == f"{version}\n"
    assert run(*words, "--notes") == "### Added\n\n- One.\n"
    run(*words, "--tag", "v9.9.9", wrong="the tag says 9.9.9")
    run(*words, "--tag", version, wrong="the tag says")
    changes.write_text("# Changelog\n\n## Unreleased\n")
    run(*words, "--tag", f"v{version}", wrong=f"no section `## {version}`")
    server = copy / "server.json"
    server.write_text(server.read_text().replace(version, "9.9.9"))
    run(*words, wrong="server.json says 9.9.9")
    assert len(versions.said(ROOT)[1]) >= 5


def right_for_each_system(written, dist, version):
    """The formula as Homebrew reads it, for each system and processor, and what it installs here."""
    def read(system, processor, *more):
        return json.loads(run("ruby", "-w", ROOT / "tests/scripts/homebrew.rb", written, system, processor, *more))

    for (system, processor), target in homebrew.TARGETS.items():
        said = read(system, processor)
        archive = dist / f"footbridge-{version}-{target}.tar.gz"
        assert said["url"] == f"https://github.com/{REPOSITORY}/releases/download/v{version}/{archive.name}", said
        assert said["sha256"] == hashed(archive) and said["version"] == version
    unpacked = dist.parent / "unpacked"
    with tarfile.open(dist / f"footbridge-{version}-x86_64-unknown-linux-gnu.tar.gz") as archive:
        archive.extractall(unpacked, filter="data")
    # Homebrew goes into the only folder of an archive.
    [inside] = [path.parent for path in unpacked.rglob("footbridge") if path.is_file()]
    read("linux", "intel", inside, dist.parent / "prefix")
    assert os.access(dist.parent / "prefix/bin/footbridge", os.X_OK)


def refused(version, sums, repository=REPOSITORY):
    try:
        homebrew.formula(version, homebrew.sums(sums), repository)
    except homebrew.Trouble as trouble:
        return str(trouble)
    raise AssertionError(f"taken: {version}, {repository}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    options = parser.parse_args()
    version = run(options.program, "--version").split()[1]
    with tempfile.TemporaryDirectory() as root:
        root = Path(root)
        os.environ.update(HOME=str(root), XDG_DATA_HOME=str(root / "data"), XDG_CONFIG_HOME=str(root / "config"))
        all_agree(root, version)
        dist = root / "dist"
        for target, (platform, _, wheel) in TARGETS.items():
            program = root / target / ("footbridge.exe" if platform == "win32" else "footbridge")
            program.parent.mkdir()
            program.write_text(f'#!/bin/sh\nexec {options.program} "$@"\n')
            program.chmod(0o755)
            run(sys.executable, ROOT / "packages/archive.py", "--program", program, "--target", target, "--into", dist)
            pack.pack(str(program), platform, dist, target.split("-")[0])
            run(sys.executable, ROOT / "packages/python/pack.py", "--program", program, "--platform", wheel, "--into", dist)
        # Twice, as when the job is run again: the same.
        made = []
        for _ in range(2):
            run(ROOT / "packages/assemble.sh", dist, REPOSITORY, cwd="/")
            made.append((dist / "SHA256SUMS").read_text())
        assert made[0] == made[1]
        named = homebrew.sums(made[0])
        there = {path.name: hashed(path) for path in dist.iterdir() if path.name not in ("SHA256SUMS", "footbridge.rb")}
        assert named == there
        wanted = {f"footbridge-aws-{version}.tgz", "install.sh", "server.json"}
        wanted |= {f"footbridge-aws-{npm}-{version}.tgz" for _, npm, _ in TARGETS.values()}
        wanted |= {f"footbridge_aws-{version}-py3-none-{wheel}.whl" for _, _, wheel in TARGETS.values()}
        wanted |= {f"footbridge-{version}-{target}.{'zip' if 'windows' in target else 'tar.gz'}" for target in TARGETS}
        wanted |= {f"footbridge-{version}-{of}-{target.split('-')[0]}.mcpb" for target, (of, _, _) in TARGETS.items()}
        assert set(named) == wanted, set(named) ^ wanted
        packages = json.loads((dist / "server.json").read_text())["packages"]
        assert {one["identifier"].rsplit("/", 1)[1]: one["fileSha256"] for one in packages} == \
            {name: there[name] for name in there if name.endswith(".mcpb")}
        # What a person runs of it, with what lies beside it.
        said = run("sh", dist / "install.sh", "--from", dist, "--dir", root / "installed")
        assert said.startswith(f"footbridge {version} is installed"), said
        assert f"releases='https://github.com/{REPOSITORY}/releases'\n" in (dist / "install.sh").read_text()
        right_for_each_system(dist / "footbridge.rb", dist, version)
        # A target that was not built is no release.
        (dist / f"footbridge-{version}-aarch64-apple-darwin.tar.gz").unlink()
        run(ROOT / "packages/assemble.sh", dist, REPOSITORY, wrong="aarch64-apple-darwin")

    lines = "".join(f"{'0' * 64}  footbridge-{version}-{target}.tar.gz\n" for target in homebrew.TARGETS.values())
    assert "aarch64-apple-darwin" in refused(version, lines.replace("aarch64-apple-darwin", "other"))
    assert "no version" in refused('1.0.0"; system "x', lines) and "OWNER/NAME" in refused(version, lines, 'a/b"')
    assert "sha256sum" in refused(version, lines.replace(" ", "", 1))
    print(f"report: {len(named)} files of {len(TARGETS)} targets, {version}")


if __name__ == "__main__":
    main()
