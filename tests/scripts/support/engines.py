"""The other engines that footbridge is compared with: what each has, where its program is, how it is started.

None is part of footbridge. docs/parity-engines.md says what each is good and weak in.
"""

import http.client
import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

READY_SECONDS = 60
# How often an engine is started again that ended by itself.
MOST_ENDS = 500
DYNAMODB, S3, BOTH = "dynamodb", "s3", "s3+dynamodb"
# Where programs are looked for: the packages of .ci/tools, the PATH, and what install_engines.sh made.
CACHE = os.environ.get("CI_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "footbridge-ci"
PLACES = os.pathsep.join([
    *([str(Path(os.environ["NODE_MODULES"]) / ".bin")] if "NODE_MODULES" in os.environ else []),
    os.environ.get("PATH", os.defpath),
    str(Path(CACHE) / "engines" / "bin"),
])


class Trouble(Exception):
    """What a person has to hear, without a trace."""


@dataclass(frozen=True)
class Engine:
    """`arguments` and `environment` are made from the port, a directory of the engine's own and the engine's keys."""

    name: str
    services: str
    licence: str
    install: str
    arguments: object
    program: str
    ready: str
    statuses: tuple = (200,)
    environment: object = field(default=lambda place: {})
    key: str = "test"
    secret: str = "test"

    @property
    def variable(self):
        """The environment variable that says where its program is."""
        return "PROGRAM" if self.program == "footbridge" else f"FOOTBRIDGE_ENGINE_{self.name.upper()}"

    def found(self):
        """Where its program is: the variable's word, else what PLACES hold. None where it is missing."""
        return shutil.which(os.environ.get(self.variable) or self.program, path=PLACES)

    def missing(self):
        return f"{self.name} is not installed: {self.install}, or set {self.variable} to where it is"


@dataclass(frozen=True)
class Place:
    """What one start of an engine has: its program, a port that nobody else gets, an empty directory, its keys."""

    program: str
    port: int
    directory: Path
    key: str
    secret: str

    def folder(self, name):
        folder = self.directory / name
        folder.mkdir(exist_ok=True)
        return str(folder)


def strict_configuration(place):
    path = place.directory / "footbridge.toml"
    path.write_text(f'[[identity]]\nkey = "{place.key}"\nsecret = "{place.secret}"\n')
    return str(path)


def footbridge(place, *more):
    # In memory, and with a data directory of its own for the rest.
    return ["serve", "--listen", f"127.0.0.1:{place.port}", "--data-dir", place.folder("data"), "--ephemeral", *more]


ENGINES = {engine.name: engine for engine in (
    Engine(
        "moto", BOTH, "Apache-2.0", "pip install -r .ci/tools/engines-requirements.txt", program="moto_server",
        arguments=lambda place: ["--host", "127.0.0.1", "--port", str(place.port)], ready="/moto-api/",
    ),
    Engine(
        "ministack", BOTH, "MIT", "pip install -r .ci/tools/engines-requirements.txt", program="ministack",
        arguments=lambda place: [], ready="/_ministack/ready",
        # Unless told otherwise it listens on all interfaces, and on two more ports.
        environment=lambda place: {
            "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(place.port), "SERVICES": "s3,dynamodb,dynamodbstreams,sts",
            "SFTP_ENABLED": "0", "IOT_MTLS_ENABLED": "0", "LOG_LEVEL": "WARNING",
        },
    ),
    Engine(
        "dynalite", DYNAMODB, "Apache-2.0", "npm ci in .ci/tools, NODE_MODULES=its node_modules", program="dynalite", ready="/",
        arguments=lambda place: ["--host", "127.0.0.1", "--port", str(place.port), "--createTableMs", "0", "--deleteTableMs", "0", "--updateTableMs", "0"],
    ),
    Engine(
        "dynoxide", DYNAMODB, "MIT or Apache-2.0", "tests/scripts/install_engines.sh dynoxide", program="dynoxide", ready="/",
        arguments=lambda place: ["serve", "--host", "127.0.0.1", "--port", str(place.port), "--log", "quiet"], statuses=(),
    ),
    Engine(
        "versitygw", S3, "Apache-2.0", "tests/scripts/install_engines.sh versitygw", program="versitygw", ready="/", statuses=(403,),
        arguments=lambda place: [
            "--port", f"127.0.0.1:{place.port}", "--region", "us-east-1", "--iam-dir", place.folder("iam"), "--quiet",
            "posix", "--versioning-dir", place.folder("versions"), place.folder("data"),
        ],
        environment=lambda place: {"ROOT_ACCESS_KEY": place.key, "ROOT_SECRET_KEY": place.secret},
        key="parity", secret="parity-secret",
    ),
    Engine(
        "minio", S3, "AGPL-3.0, only ever run", "tests/scripts/install_engines.sh minio", program="minio", ready="/minio/health/ready",
        arguments=lambda place: ["server", "--quiet", "--address", f"127.0.0.1:{place.port}", place.folder("data")],
        environment=lambda place: {
            "MINIO_ROOT_USER": place.key, "MINIO_ROOT_PASSWORD": place.secret, "MINIO_BROWSER": "off", "MINIO_UPDATE": "off",
            "MINIO_REGION": "us-east-1",
        },
        key="parity", secret="parity-secret",
    ),
    Engine(
        "footbridge", BOTH, "this repository", "--program PATH", program="footbridge", ready="/_footbridge/health", arguments=footbridge,
    ),
    Engine(
        "footbridge-strict", BOTH, "this repository", "--program PATH", program="footbridge", ready="/_footbridge/health",
        arguments=lambda place: [*footbridge(place), "--strict", "--config", strict_configuration(place)],
        key="AKIAPARITY", secret="parity-secret",
    ),
)}


def bare_environment(home):
    """What an engine sees of this machine: no credential, no proxy, no home of a person."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
    return kept | {"PATH": PLACES, "HOME": str(home), "TMPDIR": str(home), "TZ": "UTC", "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1",
                   "AWS_EC2_METADATA_DISABLED": "true"}


def reserve_port():
    """A port that the kernel gives and, for a minute, gives to nobody else who asks it for any.

    A connection that was ended on our side leaves the port waiting; only a server that names it may still listen on it.
    """
    with socket.socket() as listener, socket.socket() as client:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        client.connect(listener.getsockname())
        served, _ = listener.accept()
        served.close()
        return listener.getsockname()[1]


class Started:
    """An engine that is starting, in a process group of `groups`."""

    def __init__(self, engine, groups):
        self.engine, self.groups = engine, groups
        self.ends = 0
        directory = groups.root / engine.name
        directory.mkdir()
        self.place = Place(engine.found(), reserve_port(), directory, engine.key, engine.secret)
        self.log = directory / "log"
        self.launch()

    def launch(self):
        directory = self.log.parent
        self.began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = self.groups.start(
                [self.place.program, *self.engine.arguments(self.place)], cwd=directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=bare_environment(directory) | self.engine.environment(self.place),
            )

    def revive(self):
        """Starts it again where it ended: some engines end at a request that they did not foresee, and lose what they had."""
        if self.process.poll() is not None and not self.gone():
            self.ends += 1
            self.launch()

    def gone(self):
        """Whether it ended so often that it is let be."""
        return self.ends >= MOST_ENDS

    def wait(self):
        """Returns the seconds that it took to answer."""
        while not self.answers():
            try:
                code = self.process.wait(0.02)
            except subprocess.TimeoutExpired:
                if time.monotonic() - self.began > READY_SECONDS:
                    raise Trouble(f"{self.engine.name} did not answer within {READY_SECONDS} seconds:\n{self.tail()}") from None
            else:
                raise Trouble(f"{self.engine.name} ended with {code} as it started:\n{self.tail()}")
        return time.monotonic() - self.began

    def answers(self):
        """Whether it is ready."""
        connection = http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=5)
        try:
            connection.request("GET", self.engine.ready)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return not self.engine.statuses or status in self.engine.statuses

    def tail(self):
        return self.log.read_text(errors="replace")[-2000:] or "(it said nothing)"

    def word(self):
        return spelled(self.engine.name, self.engine.services, f"http://127.0.0.1:{self.place.port}", self.place.key, self.place.secret)


def spelled(name, services, url, key, secret):
    """`NAME:SERVICES=SCHEME://KEY:SECRET@HOST:PORT`, the form that the tests read."""
    scheme, rest = url.split("://", 1)
    return f"{name}:{services}={scheme}://{quote(key, safe='')}:{quote(secret, safe='')}@{rest.rstrip('/')}"


def by_address(word):
    """Reads `NAME[:SERVICES]=URL` of a person, whose URL may hold `KEY:SECRET@`, into the whole form."""
    name, _, url = word.partition("=")
    name, _, services = name.partition(":")
    services = services or BOTH
    parts = urlsplit(url)
    if not name or parts.scheme not in ("http", "https") or not parts.hostname or "," in word:
        raise Trouble(f"`{word}` is not NAME=http://HOST:PORT")
    if unknown := set(services.split("+")) - {S3, DYNAMODB}:
        raise Trouble(f"`{word}`: services are s3, dynamodb or s3+dynamodb, not {', '.join(sorted(unknown))}")
    if parts.username:
        return f"{name}:{services}={url.rstrip('/')}"
    return spelled(name, services, url, "test", "test")
