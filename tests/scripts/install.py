"""install.sh, under each shell that is named: what packages/archive.py packs is installed, and everything else is refused."""

import argparse
import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "packages"))
import archive  # noqa: E402

VERSION = archive.version()
TARGET = f"{os.uname().machine}-unknown-linux-gnu"
NAME = f"footbridge-{VERSION}-{TARGET}"
OLD = b"the old one"


def program(says=f"footbridge {VERSION}", code=0):
    return f"#!/bin/sh\necho '{says}'\nexit {code}\n".encode()


def tar(entries):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as made:
        for name, content in entries:
            entry = tarfile.TarInfo(name)
            entry.mode = 0o755
            if isinstance(content, bytes):
                entry.size = len(content)
                made.addfile(entry, io.BytesIO(content))
            else:
                entry.type, entry.linkname = content
                made.addfile(entry)
    return packed.getvalue()


class World:
    """A home with an old footbridge in it, and a folder to install from."""

    def __init__(self, shell):
        self.shell, self.held = shell, tempfile.TemporaryDirectory()
        root = Path(self.held.name)
        self.home, self.dist, self.stubs, self.tmp = (root / name for name in ("home", "dist", "stubs", "tmp"))
        for folder in (self.home, self.dist, self.stubs, self.tmp):
            folder.mkdir()
        self.bin = self.home / ".local/bin"

    def stub(self, name, text):
        (self.stubs / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.stubs / name).chmod(0o755)

    def give(self, content, name=f"{NAME}.tar.gz"):
        (self.dist / name).write_bytes(content)
        archive.sums(self.dist)

    def run(self, *words, path="", **more):
        env = {"PATH": f"{self.stubs}:{path}{os.environ['PATH']}", "HOME": str(self.home), "TMPDIR": str(self.tmp), **more}
        script = self.home.parent / "install.sh"
        if not script.exists():
            script = ROOT / "install.sh"
        return subprocess.run([self.shell, script, *words], env=env, cwd=self.home, capture_output=True, text=True, timeout=60)

    def installs(self, *words, into=None, **more):
        done = self.run("--from", str(self.dist), *words, **more)
        assert done.returncode == 0 and not done.stderr, done
        self.tidy()
        assert os.access((into or self.bin) / "footbridge", os.X_OK)
        return done.stdout

    def refuses(self, *words, said, **more):
        """Nothing is changed, and nothing left behind."""
        self.bin.mkdir(parents=True, exist_ok=True)
        (self.bin / "footbridge").write_bytes(OLD)
        before = sorted(self.home.rglob("*"))
        done = self.run(*(words or ("--from", str(self.dist))), **more)
        assert done.returncode == 1 and said in done.stderr, (said, done)
        assert sorted(self.home.rglob("*")) == before and (self.bin / "footbridge").read_bytes() == OLD
        self.tidy()

    def tidy(self):
        assert not list(self.tmp.iterdir()), "temporary files are left behind"
        assert not list(self.home.rglob(".footbridge.*"))


def check_installed(shell, real):
    world = World(shell)
    world.give(real.read_bytes())
    said = world.installs()
    assert f"footbridge {VERSION} is installed as {world.bin}/footbridge" in said and f'export PATH="{world.bin}:$PATH"' in said, said
    # Nothing else of the home was touched, no file of a shell above all.
    assert [path for path in world.home.rglob("*") if path.is_file()] == [world.bin / "footbridge"]
    version = subprocess.run([world.bin / "footbridge", "--version"], capture_output=True, text=True, check=True).stdout
    assert version == f"footbridge {VERSION}\n"

    world.give(archive.tar([(f"{NAME}/footbridge", program(), 0o755)]))
    held = (world.bin / "footbridge").open("rb")
    said = world.installs("--version", f"v{VERSION}", path=f"{world.bin}:")
    assert "PATH" not in said, said
    assert (world.bin / "footbridge").read_bytes() == program() and held.read(4) == b"\x7fELF", "the old one was overwritten, not replaced"
    world.stub("footbridge", "exit 0")
    assert f"another one comes first on the PATH: {world.stubs}/footbridge" in world.installs(path=f"{world.bin}:")
    # Elsewhere, also where the name has a space, and a link is replaced, not followed.
    other = world.home / "my tools"
    other.mkdir()
    (other / "footbridge").symlink_to(world.dist / "SHA256SUMS")
    world.installs("--dir", "my tools", into=other)
    assert not (other / "footbridge").is_symlink()
    world.installs(FOOTBRIDGE_INSTALL_DIR=str(world.home / "third"), into=world.home / "third")
    before = sorted(world.home.rglob("*"))
    done = world.run("--from", str(world.dist), "--dry-run", "--dir", "fourth")
    assert done.returncode == 0 and f"would be installed as {world.home}/fourth/footbridge" in done.stdout, done
    assert sorted(world.home.rglob("*")) == before
    world.tidy()


