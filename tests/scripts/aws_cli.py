"""The AWS CLI: `s3 mb, cp, sync, ls, presign, rm, rb` with many files, a large one among them, and the sample tables.

What it is held to is what was sent, and the CLI's own words for AWS's errors.
"""

import base64
import hashlib
import json
import random
import subprocess
import urllib.request
from pathlib import Path

from support.checks import run
from support.fixtures import objects as fixture_objects
from support.fixtures import tables as fixture_tables
from support.items import comparable, key_of

MIB = 1024 * 1024


class Cli:
    def __init__(self, program, options):
        self.program = program
        # awslocal is there to take the endpoint from the environment.
        self.command = [options.aws] if options.aws.name == "awslocal" else [options.aws, "--endpoint-url", program.endpoint]
        self.environment = program.environment | {"AWS_ENDPOINT_URL": program.endpoint}

    def __call__(self, *arguments, code=0):
        """Runs `aws`: (standard output, standard error). Any exit code but `code` is an error here."""
        done = subprocess.run(
            [*self.command, *arguments], env=self.environment, cwd=self.program.work,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=300, text=True,
        )
        if (done.returncode != 0) if code == 0 else (done.returncode == 0):
            raise RuntimeError(f"aws {' '.join(arguments)[:200]}: exit code {done.returncode}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")
        return done.stdout, done.stderr

    def refused(self, checks, what, words, *arguments):
        """The command fails, and the last that it says is `words`."""
        checks.equal(what, self(*arguments, code=1)[1].strip()[-len(words) :], words)

    def json(self, *arguments):
        out = self(*arguments, "--output", "json")[0]
        return json.loads(out) if out.strip() else {}

    def file(self, value):
        path = self.program.work / "argument.json"
        path.write_text(json.dumps(value))
        return f"file://{path}"


def tree(root, files, large):
    """So many files: all but one of up to 20 KB, in folders, and one of `large` MiB."""
    source = random.Random(11)
    for number in range(files - 1):
        folder = root / ("", "plain", "with space", "deep/er/still", "ünï/日本")[number % 5]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"file {number:04}+{'é' * (number % 3)}.bin").write_bytes(source.randbytes(source.randrange(20_000)))
    with open(root / "big.bin", "wb") as big:
        for _ in range(large):
            big.write(source.randbytes(MIB))


def contents(root):
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in root.rglob("*") if path.is_file()}


