"""Runs s3fs's own tests on the endpoint in FOOTBRIDGE_TEST_ENDPOINT: a plugin for pytest.

They start moto on a port of theirs, make buckets with the ACL public-read, and give one a policy. AWS refuses that ACL for
a bucket made today, and policies are not built: both are left out, in the fixtures alone, which use botocore. s3fs itself
uses aiobotocore.
"""

import os
import sys
import types

import botocore.client
import requests

ENDPOINT = os.environ["FOOTBRIDGE_TEST_ENDPOINT"]


class NoServer:
    """In place of moto's: the server is there already."""

    def __init__(self, **_):
        pass

    def start(self):
        pass

    def stop(self):
        pass


def modules():
    """moto as far as the tests import it."""
    moto = types.ModuleType("moto")
    moto.__version__ = "5.2.5"
    server = types.ModuleType("moto.moto_server.threaded_moto_server")
    server.ThreadedMotoServer = NoServer
    return {"moto": moto, "moto.moto_server": types.ModuleType("moto.moto_server"), "moto.moto_server.threaded_moto_server": server}


sys.modules.update(modules())

post = requests.post
requests.post = lambda url, **more: post(f"{ENDPOINT}/_footbridge/reset" if url.endswith("/moto-api/reset") else url, **more)

call = botocore.client.BaseClient._make_api_call


def lenient(client, operation, parameters):
    if operation == "PutBucketPolicy":
        return {}
    if operation == "CreateBucket":
        parameters = {name: value for name, value in parameters.items() if name != "ACL"}
    return call(client, operation, parameters)


botocore.client.BaseClient._make_api_call = lenient


def pytest_collection_finish(session):
    """Each module names the endpoint itself."""
    for name in ("s3fs.tests.test_s3fs", "s3fs.tests.test_mapping", "s3fs.tests.derived.s3fs_fixtures"):
        if module := sys.modules.get(name):
            module.endpoint_uri = f"{ENDPOINT}/"
