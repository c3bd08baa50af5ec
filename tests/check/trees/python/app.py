"""A shop: orders in a table, invoices in a bucket. Nothing here is run."""

import boto3
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

s3 = boto3.client("s3", region_name="eu-west-1")
dynamodb = boto3.resource("dynamodb")
orders = dynamodb.Table("orders")
queue = boto3.client("sqs")  # another service

PARAMS = {"Bucket": "invoices", "Prefix": "2026/"}


def save(number, body, kms=None):
    # s3.delete_bucket(Bucket="invoices") is only a comment
    text = "s3.put_bucket_acl(Bucket='x')"
    s3.put_object(
        Bucket="invoices",
        Key=f"{number}.pdf",
        Body=body,
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId=kms,
        StorageClass="STANDARD",
    )
    queue.send_message(QueueUrl="q", MessageBody=text)


def pages():
    paginator = s3.get_paginator("list_objects_v2")
    for page in paginator.paginate(**PARAMS):
        yield from page.get("Contents", [])


def of_customer(customer, start=None):
    request = {"KeyConditionExpression": Key("customer").eq(customer), "IndexName": "by-customer"}
    if start:
        request["ExclusiveStartKey"] = start
    return orders.query(**request)["Items"]


def upload(path):
    s3.upload_file(path, "invoices", "x", ExtraArgs={"ACL": "public-read", "ContentType": "application/pdf"})
    s3.get_waiter("object_exists").wait(Bucket="invoices", Key="x", WaiterConfig={"Delay": 1})


def link(key):
    return s3.generate_presigned_url("get_object", Params={"Bucket": "invoices", "Key": key}, ExpiresIn=60)


class Store:
    def __init__(self, name):
        self.table = boto3.resource("dynamodb").Table(name)
        self.bucket = boto3.resource("s3").Bucket(name)

    def put(self, items):
        with self.table.batch_writer() as batch:
            for item in items:
                batch.put_item(Item=item)

    def clean(self):
        for version in self.bucket.object_versions.filter(Prefix="tmp/"):
            version.delete()
        self.bucket.objects.filter(Prefix="old/").delete()
        self.bucket.Versioning().enable()
        self.table.load()


def protect():
    s3.put_bucket_lifecycle_configuration(Bucket="invoices", LifecycleConfiguration={"Rules": []})
    s3.put_bucket_policy(Bucket="invoices", Policy="{}")
    boto3.client("dynamodb").execute_statement(Statement="SELECT * FROM orders")