def s3(checks, program, options):
    aws = Cli(program, options)
    here = program.work / "here"
    files, large = options.files, options.large
    tree(here, files, large)
    want = contents(here)
    checks.equal("mb", aws("s3", "mb", "s3://tree")[0], "make_bucket: tree\n")
    aws("s3", "sync", "--only-show-errors", str(here), "s3://tree/a")
    listed = aws("s3", "ls", "--recursive", "--summarize", "--page-size", str(min(1000, files // 3)), "s3://tree/a/")[0]
    rows = [line.split(None, 3) for line in listed.splitlines()[:files]]
    checks.equal("ls: sizes and keys", sorted((row[3], int(row[2])) for row in rows),
                 sorted((f"a/{name}", (here / name).stat().st_size) for name in want))
    checks.contains("ls: how many", listed, f"Total Objects: {files}\n")
    checks.equal("sync again does nothing", aws("s3", "sync", str(here), "s3://tree/a"), ("", ""))
    # The CLI uploads parts of 8 MiB; AWS's ETag of a multipart object is the MD5 of the parts' MD5s.
    head = aws.json("s3api", "head-object", "--bucket", "tree", "--key", "a/big.bin")
    digests = b""
    with open(here / "big.bin", "rb") as big:
        while part := big.read(8 * MIB):
            digests += hashlib.md5(part).digest()
    checks.equal("the large one", (head["ContentLength"], head["ETag"]), (large * MIB, f'"{hashlib.md5(digests).hexdigest()}-{-(-large // 8)}"'))
    back = program.work / "back"
    aws("s3", "sync", "--only-show-errors", "s3://tree/a", str(back))
    checks.equal("sync back", contents(back), want)
    aws("s3", "rm", "--only-show-errors", "--recursive", "s3://tree/a")
    checks.equal("rm --recursive", aws("s3", "ls", "--recursive", "s3://tree")[0], "")
    checks.equal("rb", aws("s3", "rb", "s3://tree")[0], "remove_bucket: tree\n")


def s3_small(checks, program, options):
    aws = Cli(program, options)
    body = random.Random(3).randbytes(5000)
    (program.work / "one").write_bytes(body)
    aws("s3", "mb", "s3://small")
    checks.contains("cp up", aws("s3", "cp", "one", "s3://small/x/one")[0], "upload: ./one to s3://small/x/one")
    aws("s3", "cp", "--only-show-errors", "s3://small/x/one", "two")
    checks.equal("cp down", (program.work / "two").read_bytes(), body)
    listed = aws("s3", "ls", "s3://small")[0]
    checks.equal("ls of a folder", listed.split(), ["PRE", "x/"])
    url = aws("s3", "presign", "s3://small/x/one")[0].strip()
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=30) as answer:
        checks.equal("presign", answer.read(), body)
    aws.refused(checks, "a missing key", "An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist.",
                "s3api", "get-object", "--bucket", "small", "--key", "missing", "out")
    checks.contains("a missing key to cp", aws("s3", "cp", "s3://small/missing", "out", code=1)[1],
                    "An error occurred (404) when calling the HeadObject operation:")
    aws.refused(checks, "a missing bucket", "An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation: The specified bucket does "
                "not exist", "s3", "ls", "s3://not-there-at-all")
    aws.refused(checks, "rb that is not empty", "An error occurred (BucketNotEmpty) when calling the DeleteBucket operation: The bucket you tried "
                "to delete is not empty", "s3", "rb", "s3://small")
    checks.equal("rm", aws("s3", "rm", "s3://small/x/one")[0], "delete: s3://small/x/one\n")


def samples(checks, program, options):
    """The sample objects with the names that a file can have, through standard input and output."""
    aws = Cli(program, options)
    aws("s3", "mb", "s3://footbridge-shop-media")
    chosen = [sample for sample in fixture_objects() if sample[0] == "footbridge-shop-media"]
    for bucket, key, content_type, metadata, body in chosen:
        (program.work / "body").write_bytes(body)
        put = aws.json("s3api", "put-object", "--bucket", bucket, "--key", key, "--body", "body", "--content-type", content_type,
                       "--metadata", json.dumps(metadata))
        checks.equal(f"{key}: ETag", put["ETag"], f'"{hashlib.md5(body).hexdigest()}"')
    for bucket, key, content_type, metadata, body in chosen[:4]:
        got = aws.json("s3api", "get-object", "--bucket", bucket, "--key", key, "out")
        checks.equal(f"{key}", ((program.work / "out").read_bytes(), got["ContentType"], got["Metadata"]), (body, content_type, metadata))
    listed = aws.json("s3api", "list-objects-v2", "--bucket", "footbridge-shop-media")["Contents"]
    checks.equal("list-objects-v2", [(entry["Key"], entry["Size"]) for entry in listed], sorted((sample[1], len(sample[4])) for sample in chosen))


def dynamodb(checks, program, options):
    aws = Cli(program, options)
    # The CLI's second version reads binary as base64, the first takes the very text for the bytes.
    second = aws("--version")[0].startswith("aws-cli/2")
    format = ["--cli-binary-format", "base64"] if second else []
    tables = [pair for pair in fixture_tables() if not options.tables or pair[0]["TableName"] in options.tables.split(",")]
    for schema, rows in tables:
        name = schema["TableName"]
        stored = rows if second else [text_for_bytes({"M": row})["M"] for row in rows]
        aws.json("dynamodb", "create-table", "--cli-input-json", aws.file(schema))
        aws("dynamodb", "wait", "table-exists", "--table-name", name)
        aws.json("dynamodb", "put-item", "--table-name", name, "--item", aws.file(rows[0]), *format)
        for start in range(1, len(rows), 25):
            requests = {name: [{"PutRequest": {"Item": row}} for row in rows[start : start + 25]]}
            checks.equal(f"{name}: batch-write-item", aws.json("dynamodb", "batch-write-item", "--request-items", aws.file(requests), *format)["UnprocessedItems"], {})
        scanned = aws.json("dynamodb", "scan", "--table-name", name)["Items"]
        order = [element["AttributeName"] for element in schema["KeySchema"]]
        checks.equal(f"{name}: scan", in_order(scanned, order), in_order(stored, order))
        key = key_of(schema, rows[-1])
        got = aws.json("dynamodb", "get-item", "--table-name", name, "--key", aws.file(key))["Item"]
        checks.equal(f"{name}: get-item", comparable(got), comparable(stored[-1]))
        hash_key = order[0]
        found = aws.json("dynamodb", "query", "--table-name", name, "--key-condition-expression", "#h = :h", "--expression-attribute-names",
                         json.dumps({"#h": hash_key}), "--expression-attribute-values", aws.file({":h": rows[0][hash_key]}))
        want = [row for row in stored if row[hash_key] == rows[0][hash_key]]
        checks.equal(f"{name}: query", in_order(found["Items"], order), in_order(want, order))
        for index in schema.get("LocalSecondaryIndexes", []) + schema.get("GlobalSecondaryIndexes", []):
            own = [element["AttributeName"] for element in index["KeySchema"]]
            held = [row for row in stored if all(key in row for key in own)]
            of_hash = [key_of(schema, row) for row in held if row[own[0]] == held[0][own[0]]]
            found = aws.json("dynamodb", "query", "--table-name", name, "--index-name", index["IndexName"], "--key-condition-expression", "#h = :h",
                             "--expression-attribute-names", json.dumps({"#h": own[0]}), "--expression-attribute-values",
                             aws.file({":h": held[0][own[0]]}))["Items"]
            checks.equal(f"{name} by {index['IndexName']}: query", in_order([key_of(schema, row) for row in found], order), in_order(of_hash, order))
    checks.equal("list-tables", aws.json("dynamodb", "list-tables")["TableNames"], sorted(schema["TableName"] for schema, _ in tables))


def dynamodb_small(checks, program, options):
    aws = Cli(program, options)
    schema, rows = next(pair for pair in fixture_tables() if pair[0]["TableName"] == "Thread")
    name = schema["TableName"]
    aws.json("dynamodb", "create-table", "--cli-input-json", aws.file(schema))
    aws.json("dynamodb", "put-item", "--table-name", name, "--item", aws.file(rows[0]))
    got = aws.json("dynamodb", "get-item", "--table-name", name, "--key", aws.file(key_of(schema, rows[0])))["Item"]
    checks.equal("get-item", comparable(got), comparable(rows[0]))
    aws.refused(checks, "a condition that fails", "An error occurred (ConditionalCheckFailedException) when calling the PutItem operation: The "
                "conditional request failed", "dynamodb", "put-item", "--table-name", name, "--item", aws.file(rows[0]), "--condition-expression",
                "attribute_not_exists(#h)", "--expression-attribute-names", json.dumps({"#h": schema["KeySchema"][0]["AttributeName"]}))
    aws.refused(checks, "a missing table", "An error occurred (ResourceNotFoundException) when calling the GetItem operation: Requested resource not "
                "found", "dynamodb", "get-item", "--table-name", "non-existent", "--key", '{"pk": {"S": "k"}}')
    key = key_of(schema, rows[0])
    gets = aws.json("dynamodb", "transact-get-items", "--transact-items", aws.file([{"Get": {"TableName": name, "Key": key}}]))
    checks.equal("transact-get-items", comparable(gets["Responses"][0]["Item"]), comparable(rows[0]))
    check = {"ConditionCheck": {"TableName": name, "Key": key, "ConditionExpression": "attribute_not_exists(#h)",
                                "ExpressionAttributeNames": {"#h": schema["KeySchema"][0]["AttributeName"]}}}
    put = {"Put": {"TableName": name, "Item": rows[1]}}
    aws.refused(checks, "a transaction that is cancelled", "specific reasons [None, ConditionalCheckFailed]", "dynamodb", "transact-write-items",
                "--transact-items", aws.file([put, check]))
    aws("dynamodb", "transact-write-items", "--transact-items", aws.file([put]))
    checks.equal("what transactions wrote", aws.json("dynamodb", "scan", "--table-name", name, "--select", "COUNT")["Count"], 2)


def text_for_bytes(value):
    ((kind, inner),) = value.items()
    match kind:
        case "B":
            return {kind: base64.b64encode(inner.encode()).decode()}
        case "BS":
            return {kind: [base64.b64encode(member.encode()).decode() for member in inner]}
        case "L":
            return {kind: [text_for_bytes(member) for member in inner]}
        case "M":
            return {kind: {name: text_for_bytes(member) for name, member in inner.items()}}
    return value


def in_order(rows, order):
    return sorted((comparable(row) for row in rows), key=lambda row: [str(row[name]) for name in order])


def identity(checks, program, options):
    got = Cli(program, options).json("sts", "get-caller-identity")
    checks.equal("sts get-caller-identity: account", got["Account"], "000000000000")
    checks.true("sts get-caller-identity: ARN", got["Arn"].startswith("arn:aws:"), got["Arn"])


if __name__ == "__main__":
    run({call.__name__: call for call in (identity, s3_small, s3, samples, dynamodb, dynamodb_small)}, __doc__,
        [(["--aws"], {"type": Path, "required": True, "help": "the AWS CLI to run"}),
         (["--files"], {"type": int, "default": 2000, "help": "how many files to sync"}),
         (["--large"], {"type": int, "default": 100, "help": "the MiB of one of them, more than 8"}),
         (["--tables"], {"default": "", "help": "only these sample tables"})])
