"""The runner for real AWS, proven on a second footbridge that is started with `--strict` and holds other people's data.

`compared`: histories and contracts run to their end. `panicked`, `killed`: a run that breaks off leaves nothing, or a ledger
from which everything is taken away. `denied`: wrong credentials. After each, what the run did not make is byte for byte
what it was.
"""

import functools
import hashlib
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

from support.checks import run

ROOT = Path(__file__).resolve().parents[2]
KEY, SECRET, OTHER = "AKIAPARITY", "parity-secret", "AKIASOMEBODY"
CONFIG = f"""
[[identity]]
key = "{KEY}"
secret = "{SECRET}"
account = "111122223333"

[[identity]]
key = "{OTHER}"
secret = "{SECRET}"
account = "444455556666"
"""
# Names of others, some like those of a run.
TABLES = ["orders", "footbridge-parity-0000aaaa-t"]
BUCKETS = ["photos", "footbridge-parity-0000aaaa-b"]
ELSEWHERE = "footbridge-parity-0000bbbb-b"


@functools.cache
def tests():
    """The test programs, built, by name."""
    command = [os.environ.get("CARGO", "cargo"), "test", "--locked", "--no-run", "--test", "parity", "--test", "contract", "--message-format", "json"]
    built = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout
    messages = [json.loads(line) for line in built.splitlines() if line.startswith("{")]
    return {message["target"]["name"]: message["executable"] for message in messages if message.get("executable")}


