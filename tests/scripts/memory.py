"""A 1 GiB object up and down in bounded memory: over HTTP, aws-chunked, and in process, each in a process of its own.

The process may not grow by more than 64 MB over what it has when idle, by VmHWM, the most that it ever had.
"""

import base64
import contextlib
import hashlib
import http.client
import json
import os
import subprocess
import time
import urllib.parse
import zlib

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from support.checks import run

MIB = 1024 * 1024
GROWTH_MB = 64
BUCKET = "memory"
BLOCK = bytes(range(256)) * 4096


def blocks(size):
    """`size` bytes in blocks of 1 MiB, each of them different."""
    for number in range(size // MIB):
        yield number.to_bytes(8, "big") + BLOCK[8:]


def digest(parts):
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()


def peak_mb(process):
    """The most memory that a running process ever had, in MB of a million bytes."""
    with open(f"/proc/{process.pid}/status") as status:
        kib = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    return kib * 1024 / 1e6


def signed(endpoint, method, path, headers=None):
    """The headers of a request whose payload is not signed."""
    request = AWSRequest(method, f"{endpoint}{path}", headers=headers or {})
    request.context["payload_signing_enabled"] = False
    auth = S3SigV4Auth(Credentials("test", "test"), "s3", "us-east-1")
    chunked = "x-amz-trailer" in (headers or {})
    auth.payload = lambda _: "STREAMING-UNSIGNED-PAYLOAD-TRAILER" if chunked else "UNSIGNED-PAYLOAD"
    auth.add_auth(request)
    return dict(request.headers)


def chunked(parts, trailer):
    """The aws-chunked coding: chunks of 1 MiB, and the CRC32 at the end."""
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
        yield f"{len(part):x}\r\n".encode() + part + b"\r\n"
    yield f"0\r\n{trailer}:{base64.b64encode(checksum.to_bytes(4, 'big')).decode()}\r\n\r\n".encode()


def put(checks, endpoint, key, size, encoded):
    path = f"/{BUCKET}/{key}"
    if encoded:
        trailer = "x-amz-checksum-crc32"
        frame = len(f"{MIB:x}\r\n\r\n") * (size // MIB) + len(f"0\r\n{trailer}:AAAAAA==\r\n\r\n")
        headers = {"content-encoding": "aws-chunked", "x-amz-trailer": trailer, "x-amz-decoded-content-length": str(size)}
        length, body = size + frame, chunked(blocks(size), trailer)
    else:
        headers, length, body = {}, size, blocks(size)
    send = signed(endpoint, "PUT", path, headers) | {"content-length": str(length)}
    with contextlib.closing(http.client.HTTPConnection(urllib.parse.urlsplit(endpoint).netloc, timeout=300)) as connection:
        connection.request("PUT", path, body=body, headers=send)
        answer = connection.getresponse()
        checks.equal(f"PUT of {size // MIB} MiB", (answer.status, answer.read()), (200, b""))


def get(checks, endpoint, key, size):
    path = f"/{BUCKET}/{key}"
    with contextlib.closing(http.client.HTTPConnection(urllib.parse.urlsplit(endpoint).netloc, timeout=300)) as connection:
        connection.request("GET", path, headers=signed(endpoint, "GET", path))
        answer = connection.getresponse()
        got = digest(iter(lambda: answer.read(MIB), b""))
        checks.equal(f"GET of {size // MIB} MiB", (answer.status, got), (200, digest(blocks(size))))


def over_http(size, encoded=False):
    def section(checks, program, _):
        process, endpoint = program.serve()
        program._endpoint = endpoint
        program.boto3("s3").create_bucket(Bucket=BUCKET)
        # Idle: the server has answered, and done the same once with little.
        put(checks, endpoint, "small", MIB, encoded)
        get(checks, endpoint, "small", MIB)
        if size == MIB:
            return
        idle = peak_mb(process)
        began = time.monotonic()
        put(checks, endpoint, "large", size, encoded)
        up = time.monotonic() - began
        after_up = peak_mb(process)
        get(checks, endpoint, "large", size)
        down = time.monotonic() - began - up
        peak = peak_mb(process)
        report(checks, f"{'aws-chunked' if encoded else 'HTTP'}: idle {idle:.0f} MB, after the upload {after_up:.0f}, in the end {peak:.0f}; "
                       f"up {size / MIB / up:.0f} MiB/s, down {size / MIB / down:.0f} MiB/s", peak - idle)

    return section


def in_process(size):
    """`footbridge call` owns the directory itself: the tool's SDK call reaches the emulator without a socket."""

    def section(checks, program, _):
        source, target = program.work / "source", program.work / "target"

        def call(tool, **arguments):
            child = subprocess.Popen(program.command("call", tool, json.dumps(arguments), "--json"), env=program.environment, cwd=program.work,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            checks.equal(f"{tool}: exit code", child.returncode, 0)
            return usage.ru_maxrss * 1024 / 1e6

        call("s3_create_bucket", bucket=BUCKET)
        source.write_bytes(b"small")
        idle = {
            "s3_put_object": call("s3_put_object", bucket=BUCKET, key="small", file=str(source)),
            "s3_get_object": call("s3_get_object", bucket=BUCKET, key="small", save_to=str(target)),
        }
        with open(source, "wb") as file:
            for block in blocks(size):
                file.write(block)
        target.unlink()
        up = call("s3_put_object", bucket=BUCKET, key="large", file=str(source))
        down = call("s3_get_object", bucket=BUCKET, key="large", save_to=str(target))
        with open(target, "rb") as file:
            checks.equal("the bytes", digest(iter(lambda: file.read(MIB), b"")), digest(blocks(size)))
        grown = max(up - idle["s3_put_object"], down - idle["s3_get_object"])
        report(checks, f"in process: up {up:.0f} MB over {idle['s3_put_object']:.0f} idle, down {down:.0f} over {idle['s3_get_object']:.0f}", grown)

    return section


def report(checks, text, grown):
    print(f"report: {text}", flush=True)
    checks.true(f"grows by less than {GROWTH_MB} MB", grown < GROWTH_MB, f"{grown:.0f}")


if __name__ == "__main__":
    gib = 1024 * MIB
    run({"http": over_http(gib), "aws_chunked": over_http(gib, encoded=True), "in_process": in_process(gib), "small": over_http(MIB)}, __doc__)
