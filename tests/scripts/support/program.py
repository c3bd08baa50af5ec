"""The footbridge binary: in a directory of its own, with nothing of the machine's environment."""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

READY_SECONDS = 30


def scrubbed(home):
    """An environment that names no credential, endpoint or proxy but the local ones."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR", "PLANT", "PLANT_MARK", "PLANT_PROGRAM")
            if name in os.environ}
    return kept | {
        "HOME": str(home),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "NO_COLOR": "1",
    }


class Program:
    """One data directory, and the processes that were started on it. Used with `with`: it ends them all."""

    def __init__(self, binary):
        self.binary = binary
        self.root = Path(tempfile.mkdtemp(prefix="footbridge-client-"))
        self.data = self.root / "data"
        self.work = self.root / "work"
        self.work.mkdir()
        self.environment = scrubbed(self.root)
        self.running = []
        self._endpoint = None

    def __enter__(self):
        return self

    def journal(self, url):
        """The lines of the journal, up to what the endpoint at `url` has answered by now.

        Calls are written a moment after they end, in order: what stands before a call of ours is all that there is.
        """
        mark = f"settled-{uuid.uuid4().hex}"
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(urllib.request.Request(f"{url}/{mark}", method="HEAD"), timeout=10)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            lines = [line for path in sorted((self.data / "journal").glob("*.ndjson")) for line in path.read_text().splitlines()]
            if any(mark in line for line in lines):
                ours = {json.loads(line)["id"] for line in lines if "settled-" in line}
                return [line for line in lines if json.loads(line)["id"] not in ours]
            time.sleep(0.01)
        raise TimeoutError("a call is not in the journal after ten seconds")

    def __exit__(self, *_):
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def command(self, *arguments):
        return [str(self.binary), *arguments, "--data-dir", str(self.data)]

    def start(self, *arguments, **options):
        """Starts a process of the binary on the data directory, and ends it at the end."""
        process = subprocess.Popen(self.command(*arguments), env=self.environment, cwd=self.work, **options)
        self.running.append(process)
        return process

    def serve(self, *arguments):
        """`footbridge serve` on a port that the kernel gave, as (process, endpoint)."""
        with open(self.root / f"serve-{len(self.running)}.log", "wb") as log:
            process = self.start("serve", "--listen", "127.0.0.1:0", "--json", *arguments, stdout=subprocess.PIPE, stderr=log)
        deadline = time.monotonic() + READY_SECONDS
        said = b""
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
                raise RuntimeError("serve did not say where it listens")
            part = os.read(process.stdout.fileno(), 4096)
            if not part:
                raise RuntimeError(f"serve ended with {process.wait()}: {Path(log.name).read_text()[-2000:]}")
            said += part
            with contextlib.suppress(json.JSONDecodeError):
                return process, json.loads(said)["endpoint"]

    @property
    def endpoint(self):
        """The endpoint of one `serve`, started when it is first asked for."""
        if self._endpoint is None:
            self._endpoint = self.serve()[1]
        return self._endpoint

    def call(self, tool, **arguments):
        """`footbridge call TOOL JSON`, as (exit code, standard output, standard error)."""
        done = subprocess.run(
            self.command("call", tool, json.dumps(arguments), "--json"), env=self.environment, cwd=self.work,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60, text=True,
        )
        return done.returncode, done.stdout, done.stderr

    def boto3(self, service, kind="client", **config):
        import boto3
        from botocore.config import Config

        session = boto3.session.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
        settings = Config(**({"retries": {"total_max_attempts": 1}, "proxies": {}} | config))
        return getattr(session, kind)(service, endpoint_url=self.endpoint, config=settings)
