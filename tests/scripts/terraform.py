"""Terraform with AWS's own provider: tables, items, buckets and objects made, left alone, changed, imported and destroyed; and state
that is kept in a bucket.

The configurations are in terraform/. A plan right after an apply must be empty: all that the provider reads back is as it was set.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from botocore.exceptions import ClientError

from support.checks import run

HERE = Path(__file__).resolve().parent / "terraform"
MIB = 1024 * 1024
KEY = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
       "BillingMode": "PAY_PER_REQUEST"}


class Terraform:
    """A configuration in a folder of its own, and the program `terraform` run there."""

    def __init__(self, program, options, configuration, name=None, command="terraform", within=".", **environment):
        """The configuration is a folder of terraform/, or a path; `within` it is where the program runs."""
        self.command = command
        copied = program.work / (name or Path(configuration).name)
        if not copied.exists():
            shutil.copytree(HERE / configuration, copied)
        self.folder = copied / within
        self.environment = program.environment | {
            "AWS_ENDPOINT_URL": program.endpoint,
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            # The provider is large: collecting its garbage at leisure saves a third of the time.
            "GOGC": "400",
        } | environment
        self.plugins = ["-plugin-dir", str(plugins(program, options.provider))] if wants_provider(self.folder) else []

    def start(self, *arguments, **options):
        return subprocess.Popen([self.command, *arguments], env=self.environment, cwd=self.folder, text=True, **options)

    def __call__(self, *arguments, code=0):
        """All that it says, on one line; it ends with `code`."""
        process = self.start(*arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            said = process.communicate(timeout=200)[0]
        finally:
            process.kill()
        if process.returncode != code:
            # The plan before it is long.
            raise RuntimeError(f"{self.command} {' '.join(arguments)}: exit code {process.returncode}\n{said[max(said.find('Error: '), 0):][:6000]}")
        # What it says is broken into lines, in frames of │.
        return " ".join(said.replace("│", " ").split())

    def init(self, *settings):
        return self("init", "-input=false", "-no-color", *self.plugins, *settings)

    def apply(self, *settings):
        """What became of the resources: (imported, added, changed, destroyed)."""
        said = self("apply", "-auto-approve", "-input=false", "-no-color", *settings)
        found = re.search(r"Apply complete! Resources: (?:(\d+) imported, )?(\d+) added, (\d+) changed, (\d+) destroyed\.", said)
        return tuple(int(number or 0) for number in found.groups())

    def changes(self, *settings):
        """What a plan would do: each resource that it would touch, with the attributes that it is about; `imports` has what it would import."""
        self("plan", "-input=false", "-no-color", "-out", "plan", *settings)
        plan = json.loads(subprocess.run([self.command, "show", "-json", "plan"], env=self.environment, cwd=self.folder, check=True,
                                         capture_output=True, timeout=200).stdout)
        self.imports = {change["address"] for change in plan.get("resource_changes", []) if "importing" in change["change"]}
        return [(change["address"], change["change"]["actions"], differences(change["change"])) for change in plan.get("resource_changes", [])
                if change["change"]["actions"] not in (["no-op"], ["read"])]

    def outputs(self):
        got = subprocess.run([self.command, "output", "-json"], env=self.environment, cwd=self.folder, check=True, capture_output=True, timeout=200)
        return {name: output["value"] for name, output in json.loads(got.stdout).items()}

    def destroy(self, *settings):
        said = self("destroy", "-auto-approve", "-input=false", "-no-color", *settings)
        return int(re.search(r"Destroy complete! Resources: (\d+) destroyed\.", said)[1])


def wants_provider(folder):
    return any("hashicorp/aws" in file.read_text() for file in folder.glob("*.tf"))


def differences(change):
    """The attributes that a change is about, before and after."""
    before, after = change.get("before") or {}, change.get("after") or {}
    return {name: (before.get(name), after.get(name)) for name in {*before, *after} if before.get(name) != after.get(name)}


def plugins(program, provider):
    """A folder as `-plugin-dir` wants it, which leads to the provider wherever it lies."""
    version = re.match(r"terraform-provider-aws_v([0-9.]+)", provider.name)[1]
    folder = program.root / "plugins"
    place = folder / f"registry.terraform.io/hashicorp/aws/{version}"
    if not place.exists():
        place.mkdir(parents=True)
        about = json.loads(subprocess.run(["terraform", "version", "-json"], check=True, capture_output=True, timeout=60,
                                          env=program.environment | {"CHECKPOINT_DISABLE": "1"}).stdout)
        (place / about["platform"]).symlink_to(provider.parent)
    return folder


def missing(call, **arguments):
    """The code of the error, or None where the call is answered."""
    try:
        call(**arguments)
    except ClientError as refused:
        return refused.response["Error"]["Code"]
    return None


def before(s3, dynamodb):
    """What was made by hand before Terraform came."""
    tags = [{"Key": "made", "Value": "by hand"}]
    s3.create_bucket(Bucket="there-before")
    s3.put_bucket_tagging(Bucket="there-before", Tagging={"TagSet": tags})
    dynamodb.create_table(TableName="there-before", Tags=tags, **KEY)


def stored_tables(checks, dynamodb, first):
    """The tables of terraform/shop as boto3 sees them."""
    orders = dynamodb.describe_table(TableName="orders")["Table"]
    indexes = {index["IndexName"]: index["Projection"] for index in orders["GlobalSecondaryIndexes"]}
    checks.equal("orders: global indexes", {name: (projection["ProjectionType"], sorted(projection.get("NonKeyAttributes", [])))
                                            for name, projection in indexes.items()},
                 {"by_day": ("INCLUDE", ["state", "total"])} | ({} if first else {"by_state": ("ALL", [])}))
    checks.equal("orders: local index", [(index["IndexName"], index["Projection"]["ProjectionType"]) for index in orders["LocalSecondaryIndexes"]],
                 [("by_day_of_customer", "KEYS_ONLY")])
    checks.equal("orders: stream", orders["StreamSpecification"], {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    checks.equal("orders: billing", orders["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")
    checks.equal("orders: time to live", dynamodb.describe_time_to_live(TableName="orders")["TimeToLiveDescription"],
                 {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"})
    tags = dynamodb.list_tags_of_resource(ResourceArn=orders["TableArn"])["Tags"]
    checks.equal("orders: tags", {tag["Key"]: tag["Value"] for tag in tags}, {"team": "shop", "cost center": "a/b"} if first else {"team": "orders"})
    item = dynamodb.get_item(TableName="orders", Key={"customer": {"S": "ana"}, "number": {"N": "17"}})["Item"]
    checks.equal("orders: item", (item["total"], item["lines"], item["note"], item["labels"]),
                 ({"N": "10.5" if first else "12"}, {"L": [{"M": {"part": {"B": b"\x00\x01\x02"}, "many": {"N": "2"}}}]}, {"NULL": True}, {"SS": ["a", "b"]}))
    stock = dynamodb.describe_table(TableName="stock")["Table"]
    checks.equal("stock: throughput", [(one["ProvisionedThroughput"]["ReadCapacityUnits"], one["ProvisionedThroughput"]["WriteCapacityUnits"])
                                       for one in (stock, stock["GlobalSecondaryIndexes"][0])], [(5, 6), (2, 3)] if first else [(8, 6), (2, 4)])
    checks.true("stock: AWS's own key is not told of", "SSEDescription" not in stock)
    accounts = dynamodb.describe_table(TableName="accounts")["Table"]
    checks.equal("accounts: key", (accounts["SSEDescription"]["Status"], accounts["SSEDescription"]["SSEType"]), ("ENABLED", "KMS"))
    checks.equal("accounts: protection", accounts["DeletionProtectionEnabled"], first)


def stored_buckets(checks, s3, first):
    """The buckets of terraform/shop as boto3 sees them."""
    media = {"Bucket": "shop-media"}
    checks.equal("media: tags", {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(**media)["TagSet"]},
                 {"team": "shop", "cost center": "a/b"} if first else {"team": "media"})
    checks.equal("media: versioning", s3.get_bucket_versioning(**media)["Status"], "Enabled" if first else "Suspended")
    checks.equal("media: acceleration", s3.get_bucket_accelerate_configuration(**media)["Status"], "Enabled" if first else "Suspended")
    checks.equal("media: payer", s3.get_bucket_request_payment(**media)["Payer"], "BucketOwner")
    block = s3.get_public_access_block(**media)["PublicAccessBlockConfiguration"]
    checks.equal("media: public access block", block,
                 {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": first, "RestrictPublicBuckets": first})
    rule = s3.get_bucket_cors(**media)["CORSRules"][0]
    checks.equal("media: CORS", (rule["ID"], rule["AllowedOrigins"], rule["MaxAgeSeconds"]),
                 ("pages", ["https://shop.example"] + ([] if first else ["https://*.shop.example"]), 300))
    encryption = s3.get_bucket_encryption(**media)["ServerSideEncryptionConfiguration"]["Rules"][0]
    checks.equal("media: encryption", encryption["ApplyServerSideEncryptionByDefault"], {"SSEAlgorithm": "AES256"})
    page = s3.get_object(**media, Key="pages/über uns.html")
    checks.equal("media: page", (page["Body"].read(), page["ContentType"], page["CacheControl"], page["Metadata"], page["ServerSideEncryption"]),
                 (b"<p>one</p>" if first else b"<p>two</p>", "text/html", "max-age=60", {"author": "ana" if first else "bob"}, "AES256"))
    want = (HERE / "shop/main.tf").read_bytes()
    for key in ("files/main.tf", "copies/main.tf"):
        checks.equal(f"media: {key}", s3.get_object(**media, Key=key)["Body"].read(), want)
    versions = s3.list_object_versions(**media, Prefix="pages/")["Versions"]
    checks.equal("media: versions of the page", len(versions), 1 if first else 2)
    other = {"Bucket": "there-before"}
    if first:
        block = s3.get_public_access_block(**other)["PublicAccessBlockConfiguration"]
        checks.equal("there-before: public access block", block,
                     {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": False})
    else:
        checks.equal("there-before: public access block", missing(s3.get_public_access_block, **other), "NoSuchPublicAccessBlockConfiguration")


def shop(checks, program, options):
    """All that terraform/shop has: made and imported, planned again, changed, destroyed."""
    s3, dynamodb = program.boto3("s3"), program.boto3("dynamodb")
    before(s3, dynamodb)
    terraform = Terraform(program, options, "shop")
    terraform.init()
    resources = sum(len(re.findall("(?m)^resource ", (HERE / "shop" / name).read_text())) for name in ("tables.tf", "buckets.tf"))
    imported, added, _, destroyed = terraform.apply()
    checks.equal("apply: imported, added, destroyed", (imported, added, destroyed), (2, resources, 0))
    checks.equal("a plan after it", terraform.changes(), [])
    stored_tables(checks, dynamodb, True)
    stored_buckets(checks, s3, True)
    outputs = terraform.outputs()
    order = outputs.pop("order")
    checks.equal("reads: item", (order["total"], order["lines"]), ({"N": "10.5"}, {"L": [{"M": {"part": {"B": "AAEC"}, "many": {"N": "2"}}}]}))
    checks.contains("reads: stream", outputs.pop("stream"), "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/")
    checks.contains("reads: key", outputs.pop("key_of_accounts"), "arn:aws:kms:us-east-1:000000000000:key/")
    checks.equal("reads", outputs, {
        "account": "000000000000", "owner": s3.list_buckets()["Owner"]["ID"], "region": "us-east-1", "page": "<p>one</p>",
        "keys": ["copies/main.tf", "files/main.tf", "pages/über uns.html"],
    })
    checks.equal("apply of changes: imported, added, destroyed", (lambda it: (it[0], it[1], it[3]))(terraform.apply("-var", "stage=2")), (0, 0, 1))
    if options.full:
        checks.equal("a plan after the changes", terraform.changes("-var", "stage=2"), [])
    stored_tables(checks, dynamodb, False)
    stored_buckets(checks, s3, False)
    terraform.destroy("-var", "stage=2")
    checks.equal("nothing is left", (s3.list_buckets()["Buckets"], dynamodb.list_tables()["TableNames"]), ([], []))


def more(checks, program, options):
    """All that terraform/more has, with `terraform import` of what shop has in a state that knows nothing of it."""
    s3, dynamodb = program.boto3("s3"), program.boto3("dynamodb")
    terraform = Terraform(program, options, "more")
    bodies = {stage: bytes([stage]) * 17 * MIB for stage in (1, 2)}
    for stage, body in bodies.items():
        (terraform.folder / f"large-{stage}.bin").write_bytes(body)
    terraform.init()
    terraform.apply()
    checks.equal("a plan after it", terraform.changes(), [])
    items = [dynamodb.get_item(TableName=f"many-{n}", Key={"id": {"S": f"item {n}"}})["Item"]["stage"] for n in range(20)]
    checks.equal("an item of each of the many", items, [{"N": "1"}] * 20)
    checks.equal("the large object", s3.get_object(Bucket="large-files", Key="large.bin")["Body"].read(), bodies[1])
    guarded = terraform("destroy", "-auto-approve", "-no-color", "-target", "aws_dynamodb_table.guarded", code=1)
    checks.contains("a table that is guarded", guarded,
                    "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
    terraform.apply("-var", "stage=2")
    checks.equal("a plan after the changes", terraform.changes("-var", "stage=2"), [])
    turned = dynamodb.describe_table(TableName="turned")["Table"]
    checks.equal("turned", (turned["BillingModeSummary"]["BillingMode"], turned["ProvisionedThroughput"]["ReadCapacityUnits"],
                            turned["StreamSpecification"]["StreamViewType"], [index["IndexName"] for index in turned["GlobalSecondaryIndexes"]]),
                 ("PROVISIONED", 4, "NEW_IMAGE", ["by_a"]))
    checks.equal("replaced", dynamodb.describe_table(TableName="replaced")["Table"]["KeySchema"], [{"AttributeName": "new", "KeyType": "HASH"}])
    versions = s3.list_object_versions(Bucket="large-files")["Versions"]
    checks.equal("the large object's versions", [version["Size"] for version in versions], [17 * MIB] * 2)
    terraform.destroy("-var", "stage=2")
    checks.equal("nothing is left", (s3.list_buckets()["Buckets"], dynamodb.list_tables()["TableNames"]), ([], []))


def imports(checks, program, options):
    """Import, by the command and by blocks, of all that another state of terraform/shop has made: the plan is empty then, too."""
    before(program.boto3("s3"), program.boto3("dynamodb"))
    first = Terraform(program, options, "shop", "first")
    first.init()
    first.apply()
    second = Terraform(program, options, "shop", "second")
    second.init()
    for address, name in {"aws_dynamodb_table.orders": "orders", "aws_s3_bucket.media": "shop-media"}.items():
        checks.contains(f"import of {address}", second("import", "-input=false", "-no-color", address, name), "Import successful!")
    blocks = {
        "aws_dynamodb_table.stock": "stock",
        "aws_dynamodb_table.accounts": "accounts",
        "aws_s3_bucket_versioning.media": "shop-media",
        "aws_s3_bucket_server_side_encryption_configuration.media": "shop-media",
        "aws_s3_bucket_cors_configuration.media": "shop-media",
        "aws_s3_bucket_accelerate_configuration.media": "shop-media",
        "aws_s3_bucket_request_payment_configuration.media": "shop-media",
        "aws_s3_bucket_public_access_block.media": "shop-media",
        "aws_s3_bucket_public_access_block.before[0]": "there-before",
    }
    (second.folder / "imports.tf").write_text("".join(f'import {{\n  to = {address}\n  id = "{name}"\n}}\n' for address, name in blocks.items()))
    # Nothing on AWS says whether a bucket may be emptied.
    imported = [(address, sorted(about)) for address, actions, about in second.changes() if actions != ["create"]]
    checks.equal("a plan of what was imported", imported, [("aws_s3_bucket.media", ["force_destroy"])])
    checks.equal("import blocks", second.imports, {*blocks, "aws_s3_bucket.before", "aws_dynamodb_table.before"})
    checks.contains("import of a table that is not there", second("import", "-no-color", "aws_dynamodb_table.before", "nowhere", code=1),
                    "Cannot import non-existent remote object")


def unset(checks, program, options):
    """What was never set on a bucket, as the provider reads it: what AWS gives to every bucket is taken over, the rest is not there."""
    before(program.boto3("s3"), program.boto3("dynamodb"))
    terraform = Terraform(program, options, "unset")
    terraform.init()
    resources = len(re.findall("(?m)^resource ", (HERE / "unset/main.tf").read_text()))
    checks.equal("what every bucket has", terraform.apply(), (resources, 0, 0, 0))
    checks.equal("reads", terraform.outputs(), {
        "grants": [[True, "CanonicalUser", ["FULL_CONTROL"]]],
        "bucket": {"payer": "BucketOwner", "acceleration": "", "policy": "", "versioning": False, "lock": False, "rest": []},
    })
    terraform = Terraform(program, options, "missing")
    terraform.init()
    said = terraform("plan", "-input=false", "-no-color", code=1)
    wanted = set(re.findall(r'(?m)^resource "(\w+)"', (HERE / "missing/main.tf").read_text()))
    not_there = re.findall(r'While attempting to import an existing object to "(\w+)\.none"', said)
    checks.equal("what no bucket has", set(not_there), wanted)
    checks.equal("no other error", said.count("Error: "), len(wanted))


def names(backend, *more):
    """The settings of a backend for `init`."""
    settings = {"bucket": "tf-state", "key": "team/shop.tfstate", "region": "us-east-1", "encrypt": "true"} | backend
    return [*more, *(f"-backend-config={name}={value}" for name, value in settings.items())]


def holding(terraform, work):
    """Runs `work` while another `apply` has the lock and waits for a person's answer, then answers it."""
    with terraform.start("apply", "-no-color", "-var", "value=two", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        said = ""
        while "Enter a value:" not in said:
            part = os.read(process.stdout.fileno(), 4096).decode()
            if not part:
                raise RuntimeError(f"apply did not ask: {said}")
            said += part
        try:
            work()
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write("yes\n")
                process.stdin.close()
            said += process.stdout.read()
    if process.returncode:
        raise RuntimeError(f"apply: {said}")


def state_in(checks, program, options, backend, held):
    """State in a bucket with a lock of one kind. `held` says whether the lock is there."""
    s3 = program.boto3("s3")
    terraform = Terraform(program, options, "state")
    terraform.init(*names(backend))
    checks.equal("apply", terraform.apply(), (0, 1, 0, 0))
    checks.true("the lock is gone", not held())
    stored = json.loads(s3.get_object(Bucket="tf-state", Key="team/shop.tfstate")["Body"].read())
    checks.equal("the state in the bucket", (stored["serial"], stored["outputs"]["kept"]["value"]), (1, "one"))
    checks.equal("a plan after it", terraform.changes(), [])

    def second():
        checks.true("the lock is there", held())
        checks.contains("a second apply", terraform("apply", "-auto-approve", "-no-color", code=1), "Error acquiring the state lock")

    holding(terraform, second)
    checks.true("the lock is gone again", not held())
    checks.equal("what was changed", terraform.outputs(), {"kept": "two"})
    return terraform


def lock_file(checks, program, options):
    """The S3 backend with `use_lockfile`: a conditional put is the lock."""
    s3 = program.boto3("s3")
    s3.create_bucket(Bucket="tf-state")
    s3.put_bucket_versioning(Bucket="tf-state", VersioningConfiguration={"Status": "Enabled"})
    lock = {"Bucket": "tf-state", "Key": "team/shop.tfstate.tflock"}
    terraform = state_in(checks, program, options, {"use_lockfile": "true"}, lambda: missing(s3.head_object, **lock) is None)
    left = {"ID": "0f0f0f0f-0000-1111-2222-333333333333", "Operation": "OperationTypeApply", "Who": "someone@elsewhere", "Version": "1.11.4",
            "Created": "2026-01-01T00:00:00Z", "Path": "tf-state/team/shop.tfstate", "Info": ""}
    s3.put_object(**lock, Body=json.dumps(left).encode())
    said = terraform("plan", "-no-color", code=1)
    checks.contains("a lock that was left", said, "StatusCode: 412")
    checks.contains("whose lock it is", said, "someone@elsewhere")
    terraform("force-unlock", "-force", left["ID"])
    checks.equal("force-unlock", missing(s3.head_object, **lock), "404")
    terraform("workspace", "new", "other")
    checks.equal("apply in another workspace", terraform.apply(), (0, 1, 0, 0))
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket="tf-state")["Contents"]]
    checks.equal("a state for each workspace", keys, ["env:/other/team/shop.tfstate", "team/shop.tfstate"])
    checks.equal("destroy", terraform.destroy(), 1)
    terraform("workspace", "select", "default")
    checks.contains("workspaces", terraform("workspace", "list"), "* default other")
    terraform("workspace", "delete", "other")
    checks.equal("destroy of the first", terraform.destroy(), 1)


