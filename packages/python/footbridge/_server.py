"""A footbridge that runs beside this process."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import weakref
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Iterator, Mapping, NamedTuple, Optional, Union
from urllib.parse import urlsplit

from . import _clients, _program
from ._errors import BinaryNotFoundError, FootbridgeError, StartError

StrPath = Union[str, "os.PathLike[str]"]
# The keys that footbridge knows by itself, unless it is strict.
BUILT_IN = ("test", "test")
# How long one may take to end in good order, in seconds.
PATIENCE = 10.0


class Seeded(NamedTuple):
    """What was written from a folder."""

    tables: int
    items: int
    buckets: int
    objects: int


def start(
    *,
    seed: Optional[StrPath] = None,
    data_dir: Optional[StrPath] = None,
    config: Optional[StrPath] = None,
    region: str = "us-east-1",
    strict: bool = False,
    keys: Optional[tuple[str, str]] = None,
    program: Optional[StrPath] = None,
    timeout: float = 30.0,
) -> Footbridge:
    """Starts one, in memory and on a free port of this machine; it answers by the time this returns.

    `seed` is a folder of data to begin with; `data_dir` keeps the data there in place of in memory; `config` is a
    footbridge.toml to follow (none is otherwise, and no FOOTBRIDGE_* variable). `keys` is the access key and the secret that
    clients from here sign with: those of the first identity of `config`, where that has one. With `strict` no others are let
    in. `program` is a footbridge to run in place of the one that came with this package. One that does not answer within
    `timeout` seconds is ended, and that is an error.
    """
    path = Path(program).resolve() if program is not None else _program.binary()
    words = ["serve", "--backend", "local", "--listen", "127.0.0.1:0", "--json", "--exit-with-parent", "--region", region]
    where = None if data_dir is None else str(Path(data_dir).resolve())
    words += ["--ephemeral"] if where is None else ["--data-dir", where]
    words += ["--strict"] if strict else []
    added = {} if seed is None else {"FOOTBRIDGE_SEED_PATH": str(Path(seed).resolve())}
    if keys is None and strict:
        if config is not None:
            raise ValueError("strict lets only the keys of config in: say which, with keys=(access key, secret)")
        keys = ("FOOTBRIDGE", secrets.token_hex(20))
    keys = keys or BUILT_IN
    configuration = _Configuration(config, keys, strict)
    with configuration.file() as file:
        process, ready = _started(path, [*words, "--config", file], added, timeout)
    return Footbridge(process, ready, path, region, keys, configuration, where)


class Footbridge:
    """One that runs. It ends with `stop`, with its `with`, or with this process, however that ends."""

    endpoint: str
    """The URL that AWS clients are led to."""
    pid: int
    journal: Path
    """The directory in which each call is recorded; of data in memory, as long as it runs."""
    region: str

    def __init__(
        self, process: subprocess.Popen[bytes], ready: Mapping[str, Any], program: Path, region: str,
        keys: tuple[str, str], configuration: _Configuration, data_dir: Optional[str],
    ) -> None:
        self.endpoint = str(ready["endpoint"])
        self.pid = process.pid
        self.journal = Path(ready["journal"])
        self.region = region
        self._keys = keys
        self._configuration = configuration
        # What tells another process where the data is.
        self._where = ["--running", str(self.journal)] if data_dir is None else ["--data-dir", data_dir]
        self._program = program
        self._process = process
        self._lock = threading.Lock()
        self._session: Any = None
        # Also where it is forgotten, and as the interpreter ends.
        self._owner = os.getpid()
        self._end = weakref.finalize(self, _ended, process)
        _running.add(self)

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client; `options` are those of boto3's `client`."""
        with self._lock:
            return self._boto3().client(service, **_clients.options(self.endpoint, options))

    def resource(self, service: str, **options: Any) -> Any:
        """A boto3 resource; `options` are those of boto3's `resource`."""
        with self._lock:
            return self._boto3().resource(service, **_clients.options(self.endpoint, options))

    def _boto3(self) -> Any:
        self._must_run()
        if self._session is None:
            self._session = _clients.session(self.region, self._keys)
        return self._session

    def environment(self, base: Optional[Mapping[str, str]] = None) -> dict[str, str]:
        """The variables that lead every AWS SDK and the AWS CLI here.

        With `base`, such as `os.environ`, a whole environment for another process: `base` with these, and without what would
        lead clients elsewhere.
        """
        variables = _clients.variables(self.endpoint, self.region, self._keys)
        if base is None:
            return variables
        return {**{name: value for name, value in base.items() if not _clients.misleads(name)}, **variables}

    def reset(self, *, tables: bool = False, buckets: bool = False) -> None:
        """Deletes every table and bucket with all that is in them; with `tables` or `buckets`, only these."""
        what = "all" if tables == buckets else "tables" if tables else "buckets"
        self._must_run()
        if self._configuration.strict:
            # Nobody is let in without a key there, and reset has none: the program has a way of its own.
            self._run("reset", what, "--yes")
            return
        path = "/_footbridge/reset" + ("" if what == "all" else f"/{what}")
        # Not urllib, which would ask a proxy.
        at = urlsplit(self.endpoint)
        connection = http.client.HTTPConnection(at.hostname or "127.0.0.1", at.port, timeout=60)
        try:
            connection.request("POST", path)
            answer = connection.getresponse()
            said = answer.read().decode(errors="replace").strip()
        except (OSError, http.client.HTTPException) as error:
            raise FootbridgeError(f"{self.endpoint} did not answer: {error}") from error
        finally:
            connection.close()
        if answer.status != 200:
            raise FootbridgeError(f"nothing was reset ({answer.status}): {said}")

    def seed(self, folder: StrPath) -> Seeded:
        """Fills tables and buckets from a folder, beside what there is. Seeding again changes nothing."""
        self._must_run()
        written = self._run("seed", str(Path(folder).resolve()), "--region", self.region)
        return Seeded(*(int(written[name]) for name in Seeded._fields))

    def _run(self, *words: str) -> Any:
        with self._configuration.file() as file:
            return _program.run(self._program, [*words, *self._where, "--config", file], timeout=600)

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._end.alive and self._code() is None

    def _must_run(self) -> None:
        if not self._end.alive:
            raise FootbridgeError("this footbridge has been stopped")
        code = self._code()
        if code is not None:
            raise FootbridgeError(f"footbridge (process {self.pid}) has ended with code {code}")

    def _code(self) -> Optional[int]:
        # A process that was forked is not its parent, and cannot tell.
        return self._process.poll() if os.getpid() == self._owner else None

    def stop(self) -> None:
        """Ends it, and what it has in memory with it. Once is enough."""
        with self._lock:
            self._end()

    def __enter__(self) -> Footbridge:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<footbridge at {self.endpoint}, process {self.pid}{'' if self.running else ', ended'}>"


