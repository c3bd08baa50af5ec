"""One data directory, many clients: what one writes all read, in turn and at the same time.

`sequence`: each client writes in turn, and the others read it. `together`: two `mcp`, a `serve` and short commands work
at once. `handover`: the process that owns the directory ends, and the others go on.
"""

import hashlib
import json
import subprocess
import sys
import threading
from pathlib import Path

from support.checks import run
from support.items import comparable
from support.mcp import Client

ROUNDS = 20


def called(program, tool, **arguments):
    code, out, error = program.call(tool, **arguments)
    if code != 0:
        raise RuntimeError(f"{tool}: exit code {code}: {error}")
    return json.loads(out)


def aws(program, endpoint, *arguments):
    cli = Path(sys.executable).with_name("aws")
    done = subprocess.run([str(cli), "--endpoint-url", endpoint, *arguments, "--output", "json"], env=program.environment, cwd=program.work,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=True)
    return done.stdout


def sequence(checks, program, _):
    body = bytes(range(256)) * 40
    item = {"pk": {"S": "boto3"}, "n": {"N": "12345678901234567890123456789012345678"}, "s": {"SS": ["a", "b"]}, "b": {"B": b"\x00\xff"}}
    # A short command writes before anything else runs.
    called(program, "s3_create_bucket", bucket="shared")
    called(program, "s3_put_object", bucket="shared", key="call", text="from call")
    called(program, "dynamodb_create_table", table="shared", keys={"pk": "S"})
    called(program, "dynamodb_put_items", table="shared", items=[{"pk": "call", "n": 1}])
    # Then SDKs over HTTP.
    s3, dynamodb = program.boto3("s3"), program.boto3("dynamodb")
    checks.equal("boto3 reads what call wrote", s3.get_object(Bucket="shared", Key="call")["Body"].read(), b"from call")
    checks.equal("and its item", dynamodb.get_item(TableName="shared", Key={"pk": {"S": "call"}})["Item"], {"pk": {"S": "call"}, "n": {"N": "1"}})
    s3.put_object(Bucket="shared", Key="boto3", Body=body)
    dynamodb.put_item(TableName="shared", Item=item)
    (program.work / "cli").write_text("from the CLI")
    aws(program, program.endpoint, "s3", "cp", "--only-show-errors", "cli", "s3://shared/cli")
    aws(program, program.endpoint, "dynamodb", "put-item", "--table-name", "shared", "--item", '{"pk": {"S": "cli"}, "n": {"N": "3"}}')
    # Then an MCP client, beside the server.
    mcp = Client(program)
    got = mcp.call("s3_get_object", bucket="shared", key="cli")
    checks.equal("mcp reads what the CLI wrote", got["text"], "from the CLI")
    got = mcp.call("dynamodb_get_items", table="shared", keys=[{"pk": "boto3"}])["items"][0]
    checks.equal("mcp reads what boto3 wrote", got, {"pk": "boto3", "n": {"$n": "12345678901234567890123456789012345678"}, "s": {"$ss": ["a", "b"]}, "b": {"$b": "AP8="}})
    mcp.call("s3_put_object", bucket="shared", key="mcp", text="from mcp")
    mcp.call("dynamodb_put_items", table="shared", items=[{"pk": "mcp", "n": 4}])
    checks.equal("mcp ends by itself", mcp.close(), 0)
    # Everyone reads all.
    want = {"call": b"from call", "boto3": body, "cli": b"from the CLI", "mcp": b"from mcp"}
    listed = {entry["Key"]: entry["ETag"] for entry in s3.list_objects_v2(Bucket="shared")["Contents"]}
    checks.equal("boto3: keys and ETags", listed, {key: f'"{hashlib.md5(value).hexdigest()}"' for key, value in want.items()})
    for key, value in want.items():
        checks.equal(f"boto3: {key}", s3.get_object(Bucket="shared", Key=key)["Body"].read(), value)
        aws(program, program.endpoint, "s3", "cp", "--only-show-errors", f"s3://shared/{key}", "read")
        checks.equal(f"CLI: {key}", (program.work / "read").read_bytes(), value)
    checks.equal("call: mcp's object", called(program, "s3_get_object", bucket="shared", key="mcp")["text"], "from mcp")
    keys = ["boto3", "call", "cli", "mcp"]
    rows = json.loads(aws(program, program.endpoint, "dynamodb", "scan", "--table-name", "shared"))["Items"]
    checks.equal("CLI: keys", sorted(row["pk"]["S"] for row in rows), keys)
    checks.equal("CLI: boto3's item", comparable(next(row for row in rows if row["pk"]["S"] == "boto3")), comparable(item))
    checks.equal("call: keys", sorted(row["pk"] for row in called(program, "dynamodb_scan", table="shared")["items"]), keys)
    # And after all of them have gone, what they wrote is there.
    for process in program.running:
        process.terminate()
        process.wait(20)
    checks.equal("afterwards: the object", called(program, "s3_get_object", bucket="shared", key="cli")["text"], "from the CLI")
    checks.equal("afterwards: keys", sorted(row["pk"] for row in called(program, "dynamodb_scan", table="shared")["items"]), keys)