def lock_table(checks, program, options):
    """The S3 backend with a DynamoDB table for locks and digests."""
    dynamodb = program.boto3("dynamodb")
    program.boto3("s3").create_bucket(Bucket="tf-state")
    dynamodb.create_table(TableName="tf-locks", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
                          AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}])
    lock = {"LockID": {"S": "tf-state/team/shop.tfstate"}}
    terraform = state_in(checks, program, options, {"dynamodb_table": "tf-locks"},
                         lambda: "Item" in dynamodb.get_item(TableName="tf-locks", Key=lock, ConsistentRead=True))
    digest = dynamodb.get_item(TableName="tf-locks", Key={"LockID": {"S": "tf-state/team/shop.tfstate-md5"}})["Item"]["Digest"]["S"]
    state = program.boto3("s3").get_object(Bucket="tf-state", Key="team/shop.tfstate")["Body"].read()
    checks.equal("the digest of the state", digest, hashlib.md5(state).hexdigest())
    left = {"ID": "0f0f0f0f-0000-1111-2222-333333333333", "Who": "someone@elsewhere", "Path": "tf-state/team/shop.tfstate"}
    dynamodb.put_item(TableName="tf-locks", Item=lock | {"Info": {"S": json.dumps(left)}})
    said = terraform("plan", "-no-color", code=1)
    checks.contains("a lock that was left", said, "ConditionalCheckFailedException: The conditional request failed")
    checks.contains("whose lock it is", said, "someone@elsewhere")
    terraform("force-unlock", "-force", left["ID"])
    checks.equal("destroy", terraform.destroy(), 1)
    checks.equal("what is left in the table", [item["LockID"]["S"] for item in dynamodb.scan(TableName="tf-locks")["Items"]],
                 ["tf-state/team/shop.tfstate-md5"])


