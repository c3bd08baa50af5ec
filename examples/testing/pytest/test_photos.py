import boto3
import photos


def test_a_photo_is_kept():
    photos.make()
    photos.save("cat.jpg", b"meow")
    assert photos.names() == ["cat.jpg"]
    kept = boto3.client("s3").get_object(Bucket="photos", Key="cat.jpg")
    assert kept["Body"].read() == b"meow"


def test_each_test_begins_with_nothing():
    assert boto3.client("s3").list_buckets()["Buckets"] == []
    photos.make()
    assert photos.names() == []
