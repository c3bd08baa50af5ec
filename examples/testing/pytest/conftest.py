"""A footbridge for the tests of this folder, in memory and on a free port."""

import json
import subprocess
import urllib.request

import pytest

COMMAND = ["footbridge", "serve", "--ephemeral", "--listen", "0", "--json", "--exit-with-parent"]


@pytest.fixture(scope="session")
def footbridge():
    """The URL of one that all tests of this process share. It ends with the process, however that ends."""
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield json.loads(process.stdout.readline())["endpoint"]
        process.stdin.close()


@pytest.fixture(autouse=True)
def aws(footbridge, monkeypatch):
    """Leads every AWS client of a test there, and leaves nothing behind."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", footbridge)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    yield
    urllib.request.urlopen(f"{footbridge}/_footbridge/reset", data=b"").close()
