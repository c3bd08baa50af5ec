"""Measures what a person notices of footbridge and of the engines beside it, in turns: the README's table.

    beside.py --program RELEASE_BUILD [--rounds 5] [ENGINE...]

Start: from the command to its first healthy answer. Suite: 50 small tests by one boto3 client, each with a table, a bucket, an item and
an object of its own and a reset at its end. Memory: what the process holds after that. Kept: whether an item is there again after
`kill -9` and the same command. Each figure is the median of the rounds.
"""

import argparse
import dataclasses
import os
import signal
import statistics
import sys
import time
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config

from support.engines import ENGINES, Started
from support.groups import Groups

TESTS = 50
RESETS = {"moto": "/moto-api/reset", "ministack": "/_ministack/reset"}


def footbridge(name, *more):
    def arguments(place):
        return ["serve", "--quiet", "--listen", f"127.0.0.1:{place.port}", "--data-dir", place.folder("data"), *more]

    return dataclasses.replace(ENGINES["footbridge"], name=name, arguments=arguments)


def clients(started):
    options = {
        "endpoint_url": f"http://127.0.0.1:{started.place.port}", "region_name": "us-east-1", "aws_access_key_id": "test",
        "aws_secret_access_key": "test", "config": Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    }
    return boto3.client("dynamodb", **options), boto3.client("s3", **options)


def make_table(dynamodb):
    dynamodb.create_table(
        TableName="orders", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )


def suite(started, dynamodb, s3):
    reset = f"http://127.0.0.1:{started.place.port}{RESETS.get(started.engine.name, '/_footbridge/reset')}"
    for number in range(TESTS):
        make_table(dynamodb)
        s3.create_bucket(Bucket="photos")
        item = {"pk": {"S": str(number)}}
        dynamodb.put_item(TableName="orders", Item=item)
        s3.put_object(Bucket="photos", Key="a.txt", Body=b"hello")
        assert dynamodb.get_item(TableName="orders", Key=item)["Item"] == item
        assert s3.get_object(Bucket="photos", Key="a.txt")["Body"].read() == b"hello"
        urllib.request.urlopen(reset, data=b"").close()


def until_it_answers(started):
    while not started.answers():
        if started.process.poll() is not None:
            sys.exit(f"{started.engine.name} ended:\n{started.tail()}")
        time.sleep(0.001)
    return time.monotonic() - started.began


def memory(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def kept(started, dynamodb):
    make_table(dynamodb)
    dynamodb.put_item(TableName="orders", Item={"pk": {"S": "kept"}})
    os.killpg(started.process.pid, signal.SIGKILL)
    started.process.wait()
    started.launch()
    until_it_answers(started)
    try:
        return "Item" in dynamodb.get_item(TableName="orders", Key={"pk": {"S": "kept"}})
    except dynamodb.exceptions.ResourceNotFoundException:
        return False


def measure(engine):
    with Groups("footbridge-beside-") as groups:
        started = Started(engine, groups)
        start = until_it_answers(started)
        dynamodb, s3 = clients(started)
        dynamodb.list_tables()
        s3.list_buckets()
        began = time.monotonic()
        suite(started, dynamodb, s3)
        took = time.monotonic() - began
        return start, took, memory(started.process), kept(started, dynamodb)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, type=Path, help="a release build of footbridge")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("engines", nargs="*", default=["moto", "ministack"])
    options = parser.parse_args()
    os.environ["PROGRAM"] = str(options.program.resolve())
    engines = [footbridge("footbridge"), footbridge("in-memory", "--ephemeral"), *(ENGINES[name] for name in options.engines)]
    figures = {engine.name: [] for engine in engines}
    for _ in range(options.rounds):
        for engine in engines:
            figures[engine.name].append(measure(engine))
    print(f"load average {os.getloadavg()[0]:.1f}; median of {options.rounds} rounds")
    for name, rounds in figures.items():
        start, took, held, there = zip(*rounds)
        print(f"{name}: start {statistics.median(start) * 1000:.0f} ms; {TESTS} tests {statistics.median(took) * 1000:.0f} ms; "
              f"{statistics.median(held):.0f} MB; kept over kill -9: {'yes' if all(there) else 'no' if not any(there) else 'at times'}")


if __name__ == "__main__":
    main()
