"""minio-go's own functional tests: each in a process of its own, against one server.

Those that suites-known.txt lists with a reason must not pass; all others must.
"""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support.checks import run
from support.known import Known

KNOWN = Path(__file__).resolve().parent / "suites-known.txt"
# These move 129 MB, or a thousand objects: seconds each, on a build for debugging.
LARGE = {
    "testFPutObject", "testFPutObjectMultipart", "testGetObjectAttributes", "testGetObjectRanges", "testPutMultipartObjectWithChecksums", "testPutObjectReadAt",
    "testPutObjectWithMetadata",
    "testRemoveMultipleObjects", "testRemoveMultipleObjectsIter", "testSSES3EncryptedGetObjectReadAtFunctional",
    "testSSES3EncryptedGetObjectReadSeekFunctional",
}


def verdict(program, options, name):
    """What became of one test: "passed", or how it failed, that it met what is not implemented included."""
    environment = program.environment | {"SERVER_ENDPOINT": program.endpoint.removeprefix("http://"), "ACCESS_KEY": "test", "SECRET_KEY": "test",
                                         "ENABLE_HTTPS": "0", "TMPDIR": str(program.work)}
    done = subprocess.run([str(options.tests.resolve()), name], cwd=program.work, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=300)
    try:
        said = json.loads(done.stdout)
    except json.JSONDecodeError:
        return f"exit code {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}"
    return "passed" if said["Status"] == "PASS" else f"{said['Status']}: {said['Detail']}"


def functional(checks, program, options):
    known = Known(KNOWN, "minio-go")
    names = subprocess.run([str(options.tests.resolve()), "list"], capture_output=True, text=True, check=True).stdout.split()
    checks.equal("what is listed are tests that there are", sorted((LARGE | known.reasons.keys()) - set(names)), [])
    chosen = [name for name in names if options.large or name not in LARGE]
    program.endpoint  # Started before the threads ask for it.
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        known.hold(checks, dict(zip(chosen, pool.map(lambda name: verdict(program, options, name), chosen))))


if __name__ == "__main__":
    run({"functional": functional}, __doc__, [
        (["--tests"], {"type": Path, "required": True, "help": "the program that go/minio builds"}),
        (["--large"], {"action": "store_true", "help": "also the tests of large files"}),
    ])