class _Configuration:
    """The file that the program reads, as it starts and no longer: the person's own, or one made for that moment."""

    def __init__(self, config: Optional[StrPath], keys: tuple[str, str], strict: bool) -> None:
        self.strict = strict
        self._file = None if config is None else str(Path(config).resolve())
        # A JSON string in ASCII is a TOML string. What is built in cannot be there twice.
        key, secret = map(json.dumps, keys)
        self._text = "" if keys == BUILT_IN else f"[[identity]]\nkey = {key}\nsecret = {secret}\n"

    @contextmanager
    def file(self) -> Iterator[str]:
        if self._file is not None:
            yield self._file
            return
        with tempfile.TemporaryDirectory(prefix="footbridge-") as place:
            made = Path(place) / "footbridge.toml"
            made.write_text(self._text, encoding="ascii")
            yield str(made)


_running: weakref.WeakSet[Footbridge] = weakref.WeakSet()


def _let_go() -> None:
    """In a process that was forked: the pipe is the first one's to hold, or footbridge would outlive it."""
    for one in _running:
        if one._process.stdin is not None:
            one._process.stdin.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


def _started(
    program: Path, words: list[str], added: Mapping[str, str], timeout: float
) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """The process once it has said where it answers, and what it said."""
    # Ctrl-C is for who started it: what is tested may need it until the end, and it ends with standard input.
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    try:
        # Without buffers, whose locks another thread may hold as a process is forked.
        process = subprocess.Popen(
            [str(program), *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
            env=_program.environment(added), cwd=_program.QUIET_PLACE, **apart,
        )  # fmt: skip
    except OSError as error:
        raise BinaryNotFoundError(f"{program} cannot be run: {error}") from error
    lines: list[bytes] = []
    told = threading.Event()
    said: deque[bytes] = deque(maxlen=50)
    readers = [
        threading.Thread(target=_first, args=(process.stdout, lines, told), daemon=True),
        threading.Thread(target=_keep, args=(process.stderr, said), daemon=True),
    ]
    for reader in readers:
        reader.start()
    in_time = told.wait(timeout)
    try:
        ready = json.loads(lines[0])
        ready["endpoint"], ready["journal"]
    except (IndexError, KeyError, TypeError, ValueError):
        why = "ended"
        if not in_time:
            why = f"did not answer within {timeout:g} seconds"
            process.kill()
        code = _ended(process)
        readers[1].join(PATIENCE)
        text = b"".join(said).decode(errors="replace").strip()
        if not in_time or code is None:
            raise StartError(f"{program} {why}{': ' + text if text else ''}") from None
        raise StartError(f"{program} {why} with code {code}: {text or 'it said nothing'}") from None
    return process, ready


def _first(stream: IO[bytes], lines: list[bytes], told: threading.Event) -> None:
    """Hands the first line over, and reads on, so that nobody waits for a reader."""
    with stream:
        line = b""
        # Unbuffered: `readline` of such a stream would ask for each byte.
        while b"\n" not in line:
            part = stream.read(65536)
            if not part:
                break
            line += part
        if line:
            lines.append(line.split(b"\n", 1)[0])
        told.set()
        while stream.read(65536):
            pass


def _keep(stream: IO[bytes], said: deque[bytes]) -> None:
    with stream:
        while part := stream.read(4096):
            said.append(part)


def _ended(process: subprocess.Popen[bytes]) -> Optional[int]:
    """Closes its standard input and waits for its end; what does not end is ended.

    In a process that was forked this does nothing: it waits for no child of its own.
    """
    if process.stdin is not None:
        process.stdin.close()
    for end in (None, process.terminate, process.kill):
        if end is not None:
            end()
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            continue
    return process.poll()
