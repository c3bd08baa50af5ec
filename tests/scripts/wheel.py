"""packages/python: the wheel of the built program, judged, installed into a clean environment, and used by a suite there.

With --tests, the package's own tests, on what pip puts into a folder.
"""

import argparse
import ast
import base64
import csv
import hashlib
import io
import os
import re
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "packages/python"
sys.path.insert(0, str(PACKAGE))
import pack  # noqa: E402

# What manylinux lets a program expect of a system, of what Rust's programs link.
LIBRARIES = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libpthread.so.0", "libdl.so.2", "librt.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
OLDEST = (3, 9)


def run(*words, **more):
    done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, text=True, **more)
    assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def contents(wheel, program):
    """What is in it: as the record says, with the program's version, runnable, and for a platform that it runs on."""
    with zipfile.ZipFile(wheel) as archive:
        files = {entry.filename: (archive.read(entry), entry.external_attr >> 16) for entry in archive.infolist()}
    [info] = {path.split("/")[0] for path in files if ".dist-info/" in path}
    recorded = {row[0]: row[1:] for row in csv.reader(io.StringIO(files[f"{info}/RECORD"][0].decode()))}
    assert set(recorded) == set(files)
    for path, (content, mode) in files.items():
        if not path.endswith("RECORD"):
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            assert recorded[path] == [f"sha256={digest}", str(len(content))], path
        assert (mode & 0o111 != 0) == path.endswith("/scripts/footbridge"), path
        if path.endswith(".py"):
            ast.parse(content, path, feature_version=OLDEST)
    metadata = Parser().parsestr(files[f"{info}/METADATA"][0].decode())
    version = pack.python_version(run(program, "--version").split()[1])
    assert metadata["Version"] == version and metadata["Name"] == "footbridge-aws"
    assert metadata["Requires-Python"] == ">=3.9"
    assert all("extra ==" in needed for needed in metadata.get_all("Requires-Dist")), "something is required"
    assert {"footbridge/py.typed", "footbridge/pytest_plugin.py"} < set(files)
    return files[f"{info.removesuffix('.dist-info')}.data/scripts/footbridge"][0]


def platform(wheel, program, root):
    """The tag says the newest glibc that the program asks for, and it asks for nothing else that a system may lack."""
    binary = root / "program"
    binary.write_bytes(program)
    needed = set(re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "--dynamic", "--wide", binary)))
    assert needed <= LIBRARIES, needed - LIBRARIES
    glibc = {tuple(map(int, found)) for found in re.findall(r"GLIBC_(\d+)\.(\d+)", run("readelf", "--version-info", "--wide", binary))}
    assert "manylinux_{}_{}_".format(*max(glibc | {(2, 17)})) in wheel.name, (wheel.name, max(glibc))


def same_twice(root):
    """The same program gives the same bytes; other platforms get the program under the name that it has there."""
    versions = {"1.2.3": "1.2.3", "1.0.0-rc.1": "1.0.0rc1", "1.0.0-beta.12": "1.0.0b12"}
    assert {each: pack.python_version(each) for each in versions} == versions
    small = root / "small"
    small.write_text("#!/bin/sh\n")
    for tag, name in (("macosx_11_0_arm64", "footbridge"), ("win_amd64", "footbridge.exe")):
        one, other = (pack.pack(small, root / into, tag) for into in ("one", "two"))
        assert one.read_bytes() == other.read_bytes() and f"-py3-none-{tag}.whl" in one.name
        assert any(path.endswith(f".data/scripts/{name}") for path in zipfile.ZipFile(one).namelist())


def timed(call, *words, **more):
    began = time.monotonic()
    said = call(*words, **more)
    return time.monotonic() - began, said


def installed(wheel, wheels, root, checkers):
    """A clean environment: how long it takes until a suite is green, and what fifty tests cost there."""
    place = root / "clean"
    made, _ = timed(venv.create, place, with_pip=True)
    python = place / "bin/python"
    clean = {"PATH": f"{place / 'bin'}:{os.environ['PATH']}", "HOME": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    suite, empty = root / "suite", root / "empty"
    for folder, source in ((suite, (PACKAGE / "tests/suite/test_fifty.py").read_text()),
                           (empty, "import pytest\n@pytest.mark.parametrize('number', range(50))\ndef test_nothing(number): pass\n")):
        folder.mkdir()
        (folder / "test_fifty.py").write_text(source)
    # pip writes compiled files, as it does for everybody.
    pip = {**clean, "PYTHONDONTWRITEBYTECODE": ""}
    install, _ = timed(run, python, "-m", "pip", "install", "--quiet", "--no-index", "--find-links", wheels, wheel, "boto3", "pytest", env=pip)

    def fifty(folder):
        seconds, said = timed(run, python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=folder, env=clean)
        assert "50 passed" in said, said
        return seconds

    first = fifty(suite)
    # What a machine does beside is seldom in the quickest of several.
    beside = min(fifty(suite) for _ in range(2)) - min(fifty(empty) for _ in range(2))
    print(f"report: install to green: {install + first:.1f} s (pip {install:.1f}, fifty tests {first:.1f}; the environment {made:.1f} before)")
    print(f"report: fifty tests with a table and a bucket each: {beside:.2f} s beyond fifty empty ones (350 calls, a debug build)")
    assert run(place / "bin/footbridge", "--version", env=clean) == run(python, "-m", "footbridge", "--version", env=clean)
    # As the user of a typed module sees it, and the module itself.
    (root / "typed.py").write_text((PACKAGE / "tests/suite/typed.py").read_text())
    mypy = [checkers / "mypy", "--strict", "--no-incremental", "--python-executable", python, "-p", "footbridge", "-m", "typed"]
    for system in ("linux", "win32"):
        run(*mypy, "--platform", system, cwd=root)


def tests(wheel, root):
    """The package's own tests, with pip's folder before all else."""
    place = root / "there"
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", place, wheel)
    environment = {**os.environ, "PYTHONPATH": str(place), "PATH": f"{place / 'bin'}:{os.environ['PATH']}", "HOME": str(root)}
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "--rootdir", PACKAGE / "tests", PACKAGE / "tests"]
    done = subprocess.run([str(word) for word in [*words, "--ignore", PACKAGE / "tests/suite"]], cwd=root, env=environment)
    assert done.returncode == 0, "tests of the package failed"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--wheels", type=Path, help="a folder with the wheels of boto3 and pytest")
    parser.add_argument("--tests", action="store_true", help="the package's own tests, and no more")
    options = parser.parse_args()
    checkers = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as root:
        root = Path(root)
        wheel = pack.pack(options.program, root / "dist", strip=True)
        if options.tests:
            return tests(wheel, root)
        program = contents(wheel, options.program)
        platform(wheel, program, root)
        same_twice(root)
        run(checkers / "twine", "check", "--strict", wheel)
        run(checkers / "check-wheel-contents", wheel)
        size = wheel.stat().st_size / 1e6
        print(f"report: {wheel.name}: {size:.1f} MB, the program in it {len(program) / 1e6:.1f} MB (a debug build)")
        installed(wheel, options.wheels, root, checkers)


if __name__ == "__main__":
    main()