def check_archives(shell):
    world = World(shell)
    good = (f"{NAME}/footbridge", program())
    for strange in ("../footbridge", "/tmp/footbridge", f"{NAME}/../footbridge", f"{NAME}/sub/footbridge", "other/footbridge", f"{NAME}/a b", "-x"):
        world.give(tar([good, (strange, b"x")]))
        world.refuses(said="the archive has a strange path")
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
        world.give(tar([good, (f"{NAME}/other", (kind, "/etc/passwd"))]))
        world.refuses(said="no plain file")
        world.give(tar([(f"{NAME}/footbridge", (kind, "/bin/sh"))]))
        world.refuses(said="no plain file")
    for entries in ([(f"{NAME}/LICENSE-MIT", b"")], [good, good]):
        world.give(tar(entries))
        world.refuses(said="does not have one footbridge")
    world.give(b"no archive at all")
    world.refuses(said="this is no archive")
    world.give(tar([(f"{NAME}/footbridge", program(code=1))]))
    world.refuses(said="does not start on this machine")
    world.give(tar([(f"{NAME}/footbridge", program("footbridge 9.9.9"))]))
    world.refuses(said=f"the archive of {VERSION} has footbridge 9.9.9")


def check_sums(shell):
    world = World(shell)
    good = tar([(f"{NAME}/footbridge", program())])
    sums = world.dist / "SHA256SUMS"
    world.refuses(said="there is no SHA256SUMS")
    right = hashlib.sha256(good).hexdigest()
    line = f"{right}  {NAME}.tar.gz\n"
    sums.write_text(line)
    world.refuses(said=f"there is no {NAME}.tar.gz in")
    world.give(good)
    for wrong, said in (
        (f"{'0' * 64}  {NAME}.tar.gz\n", "is not what SHA256SUMS says"),
        (line.replace(right, right[:-1]), "no sum, or more than one"),
        (line.replace(right, right[:-1] + "g"), "no sum, or more than one"),
        (line + line, "several versions"),
        ("", "names no archive"),
        (line.replace(VERSION, "9.9.9") + line, "several versions"),
        (line.replace(VERSION, "$(touch x)"), "several versions"),
    ):
        sums.write_text(wrong)
        world.refuses(said=said)
    for wrong in (line.replace(NAME, NAME + "x"), line + line, f"{right}\n", line.replace("  ", " x ")):
        sums.write_text(wrong)
        world.refuses("--from", str(world.dist), "--version", VERSION, said="no sum, or more than one")
    # As `sha256sum --binary` writes it.
    sums.write_text(line.replace("  ", " *"))
    world.installs()


def check_words(shell):
    world = World(shell)
    world.give(tar([(f"{NAME}/footbridge", program())]))
    given = ("--from", str(world.dist))
    world.refuses("--frm", "x", said="what is `--frm`?")
    for option in ("--from", "--version", "--dir", "--url"):
        world.refuses(*given, option, said=f"{option} wants a value")
    for version in ("../../etc", "1.0 0", "-rf", "$(id)"):
        world.refuses(*given, "--version", version, said="is no version")
    world.refuses("--dry-run", said="nothing is released yet")
    world.refuses("--url", "http://example.com/releases", said="only https://")
    occupied = world.home / "occupied"
    (occupied / "footbridge").mkdir(parents=True)
    world.refuses(*given, "--dir", str(occupied), said="is a directory")
    assert "--dry-run" in world.run("--help").stdout


