"""What a call over HTTP costs the server beside another build of it: CPU time, and system calls where strace is there.

    python3 tests/scripts/call_cost.py --program NEW --before OLD

Both serve in turns, on a store in a directory, to one client on one kept connection.
"""

import os
import re
import shutil
import socket
import statistics
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from support.checks import run
from support.program import Program

TICK = os.sysconf("SC_CLK_TCK")
SIGNED = ("authorization: AWS4-HMAC-SHA256 Credential=AKIAFOOTBRIDGE/20261101/us-east-1/dynamodb/aws4_request, "
          f"SignedHeaders=host;x-amz-date, Signature={0:064}\r\nx-amz-date: 20261101T000000Z\r\n")
TABLE = ('{"TableName":"cost","BillingMode":"PAY_PER_REQUEST",'
         '"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],'
         '"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"}]}')
# Of 20 items of 1 KB in words, as most texts are.
PUTS = ['{"TableName":"cost","Item":{"pk":{"S":"one"},"sk":{"N":"%d"},"text":{"S":"%s"}}}' % (number, "what is stored here " * 50) for number in range(20)]
GET = '{"TableName":"cost","Key":{"pk":{"S":"one"},"sk":{"N":"0"}}}'
QUERY = '{"TableName":"cost","KeyConditionExpression":"pk = :pk","ExpressionAttributeValues":{":pk":{"S":"one"}}}'
CALLS = [("GetItem", GET, 4), ("Query", QUERY, 2), ("PutItem", PUTS[0], 1)]


class Connection:
    """One connection, and requests that are made beforehand."""

    def __init__(self, endpoint):
        place = urlsplit(endpoint)
        self.host = place.netloc
        self.socket = socket.create_connection((place.hostname, place.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self, operation, body):
        return (f"POST / HTTP/1.1\r\nhost: {self.host}\r\ncontent-length: {len(body)}\r\n{SIGNED}"
                f"content-type: application/x-amz-json-1.0\r\nx-amz-target: DynamoDB_20120810.{operation}\r\n\r\n{body}").encode()

    def send(self, request):
        self.socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.socket.recv(65536)
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode(errors="replace"))
        left = int(re.search(rb"(?i)content-length: (\d+)", head).group(1)) - len(body)
        while left > 0:
            left -= len(self.socket.recv(65536))


def spent(pid):
    """Seconds of CPU of a process so far, its own and the kernel's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def made(connection, operation, body, count):
    request = connection.request(operation, body)
    for _ in range(count):
        connection.send(request)


def served(binary):
    program = Program(binary)
    server, endpoint = program.serve()
    connection = Connection(endpoint)
    made(connection, "CreateTable", TABLE, 1)
    for put in PUTS:
        made(connection, "PutItem", put, 1)
    return program, server, connection


def builds(options):
    return {"before": options.before.resolve(), "now": options.program.resolve()}


def cpu(checks, _, options):
    """In turns, so that what else the machine does falls on both alike."""
    there = {name: served(binary) for name, binary in builds(options).items()}
    for operation, body, times in CALLS:
        count = options.count * times
        costs = {name: [] for name in there}
        walls = {name: [] for name in there}
        for _ in range(options.rounds):
            for name, (_, server, connection) in there.items():
                before, began = spent(server.pid), time.perf_counter()
                made(connection, operation, body, count)
                walls[name].append((time.perf_counter() - began) / count * 1e6)
                # What the server does of it afterwards counts, too.
                time.sleep(0.2)
                costs[name].append((spent(server.pid) - before) / count * 1e6)
        for name in there:
            print(f"report: {operation}, {name}: {statistics.median(costs[name]):.1f} µs of CPU a call (least {min(costs[name]):.1f}), "
                  f"{statistics.median(walls[name]):.0f} µs by the clock, {options.rounds} rounds of {count}", flush=True)
        print(f"report: {operation}: now {statistics.median(costs['now']) / statistics.median(costs['before']):.2f} times the CPU of before, "
              f"by the least {min(costs['now']) / min(costs['before']):.2f}", flush=True)
    for program, _, connection in there.values():
        connection.socket.close()
        program.__exit__()


def system_calls(checks, _, options):
    if not shutil.which("strace"):
        print("report: no strace, so system calls are not counted", flush=True)
        return
    for name, binary in builds(options).items():
        program, server, connection = served(binary)
        for operation, body, _ in CALLS:
            counts = program.root / "strace"
            tracer = subprocess.Popen(["strace", "-f", "-c", "-o", str(counts), "-p", str(server.pid)], stderr=subprocess.PIPE)
            tracer.stderr.readline()  # Attached.
            made(connection, operation, body, options.count)
            time.sleep(0.2)
            tracer.terminate()
            tracer.wait(30)
            rows = [line.split() for line in counts.read_text().splitlines()]
            found = {row[-1]: int(row[3]) for row in rows if len(row) >= 5 and row[3].isdigit() and row[-1] != "total"}
            most = sorted(found, key=found.get, reverse=True)[:7]
            print(f"report: {operation}, {name}: {sum(found.values()) / options.count:.1f} system calls a call: "
                  + ", ".join(f"{call} {found[call] / options.count:.1f}" for call in most), flush=True)
        connection.socket.close()
        program.__exit__()


if __name__ == "__main__":
    run({"cpu": cpu, "system_calls": system_calls}, __doc__, [
        (["--before"], {"type": Path, "required": True, "help": "the other build"}),
        (["--count"], {"type": int, "default": 2000}),
        (["--rounds"], {"type": int, "default": 5}),
    ])
