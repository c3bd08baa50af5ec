"""What is tested: it knows nothing of tests."""

import boto3


def make():
    boto3.client("s3").create_bucket(Bucket="photos")
    boto3.client("dynamodb").create_table(
        TableName="photos",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
    )


def save(name, picture):
    boto3.client("s3").put_object(Bucket="photos", Key=name, Body=picture)
    boto3.resource("dynamodb").Table("photos").put_item(Item={"name": name, "bytes": len(picture)})


def names():
    return sorted(item["name"] for item in boto3.resource("dynamodb").Table("photos").scan()["Items"])