def check_machines(shell):
    for system, machine, target in (
        ("Linux", "amd64", "x86_64-unknown-linux-gnu"), ("Linux", "arm64", "aarch64-unknown-linux-gnu"),
        ("Linux", "aarch64", "aarch64-unknown-linux-gnu"), ("Darwin", "arm64", "aarch64-apple-darwin"),
        ("Darwin", "x86_64", "x86_64-apple-darwin"), ("Darwin translated", "x86_64", "aarch64-apple-darwin"),
        ("FreeBSD", "amd64", None), ("MINGW64_NT-10.0", "x86_64", None), ("Linux", "riscv64", None),
    ):
        world = World(shell)
        world.stub("uname", f'[ "$1" = -m ] && echo {machine} || echo {system.split()[0]}')
        world.stub("sysctl", f"echo {int('translated' in system)}")
        if target is None:
            world.refuses(said="there is no archive for")
        else:
            name = f"footbridge-{VERSION}-{target}"
            world.give(tar([(f"{name}/footbridge", program())]), f"{name}.tar.gz")
            world.installs()


def check_fetched(shell):
    """By HTTPS: the sums of the latest release say which version that is."""
    world = World(shell)
    world.give(tar([(f"{NAME}/footbridge", program())]))
    asked = world.home.parent / "asked"
    # The last argument is the URL, the one after -o the file.
    world.stub("curl", f"""while [ $# -gt 1 ]; do [ "$1" != -o ] || out=$2; shift; done
echo "$1" >>'{asked}'
cp '{world.dist}'/"${{1##*/}}" "$out" """)
    # A release's own script knows where it is from, and the repository's does not.
    script = (ROOT / "install.sh").read_text()
    assert script.count("\nreleases=''\n") == 1
    (world.home.parent / "install.sh").write_text(script.replace("\nreleases=''\n", "\nreleases='https://example.com/releases'\n"))
    for words, first in (((), "latest/download"), (("--version", VERSION), f"download/v{VERSION}")):
        asked.unlink(missing_ok=True)
        done = world.run(*words)
        assert done.returncode == 0, done
        assert asked.read_text().split() == [
            f"https://example.com/releases/{first}/SHA256SUMS", f"https://example.com/releases/download/v{VERSION}/{NAME}.tar.gz",
        ]
    world.refuses("--version", "9.9.9", said="no sum, or more than one")
    # What was cut off on its way here does nothing.
    lines = script.splitlines(keepends=True)
    for end in range(1, len(lines) - 1, 7):
        (world.home.parent / "install.sh").write_text("".join(lines[:end]))
        before = sorted(world.home.rglob("*"))
        world.run("--from", str(world.dist), "--dir", "cut-off")
        assert sorted(world.home.rglob("*")) == before, f"{end} lines of it do something"


def check_binstall(packed):
    """Where `cargo binstall` looks for an archive, and for the program in it."""
    cargo = tomllib.loads((ROOT / "Cargo.toml").read_text())
    usual = cargo["package"]["metadata"]["binstall"]
    for target in archive.TARGETS:
        of = {**usual, **usual["overrides"].get(target, {})}
        windows = "windows" in target
        said = {"repo": "R", "version": VERSION, "target": target, "bin": "footbridge", "binary-ext": ".exe" if windows else ""}
        url, inside = (re.sub(r"{ ([a-z-]+) }", lambda name: said[name[1]], of[key]) for key in ("pkg-url", "bin-dir"))
        before, _, name = url.rpartition("/")
        assert before == f"R/releases/download/v{VERSION}" and of["pkg-fmt"] == ("zip" if windows else "tgz")
        with (zipfile.ZipFile if windows else tarfile.open)(packed / name) as opened:
            assert inside in (opened.namelist() if windows else opened.getnames())


def check_packed(stripped, root):
    """What packs an archive gives the same bytes for the same program, and is asked for each target by its name."""
    real = archive.pack(stripped, TARGET, root / "real", level=1)
    small = root / "footbridge"
    small.write_bytes(program())
    for target in archive.TARGETS:
        packed = [archive.pack(small, target, root / name) for name in ("one", "two")]
        assert packed[0].read_bytes() == packed[1].read_bytes(), "packed twice, it is not the same"
        assert packed[0].name == f"footbridge-{VERSION}-{target}{'.zip' if 'windows' in target else '.tar.gz'}"
    check_binstall(root / "one")
    assert len(archive.sums(root / "one").read_text().splitlines()) == len(archive.TARGETS)
    return real


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--shells", nargs="+", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        stripped = Path(root) / "stripped"
        subprocess.run(["strip", "-o", stripped, options.program], check=True)
        real = check_packed(stripped, Path(root))
        for shell in options.shells:
            check_installed(shell, real)
            for check in (check_archives, check_sums, check_words, check_machines, check_fetched):
                check(shell)
    print(f"report: installed from an archive under {' and '.join(options.shells)}")


if __name__ == "__main__":
    main()