class Far:
    """A footbridge that stands in AWS's place, with the data of others in it."""

    def __init__(self, program):
        self.program = program
        self.ledgers = program.root / "ledgers"
        config = program.root / "strict.toml"
        config.write_text(CONFIG)
        self.url = program.serve("--strict", "--config", str(config))[1]
        self.dynamodb, self.s3 = self.client("dynamodb"), self.client("s3")
        for name in TABLES:
            self.dynamodb.create_table(
                TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            )
            for number in range(5):
                self.dynamodb.put_item(TableName=name, Item={"pk": {"S": f"item {number}"}, "v": {"B": bytes([number, 255])}})
        for client, name in [*((self.s3, name) for name in BUCKETS), (self.client("s3", OTHER), ELSEWHERE)]:
            client.create_bucket(Bucket=name)
            client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
            for number in range(5):
                client.put_object(Bucket=name, Key=f"key {number % 3}", Body=bytes([number]) * 1000)

    def client(self, service, key=KEY):
        import boto3
        from botocore.config import Config

        session = boto3.session.Session(aws_access_key_id=key, aws_secret_access_key=SECRET, region_name="us-east-1")
        return session.client(service, endpoint_url=self.url, config=Config(proxies={}))

    def everything(self):
        """All that there is, to the byte."""
        found = {}
        for name in self.dynamodb.list_tables()["TableNames"]:
            table = self.dynamodb.describe_table(TableName=name)["Table"]
            tags = self.dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
            found["table", name] = [repr(table), repr(tags), repr(self.dynamodb.scan(TableName=name)["Items"])]
        for client, owner in ((self.s3, KEY), (self.client("s3", OTHER), OTHER)):
            for bucket in client.list_buckets()["Buckets"]:
                name = bucket["Name"]
                seen = [repr(bucket["CreationDate"])]
                for version in client.list_object_versions(Bucket=name).get("Versions", []):
                    body = client.get_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])["Body"].read()
                    seen.append(repr((version["Key"], version["VersionId"], version["LastModified"], hashlib.sha256(body).hexdigest())))
                found["bucket", name, owner] = seen
        return found

    def calls(self):
        """The operations that were asked for, as the journal has them."""
        records = map(json.loads, self.program.journal(self.url))
        return [record["operation"] for record in records if record["event"] == "started"]

    def test(self, binary, **more):
        """One run of the test program, as (process, where its output goes)."""
        environment = self.program.environment | {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "FOOTBRIDGE_PARITY": "aws",
            "FOOTBRIDGE_PARITY_LEDGER": str(self.ledgers),
            "RUST_BACKTRACE": "0",
        } | more
        log = self.program.root / f"run-{time.monotonic_ns()}.log"
        with open(log, "wb") as output:
            process = subprocess.Popen([binary, "aws", "--ignored", "--nocapture"], env=environment, cwd=self.program.work,
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        self.program.running.append(process)
        return process, log

    def ran(self, binary, **more):
        """One run to its end, as (exit code, output)."""
        process, log = self.test(binary, **more)
        code = process.wait(600)
        return code, log.read_text()

    def left(self):
        return sorted(path.name for path in self.ledgers.glob("*.ledger"))


def number(checks, what, pattern, text):
    found = re.search(pattern, text)
    checks.true(f"{what}: {pattern}", found, "" if found else text[-3000:])
    return int(found[1]) if found else -1


def compared(checks, program, _):
    far = Far(program)
    before = far.everything()
    asked = len(far.calls())
    code, said = far.ran(tests()["parity"], FOOTBRIDGE_PARITY_CALLS="700", FOOTBRIDGE_PARITY_TOUCH="orders")
    calls = far.calls()[asked:]
    checks.equal("the run passes", (code, "" if code == 0 else said[-3000:]), (0, ""))
    checks.contains("it says that this is not AWS", said, f"CUSTOM {far.url} us-east-1 as arn:aws:")
    checks.true("answers were compared", number(checks, "comparisons", r"(\d+) answers compared, 0 differ", said) > 100)
    sent = number(checks, "calls", r"(\d+) calls were sent", said)
    checks.equal("every request is counted; asking who we are is not", len(calls), sent + 1)
    checks.true("the budget and the reserve of clean-up hold", sent <= 700 + 100, str(sent))
    checks.equal("refusals that are shown", said.count("refused before sending"), 4)
    checks.equal("what others have is as it was, and nothing else is there", far.everything(), before)
    checks.equal("no ledger is left", far.left(), [])
    print(f"report: parity_aws: {re.search('.* answers compared, .*', said)[0]}; {sent} calls")

    code, said = far.ran(tests()["contract"], FOOTBRIDGE_PARITY_CALLS="5000")
    checks.equal("the contracts pass", (code, "" if code == 0 else said[-3000:]), (0, ""))
    checks.true("contracts were held", number(checks, "contracts", r"AWS keeps (\d+) contracts, and not 0", said) > 100)
    checks.equal("what others have is as it was, and nothing else is there", far.everything(), before)
    checks.equal("no ledger is left", far.left(), [])


def panicked(checks, program, _):
    far = Far(program)
    before = far.everything()
    for after in ("9", "150"):
        code, said = far.ran(tests()["parity"], FOOTBRIDGE_PARITY_PANIC_AFTER=after)
        checks.true(f"after {after} calls it fails", code != 0)
        checks.contains("by the panic that was wanted", said, f"as FOOTBRIDGE_PARITY_PANIC_AFTER={after} wanted")
        checks.contains("it cleans up all the same", said, "0 things are left")
        checks.equal("what others have is as it was, and nothing else is there", far.everything(), before)
        checks.equal("no ledger is left", far.left(), [])


def killed(checks, program, _):
    far = Far(program)
    before = far.everything()
    process, log = far.test(tests()["parity"], FOOTBRIDGE_PARITY_CALLS="100000")
    deadline = time.monotonic() + 60
    made = set()
    # Stopped at some point between making a table and taking it away.
    while not made and time.monotonic() < deadline and process.poll() is None:
        if set(far.dynamodb.list_tables()["TableNames"]) == set(TABLES):
            time.sleep(0.01)
            continue
        process.send_signal(signal.SIGSTOP)
        # What was sent before is answered by then.
        time.sleep(0.1)
        made = set(far.everything()) - set(before)
        if not made:
            process.send_signal(signal.SIGCONT)
    checks.true("it made something", made, log.read_text()[-2000:])
    process.kill()
    process.wait()
    checks.equal("its ledger is left", len(far.left()), 1)
    ledger = far.ledgers / far.left()[0]
    checks.equal("which others cannot read", oct(ledger.stat().st_mode & 0o777), "0o600")
    for name in (one[1] for one in made):
        checks.contains("what it made is in it", ledger.read_text(), name)
    # Somebody takes a name that the run had, too.
    prefix = json.loads(ledger.read_text().splitlines()[0])["prefix"]
    far.s3.create_bucket(Bucket=f"{prefix}theirs")
    theirs = far.everything()
    code, said = far.ran(tests()["parity"], FOOTBRIDGE_PARITY="aws-clean")
    checks.equal("cleaning passes", (code, "" if code == 0 else said[-3000:]), (0, ""))
    checks.contains("it says what it did", said, "1 ledgers of runs that did not end; 0 things are left")
    checks.equal("only what the run made is gone", far.everything(), {thing: theirs[thing] for thing in theirs if thing not in made})
    checks.equal("no ledger is left", far.left(), [])
    code, said = far.ran(tests()["parity"], FOOTBRIDGE_PARITY="aws-clean")
    checks.equal("cleaning again finds nothing", (code, "0 ledgers" in said), (0, True))


def denied(checks, program, _):
    far = Far(program)
    before = far.everything()
    asked = len(far.calls())
    code, said = far.ran(tests()["parity"], AWS_SECRET_ACCESS_KEY="wrong")
    checks.true("wrong credentials fail", code != 0)
    checks.contains("with a sentence that says so", said, "does not take these credentials, and nothing was made")
    checks.contains("and with the answer", said, "SignatureDoesNotMatch")
    # What is refused before its form is read is called Unknown.
    checks.equal("nothing but the question was sent", set(far.calls()[asked:]) - {"GetCallerIdentity", "Unknown"}, set())
    code, said = far.ran(tests()["parity"], FOOTBRIDGE_PARITY="")
    checks.contains("without the word nothing runs", said, "FOOTBRIDGE_PARITY=aws runs histories on your account")
    checks.equal("nothing was made", far.everything(), before)


if __name__ == "__main__":
    run({call.__name__: call for call in (compared, panicked, killed, denied)}, __doc__)