def tflocal(checks, program, options):
    """The wrapper that writes the endpoints of all services into the configuration, and makes the bucket and the table for the state."""
    # Where S3_HOSTNAME is not set it asks for a host name of its makers.
    terraform = Terraform(program, options, "local", command="tflocal", S3_HOSTNAME="127.0.0.1", DISABLE_DEPRECATION_NOTICE="1")
    terraform.init()
    checks.equal("apply", terraform.apply(), (0, 4, 0, 0))
    checks.equal("a plan after it", terraform.changes(), [])
    s3, dynamodb = program.boto3("s3"), program.boto3("dynamodb")
    checks.equal("the object", s3.get_object(Bucket="local-files", Key="a.txt")["Body"].read(), b"hello")
    checks.equal("the item", dynamodb.scan(TableName="local-table")["Items"], [{"id": {"S": "1"}}])
    checks.equal("destroy", terraform.destroy(), 4)
    checks.equal("what is left", ([bucket["Name"] for bucket in s3.list_buckets()["Buckets"]], dynamodb.list_tables()["TableNames"]),
                 (["local-state"], ["local-locks"]))


if __name__ == "__main__":
    run({call.__name__: call for call in (shop, lock_file, lock_table, tflocal, more, imports, unset)}, __doc__, [
        (["--provider"], {"type": Path, "help": "the program terraform-provider-aws_v*"}),
        (["--full"], {"action": "store_true", "help": "the larger rounds"}),
    ])
