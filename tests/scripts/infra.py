"""infra/aws with Terraform itself: formatted, valid, its own tests; and envs/local made on footbridge, planned again and destroyed."""

import json
import re
from pathlib import Path

from support.checks import run
from terraform import Terraform, missing

INFRA = Path(__file__).resolve().parents[2] / "infra"
#: They bring in every module.
ROOTS = ["bootstrap", "envs/local", "envs/dev", "envs/prod"]


def within(program, options, folder, **environment):
    terraform = Terraform(program, options, INFRA / "aws", within=folder, **environment)
    terraform.init("-backend=false")
    return terraform


def fmt(checks, program, options):
    """All that is there is laid out as `terraform fmt` does."""
    terraform = Terraform(program, options, INFRA)
    said = terraform("fmt", "-check", "-recursive", "-no-color")
    checks.equal("terraform fmt", said, "")
    for lock in INFRA.rglob(".terraform*"):
        checks.true("nothing of a run is kept", lock.name == ".terraform.lock.hcl", lock)


def roots(checks, program, options):
    """Each root is valid."""
    for root in ROOTS:
        checks.contains(root, within(program, options, root)("validate", "-no-color"), "The configuration is valid.")


def tested(checks, program, options, folders):
    for folder in folders:
        terraform = within(program, options, folder)
        # The examples of dev and prod are what is tested there.
        example = terraform.folder / "terraform.tfvars.example"
        wanted = [f"-var-file={example.name}"] if "envs" in folder else []
        said = terraform("test", "-no-color", *wanted)
        runs = sum(len(re.findall("(?m)^run ", file.read_text())) for file in terraform.folder.glob("tests/*.tftest.hcl"))
        checks.contains(folder, said, f"Success! {runs} passed, 0 failed.")
        checks.true(f"{folder} has tests", runs)


def policies(checks, program, options):
    """What each mode may do, and who may assume its role."""
    tested(checks, program, options, ["modules/iam"])


def tests(checks, program, options):
    """All other tests beside the modules and roots; each that has a test is one of these, and everything has one."""
    folders = {str(path.parent.parent.relative_to(INFRA / "aws")) for path in (INFRA / "aws").glob("**/tests/*.tftest.hcl")}
    modules = {f"modules/{path.name}" for path in (INFRA / "aws/modules").iterdir()}
    checks.equal("without a test", (modules | set(ROOTS)) - folders, {"envs/local"})
    tested(checks, program, options, sorted(folders - {"modules/iam"}))


def not_built(program, s3, dynamodb, bucket, table):
    """The variables of envs/local that are off without need: what they want of footbridge is answered."""
    lifecycle = {"Rules": [{"ID": "a", "Status": "Enabled", "Filter": {}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]}
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket['Bucket']}/*",
                 "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    wanted = {
        "bucket_policy": missing(s3.put_bucket_policy, **bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})),
        "lifecycle_rules": missing(s3.put_bucket_lifecycle_configuration, **bucket, LifecycleConfiguration=lifecycle),
        "point_in_time_recovery": missing(dynamodb.update_continuous_backups, **table,
                                          PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}),
        "kms": missing(program.boto3("kms").create_key),
        "ownership_controls": missing(s3.delete_bucket_ownership_controls, **bucket),
    }
    return {(variable, answer) for variable, answer in wanted.items() if answer != "NotImplemented"}


def local(checks, program, options):
    """envs/local: made, left alone, and destroyed with what is in it."""
    terraform = within(program, options, "envs/local", TF_VAR_endpoint=program.endpoint)
    # The endpoint is the variable's, and no other.
    del terraform.environment["AWS_ENDPOINT_URL"]
    checks.equal("apply", terraform.apply(), (0, 5, 0, 0))
    checks.equal("a plan after it", terraform.changes(), [])
    outputs = terraform.outputs()
    bucket, table = {"Bucket": outputs["bucket_name"]}, {"TableName": outputs["table_name"]}
    s3, dynamodb = program.boto3("s3"), program.boto3("dynamodb")
    checks.equal("versions", s3.get_bucket_versioning(**bucket)["Status"], "Enabled")
    rule = s3.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    checks.equal("encryption", rule["ApplyServerSideEncryptionByDefault"], {"SSEAlgorithm": "AES256"})
    checks.equal("the public", set(s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"].values()), {True})
    described = dynamodb.describe_table(**table)["Table"]
    checks.equal("the table", (described["BillingModeSummary"]["BillingMode"], [key["AttributeName"] for key in described["KeySchema"]]),
                 ("PAY_PER_REQUEST", ["pk", "sk"]))
    checks.equal("what is switched off is not built", not_built(program, s3, dynamodb, bucket, table), set())
    s3.put_object(**bucket, Key="a.txt", Body=b"hello")
    checks.equal("destroy", terraform.destroy(), 5)
    checks.equal("nothing is left", (s3.list_buckets()["Buckets"], dynamodb.list_tables()["TableNames"]), ([], []))


if __name__ == "__main__":
    run({call.__name__: call for call in (fmt, roots, policies, tests, local)}, __doc__, [
        (["--provider"], {"type": Path, "help": "the program terraform-provider-aws_v*"}),
    ])