def together(checks, program, _):
    called(program, "s3_create_bucket", bucket="busy")
    called(program, "dynamodb_create_table", table="busy", keys={"pk": "S", "n": "N"})
    one, two = Client(program), Client(program)
    dynamodb, s3 = program.boto3("dynamodb"), program.boto3("s3")
    broken = []

    def writes(name, write):
        def work():
            try:
                for number in range(ROUNDS):
                    write(name, number)
            except Exception as error:
                broken.append(f"{name}: {error!r}")

        return threading.Thread(target=work)

    def by_mcp(client):
        def write(name, number):
            client.call("dynamodb_put_items", table="busy", items=[{"pk": name, "n": number, "v": name * 10}])
            client.call("s3_put_object", bucket="busy", key=f"{name}/{number}", text=f"{name} {number}")
            client.call("dynamodb_update_item", table="busy", key={"pk": "counter", "n": 0}, update="ADD tally :one", values={":one": 1})

        return write

    def by_boto3(name, number):
        dynamodb.put_item(TableName="busy", Item={"pk": {"S": name}, "n": {"N": str(number)}, "v": {"S": name * 10}})
        s3.put_object(Bucket="busy", Key=f"{name}/{number}", Body=f"{name} {number}".encode())
        dynamodb.update_item(TableName="busy", Key={"pk": {"S": "counter"}, "n": {"N": "0"}}, UpdateExpression="ADD tally :one",
                             ExpressionAttributeValues={":one": {"N": "1"}})

    def by_command(name, number):
        called(program, "dynamodb_put_items", table="busy", items=[{"pk": name, "n": number, "v": name * 10}])
        called(program, "s3_put_object", bucket="busy", key=f"{name}/{number}", text=f"{name} {number}")
        called(program, "dynamodb_update_item", table="busy", key={"pk": "counter", "n": 0}, update="ADD tally :one", values={":one": 1})

    writers = {"one": by_mcp(one), "two": by_mcp(two), "boto3": by_boto3, "command": by_command}
    threads = [writes(name, write) for name, write in writers.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    checks.equal("nobody was refused", broken, [])
    checks.equal("no thread is left", [thread.name for thread in threads if thread.is_alive()], [])
    got = two.call("dynamodb_get_items", table="busy", keys=[{"pk": "counter", "n": 0}])["items"]
    checks.equal("each addition counts once", got, [{"pk": "counter", "n": 0, "tally": ROUNDS * len(writers)}])
    for name in writers:
        rows = one.call("dynamodb_query", table="busy", key_condition="pk = :p", values={":p": name})["items"]
        checks.equal(f"{name}: rows", rows, [{"pk": name, "n": number, "v": name * 10} for number in range(ROUNDS)])
        for number in (0, ROUNDS - 1):
            checks.equal(f"{name}: object {number}", s3.get_object(Bucket="busy", Key=f"{name}/{number}")["Body"].read(), f"{name} {number}".encode())
    keys = sorted(f"{name}/{number}" for name in writers for number in range(ROUNDS))
    checks.equal("keys", [entry["Key"] for entry in s3.list_objects_v2(Bucket="busy")["Contents"]], keys)


def handover(checks, program, _):
    owner, second = Client(program), Client(program)
    owner.call("dynamodb_create_table", table="moved", keys={"pk": "S"})
    second.call("dynamodb_put_items", table="moved", items=[{"pk": "through the owner"}])
    checks.equal("the owner ends by itself", owner.close(), 0)
    second.call("dynamodb_put_items", table="moved", items=[{"pk": "as the owner"}])
    dynamodb = program.boto3("dynamodb")
    checks.equal("a serve that came later", sorted(row["pk"]["S"] for row in dynamodb.scan(TableName="moved")["Items"]), ["as the owner", "through the owner"])
    checks.equal("the second owner ends by itself", second.close(), 0)
    dynamodb.put_item(TableName="moved", Item={"pk": {"S": "through serve"}})
    checks.equal("the last one has all", sorted(row["pk"] for row in called(program, "dynamodb_scan", table="moved")["items"]),
                 ["as the owner", "through serve", "through the owner"])


if __name__ == "__main__":
    run({call.__name__: call for call in (sequence, together, handover)}, __doc__)
