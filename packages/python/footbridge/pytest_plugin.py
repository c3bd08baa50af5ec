"""Fixtures for pytest: `footbridge`, one for the run (with pytest-xdist, one for each worker), `aws`, `s3` and `dynamodb`."""

from __future__ import annotations

import functools
import importlib
import os
from pathlib import Path
from typing import Any, Callable, Iterator, List, Optional

import pytest

from . import _clients
from ._server import Footbridge, start

INI = (
    ("footbridge_seed", "paths", "folders of tables and buckets that each test begins with"),
    ("footbridge_config", "string", "a footbridge.toml to follow"),
    ("footbridge_region", "string", "the region (us-east-1)"),
    ("footbridge_program", "string", "a footbridge to run in place of the one that came with the package"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    for name, kind, text in INI:
        parser.addini(name, text, type=kind)  # type: ignore[arg-type]


def _path(config: pytest.Config, name: str) -> Optional[Path]:
    """A path that an ini-file has, relative to that file."""
    value: str = config.getini(name) or ""
    return (config.inipath or config.rootpath / "_").parent / value if value else None


@pytest.fixture(scope="session")
def footbridge(request: pytest.FixtureRequest) -> Iterator[Footbridge]:
    """The footbridge of this run. Nothing is reset and no variable is set: `aws` does that."""
    config = request.config
    options: dict[str, Any] = {"region": config.getini("footbridge_region") or "us-east-1"}
    with start(config=_path(config, "footbridge_config"), program=_path(config, "footbridge_program"), **options) as aws:
        _seed(aws, config)
        yield aws


def _seed(aws: Footbridge, config: pytest.Config) -> None:
    folders: List[Path] = config.getini("footbridge_seed") or []
    for folder in folders:
        aws.seed(folder)


@pytest.fixture(scope="session")
def _default_session() -> Optional[Callable[[], Any]]:
    """Makes the session of `boto3.client`, where there is boto3.

    boto3 keeps the first one with the credentials that it found: real ones from before a test, or a test's for what comes
    after. One for all tests, because a session's first client of a service takes longer than many a test.
    """
    try:
        boto3: Any = importlib.import_module("boto3")
    except ModuleNotFoundError:
        return None
    made: Callable[[], Any] = functools.lru_cache(boto3.Session)
    return made


@pytest.fixture
def aws(
    footbridge: Footbridge, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch,
    _default_session: Optional[Callable[[], Any]],
) -> Iterator[Footbridge]:
    """Leads every AWS client of a test to it, and leaves nothing behind but the seeds."""
    for name in filter(_clients.misleads, list(os.environ)):
        monkeypatch.delenv(name)
    for name, value in footbridge.environment().items():
        monkeypatch.setenv(name, value)
    if _default_session is not None:
        monkeypatch.setattr("boto3.DEFAULT_SESSION", _default_session())
    yield footbridge
    footbridge.reset()
    _seed(footbridge, request.config)


# Making a client takes boto3 longer than many a test, and threads may share one.
@pytest.fixture(scope="session")
def _s3_of_footbridge(footbridge: Footbridge) -> Any:
    return footbridge.client("s3")


@pytest.fixture(scope="session")
def _dynamodb_of_footbridge(footbridge: Footbridge) -> Any:
    return footbridge.client("dynamodb")


@pytest.fixture
def s3(aws: Footbridge, _s3_of_footbridge: Any) -> Any:
    """A boto3 client for S3, the same one in each test."""
    return _s3_of_footbridge


@pytest.fixture
def dynamodb(aws: Footbridge, _dynamodb_of_footbridge: Any) -> Any:
    """A boto3 client for DynamoDB, the same one in each test."""
    return _dynamodb_of_footbridge
