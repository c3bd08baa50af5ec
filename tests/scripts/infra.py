"""infra/aws with Terraform itself: formatted, valid, its own tests; and envs/local made on footbridge, planned again and destroyed."""

import re
from pathlib import Path

from support.checks import run
from terraform import Terraform

INFRA = Path(__file__).resolve().parents[2] / "infra"
#: They bring in every module.
ROOTS = ["bootstrap", "envs/local", "envs/dev", "envs/prod"]
#: What footbridge has not built: the variable of envs/local, and whose 501 it gets where it is switched on.
NOT_BUILT = {
    "bucket_policy": "PutBucketPolicy",
    "lifecycle_rules": "PutBucketLifecycleConfiguration",
    "point_in_time_recovery": "UpdateContinuousBackups",
    "kms": "the service 'kms'",
}


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


def local(checks, program, options):
    """envs/local: made, left alone, what is not built refused by name, destroyed with what is in it."""
    terraform = within(program, options, "envs/local", TF_VAR_endpoint=program.endpoint)
    # The endpoint is the variable's, and no other.
    del terraform.environment["AWS_ENDPOINT_URL"]
    checks.equal("apply", terraform.apply(), (0, 6, 0, 0))
    checks.equal("a plan after it", terraform.changes(), [])
    outputs = terraform.outputs()
    bucket, table = {"Bucket": outputs["bucket_name"]}, {"TableName": outputs["table_name"]}
    s3, dynamodb = program.boto3("s3"), program.boto3("dynamodb")
    checks.equal("versions", s3.get_bucket_versioning(**bucket)["Status"], "Enabled")
    rule = s3.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    checks.equal("encryption", rule["ApplyServerSideEncryptionByDefault"], {"SSEAlgorithm": "AES256"})
    checks.equal("the public", set(s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"].values()), {True})
    checks.equal("ownership", s3.get_bucket_ownership_controls(**bucket)["OwnershipControls"]["Rules"], [{"ObjectOwnership": "BucketOwnerEnforced"}])
    described = dynamodb.describe_table(**table)["Table"]
    checks.equal("the table", (described["BillingModeSummary"]["BillingMode"], [key["AttributeName"] for key in described["KeySchema"]]),
                 ("PAY_PER_REQUEST", ["pk", "sk"]))
    for variable, refused in NOT_BUILT.items():
        said = terraform("apply", "-auto-approve", "-no-color", "-var", f"{variable}=true", code=1)
        checks.contains(f"{variable} is not built", said, f"NotImplemented: footbridge does not implement {refused}")
    s3.put_object(**bucket, Key="a.txt", Body=b"hello")
    terraform.apply()
    checks.equal("destroy", terraform.destroy(), 6)
    checks.equal("nothing is left", (s3.list_buckets()["Buckets"], dynamodb.list_tables()["TableNames"]), ([], []))


if __name__ == "__main__":
    run({call.__name__: call for call in (fmt, roots, policies, tests, local)}, __doc__, [
        (["--provider"], {"type": Path, "help": "the program terraform-provider-aws_v*"}),
    ])
