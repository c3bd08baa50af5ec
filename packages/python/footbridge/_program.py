"""Where the program is, and how a short command of it is run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence

from ._errors import BinaryNotFoundError, FootbridgeError

DISTRIBUTION = "footbridge-aws"
NAME = "footbridge.exe" if os.name == "nt" else "footbridge"
# A directory without a .env or footbridge.toml, which the program would read.
QUIET_PLACE = Path(__file__).resolve().parent


def binary() -> Path:
    """The program `footbridge` that this package brought, else the one on the PATH."""
    for place in _places():
        if place.is_file():
            return place.resolve()
    raise BinaryNotFoundError(
        f"there is no program {NAME}: the wheel of {DISTRIBUTION} for this platform has it; else put it on the PATH, or name it with program="
    )


def _places() -> Iterator[Path]:
    try:
        files = metadata.files(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == NAME:
            yield Path(str(file.locate()))
    # `pip install --target DIR` moves programs to DIR/bin without saying so.
    yield QUIET_PLACE.parent / "bin" / NAME
    yield Path(sysconfig.get_path("scripts")) / NAME
    on_path = shutil.which("footbridge")
    if on_path:
        yield Path(on_path)


def environment(added: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without settings of footbridge: what a suite starts is the same wherever it is run."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("FOOTBRIDGE_")}
    return {**kept, **added}


def run(program: Path, words: Sequence[str], timeout: float) -> Any:
    """Runs a short command of the program with `--json`, and gives what it printed."""
    try:
        done = subprocess.run(
            [str(program), *words, "--json"], stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
            env=environment({}), cwd=QUIET_PLACE, check=False,
        )
    except OSError as error:
        raise BinaryNotFoundError(f"{program} cannot be run: {error}") from error
    except subprocess.TimeoutExpired:
        raise FootbridgeError(f"`footbridge {words[0]}` did not end within {timeout:g} seconds") from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        raise FootbridgeError(said or f"`footbridge {words[0]}` ended with code {done.returncode}")
    return json.loads(done.stdout)
