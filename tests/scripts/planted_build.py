#!/usr/bin/env python3
"""A build of footbridge with one planted wrong answer: starts the real one, and changes what it says.

Takes footbridge's own arguments. PLANT_PROGRAM names the real binary, PLANT the wrong answer (a name of PLANTS, or
`none`), and PLANT_MARK a file that is made when a wrong answer was given. planted.py runs the client scripts on it.
"""

import contextlib
import http.client
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.parse
from pathlib import Path

# What is changed: (status, content type, body) -> the same, or None where this answer is not meant.
# Checksums that would betray the change to the client itself are taken away, as a wrong build would have them right.


def flipped_byte(status, kind, body):
    """An object's body whose middle byte is another."""
    if status in (200, 206) and body and "xml" not in kind and "json" not in kind:
        middle = len(body) // 2
        return status, body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
    return None


def replaced(pattern, by, flags=0):
    def plant(status, _kind, body):
        changed, count = re.subn(pattern, by, body, count=1, flags=flags)
        return (status, changed) if count else None

    return plant


def other_status(status, _kind, body):
    return (404, body) if status == 403 else None


PLANTS = {
    "byte": flipped_byte,
    "status": other_status,
    "s3-code": replaced(rb"<Code>NoSuchKey</Code>", b"<Code>NotFound</Code>"),
    "s3-message": replaced(rb"The specified bucket does not exist", b"The given bucket does not exist"),
    "s3-size": replaced(rb"<Size>(\d+)</Size>", rb"<Size>1\1</Size>"),
    "s3-missing-key": replaced(rb"<Contents>.*?</Contents>", b"", re.DOTALL),
    "s3-etag": replaced(rb"(<ETag>(?:&quot;|&#34;|\")[0-9a-f]{31})[0-9a-f](-\d+)", rb"\g<1>g\2"),
    "item": replaced(rb'(\{"N":\s*"[^"]*)(\d)"', lambda found: b'%s%d"' % (found[1], (int(found[2]) + 1) % 10)),
    "missing-item": replaced(rb'"Items":\s*\[\{.*\}\]', rb'"Items":[]', re.DOTALL),
    "code": replaced(rb"#ConditionalCheckFailedException", b"#ConditionalCheckFailed"),
    "message": replaced(rb"The conditional request failed", b"the conditional request failed"),
    "mcp-value": replaced(rb"hello from the inspector", b"hello from an inspector"),
    "mcp-tool": replaced(rb'"name":\s*"s3_get_object"', b'"name":"s3_get_objects"'),
    "mcp-message": replaced(rb"The specified key does not exist", b"No such key"),
}
CHECKSUMS = re.compile(r"x-amz-(checksum-.*|crc32|content-crc)|content-md5", re.IGNORECASE)
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


def plant(status, kind, body):
    """The answer to give, and whether it was changed."""
    wanted = os.environ["PLANT"]
    changed = None if wanted == "none" else PLANTS[wanted](status, kind, body)
    if changed is None:
        return status, body, False
    Path(os.environ["PLANT_MARK"]).touch()
    return *changed, True


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    far = None

    def forward(self):
        body = b"".join(self.body())
        connection = http.client.HTTPConnection(self.far, timeout=60)
        # Not self.path, which has lost the second of two slashes.
        connection.putrequest(self.command, self.requestline.split()[1], skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in HOP and name.lower() != "expect":
                connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        whole = answer.read()
        status, sent, changed = plant(answer.status, answer.getheader("Content-Type", ""), whole)
        self.send_response_only(status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP and not (changed and CHECKSUMS.fullmatch(name)):
                self.send_header(name, value)
        # The answer to HEAD says how long a body would be.
        self.send_header("Content-Length", answer.getheader("Content-Length", "0") if self.command == "HEAD" else str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)
        connection.close()

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            yield self.rfile.read(int(self.headers.get("Content-Length", 0)))
            return
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_OPTIONS = forward

    def log_message(self, *_):
        pass


def serve(process):
    said = b""
    while True:
        said += process.stdout.readline()
        with contextlib.suppress(json.JSONDecodeError):
            first = json.loads(said)
            break
        if process.poll() is not None:
            sys.exit(process.returncode)
    Proxy.far = urllib.parse.urlsplit(first["endpoint"]).netloc
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(first | {"endpoint": f"http://127.0.0.1:{server.server_address[1]}"}), flush=True)


def main():
    process = subprocess.Popen([os.environ["PLANT_PROGRAM"], *sys.argv[1:]], stdout=subprocess.PIPE)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: process.terminate())
    if sys.argv[1] == "serve":
        serve(process)
    else:
        for line in process.stdout:
            sys.stdout.buffer.write(plant(200, "line", line)[1])
            sys.stdout.buffer.flush()
    sys.exit(process.wait())


if __name__ == "__main__":
    main()
