#!/usr/bin/env python3
"""Packs a built footbridge with the Python module as a wheel. Nothing is compiled, and nothing needs to be installed.

  python3 packages/python/pack.py --program target/release/footbridge --into dist
  python3 packages/python/pack.py --program footbridge.exe --platform win_amd64 --into dist

Of a Linux program the platform is read from the program: its processor, and the oldest glibc that has what it calls. For others it
is said, as PyPI names it (macosx_11_0_arm64, macosx_10_12_x86_64, win_amd64). The same program gives the same bytes.
"""

import argparse
import base64
import hashlib
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MODULE = HERE / "footbridge"
# The first moment that a zip can name: a wheel does not change with the day on which it is made.
TIME = (1980, 1, 1, 0, 0, 0)
PROCESSORS = {62: "x86_64", 183: "aarch64"}


def version():
    """The workspace's, which is the program's."""
    return python_version(re.search(r'^\[workspace\.package\]\nversion = "([^"]+)"', (ROOT / "Cargo.toml").read_text(), re.M)[1])


def python_version(cargos):
    """A version of Cargo's as Python writes it: 1.0.0-rc.1 is 1.0.0rc1."""
    found = re.fullmatch(r"(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.?(\d+))?", cargos)
    if not found:
        raise SystemExit(f"Python has no version like {cargos}")
    number, before, count = found.groups(default="")
    return number + {"": "", "alpha": "a", "beta": "b", "rc": "rc"}[before] + count


def platform_of(program):
    """The platform tag of a Linux program."""
    if program[:6] != b"\x7fELF\x02\x01":
        raise SystemExit("this is no 64-bit program for Linux: say for what it is, with --platform")
    [machine] = struct.unpack_from("<H", program, 18)
    if machine not in PROCESSORS:
        raise SystemExit(f"no platform is known for ELF's machine {machine}: say it with --platform")
    versions = {tuple(map(int, found)) for found in re.findall(rb"\0GLIBC_(\d+)\.(\d+)(?=[\0.])", program)}
    if not versions:
        # It brings its C library along, and runs everywhere.
        return f"manylinux_2_17_{PROCESSORS[machine]}.musllinux_1_1_{PROCESSORS[machine]}"
    major, minor = max(versions | {(2, 17)})
    return f"manylinux_{major}_{minor}_{PROCESSORS[machine]}"


def stripped(program):
    """The program without what only a debugger reads."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "footbridge"
        subprocess.run(["strip", "-o", str(out), str(program)], check=True)
        return out.read_bytes()


def pack(program, into, platform=None, strip=False):
    content = stripped(program) if strip else Path(program).read_bytes()
    platform = platform or platform_of(content)
    name = f"footbridge_aws-{version()}"
    info, tag = f"{name}.dist-info", f"py3-none-{platform}"
    tags = "".join(f"Tag: py3-none-{each}\n" for each in platform.split("."))
    metadata = (HERE / "METADATA").read_text().replace("\nSummary:", f"\nVersion: {version()}\nSummary:", 1)
    script = "footbridge.exe" if platform.startswith("win") else "footbridge"
    module = [path for path in sorted(MODULE.rglob("*")) if path.suffix in (".py", ".typed")]
    files = [(f"footbridge/{path.relative_to(MODULE).as_posix()}", path.read_bytes(), 0o644) for path in module]
    files += [
        (f"{name}.data/scripts/{script}", content, 0o755),
        (f"{info}/METADATA", f"{metadata}\n{(HERE / 'README.md').read_text()}".encode(), 0o644),
        (f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: footbridge\nRoot-Is-Purelib: false\n{tags}".encode(), 0o644),
        (f"{info}/entry_points.txt", b"[pytest11]\nfootbridge = footbridge.pytest_plugin\n", 0o644),
        *((f"{info}/licenses/{each}", (ROOT / each).read_bytes(), 0o644) for each in ("LICENSE-APACHE", "LICENSE-MIT")),
    ]
    record = "".join(f"{path},sha256={digest(content)},{len(content)}\n" for path, content, _ in files)
    files.append((f"{info}/RECORD", f"{record}{info}/RECORD,,\n".encode(), 0o644))
    into.mkdir(parents=True, exist_ok=True)
    wheel = into / f"{name}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, content, mode in files:
            entry = zipfile.ZipInfo(path, TIME)
            entry.create_system = 3
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return wheel


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=Path, help="the built program")
    parser.add_argument("--into", type=Path, default=Path("dist"), help="the directory for the wheel")
    parser.add_argument("--platform", help="what it was built for, as PyPI names it")
    parser.add_argument("--strip", action="store_true", help="leave out what only a debugger reads")
    options = parser.parse_args()
    print(pack(options.program, options.into, options.platform, options.strip))


if __name__ == "__main__":
    sys.exit(main())
