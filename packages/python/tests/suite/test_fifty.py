"""What a project's own suite is like: fifty tests, each with a table and a bucket of its own."""

import pytest


@pytest.mark.parametrize("number", range(50))
def test_a_photo_is_kept(s3, dynamodb, number):
    s3.create_bucket(Bucket="photos")
    dynamodb.create_table(
        TableName="photos",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
    )
    s3.put_object(Bucket="photos", Key=f"{number}.jpg", Body=b"meow")
    dynamodb.put_item(TableName="photos", Item={"name": {"S": f"{number}.jpg"}, "bytes": {"N": "4"}})
    assert s3.get_object(Bucket="photos", Key=f"{number}.jpg")["Body"].read() == b"meow"
    # Nothing is there of the test before.
    assert dynamodb.scan(TableName="photos")["Count"] == 1
