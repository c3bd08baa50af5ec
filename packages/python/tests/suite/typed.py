"""A program that a type checker follows through the module."""

import os
from pathlib import Path

import footbridge


def count(aws: footbridge.Footbridge, folder: Path) -> int:
    written: footbridge.Seeded = aws.seed(folder)
    aws.reset(tables=True)
    environment: dict[str, str] = aws.environment(os.environ)
    return written.items + len(environment) + aws.pid


with footbridge.start(seed="seed", data_dir=Path("data"), keys=("a", "b")) as started:
    total: int = count(started, footbridge.binary().parent)
    journal: Path = started.journal
