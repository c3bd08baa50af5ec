#!/usr/bin/env python3
"""Packs a built footbridge as a release has it: footbridge-VERSION-TARGET.tar.gz, for Windows .zip, with the licences.

  python3 packages/archive.py --program target/release/footbridge --target x86_64-unknown-linux-gnu --into dist
  python3 packages/archive.py --sums dist      # SHA256SUMS of all archives in that folder, as `install.sh --from dist` wants it

Everything in an archive is in one folder of its name. The same program gives the same bytes.
"""

import argparse
import gzip
import hashlib
import io
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGETS = (
    "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "x86_64-apple-darwin", "aarch64-apple-darwin", "x86_64-pc-windows-msvc",
)


def version():
    return tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]


def tar(files, level=9):
    packed = io.BytesIO()
    # No name and no time of the machine in the header, and none of its user in the entries.
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=level, mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content, mode in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), mode
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def zip_(files, level=9):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content, mode in files:
            # The first moment that a zip can name.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, (0o100000 | mode) << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def pack(program, target, into, level=9):
    windows = "windows" in target
    folder = f"footbridge-{version()}-{target}"
    files = [(f"{folder}/footbridge{'.exe' if windows else ''}", program.read_bytes(), 0o755)]
    files += [(f"{folder}/{name}", (ROOT / name).read_bytes(), 0o644) for name in ("LICENSE-APACHE", "LICENSE-MIT")]
    into.mkdir(parents=True, exist_ok=True)
    archive = into / f"{folder}{'.zip' if windows else '.tar.gz'}"
    archive.write_bytes((zip_ if windows else tar)(files, level))
    return archive


def sums(folder):
    archives = sorted([*folder.glob("footbridge-*.tar.gz"), *folder.glob("footbridge-*.zip")])
    written = folder / "SHA256SUMS"
    written.write_text("".join(f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {archive.name}\n" for archive in archives))
    return written


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, help="the built program")
    parser.add_argument("--target", choices=TARGETS, help="what it was built for")
    parser.add_argument("--into", type=Path, default=Path("dist"), help="the folder for the archive")
    parser.add_argument("--sums", type=Path, metavar="FOLDER", help="write SHA256SUMS of the archives there")
    options = parser.parse_args()
    if bool(options.program) != bool(options.target) or not (options.program or options.sums):
        parser.error("--program and --target go together, or --sums")
    if options.program:
        print(pack(options.program, options.target, options.into))
    if options.sums:
        print(sums(options.sums))


if __name__ == "__main__":
    sys.exit(main())
