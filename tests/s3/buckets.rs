//! Buckets.

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use footbridge::emulator::auth::{Caller, Service, Signed};

use crate::harness::World;

fn caller(key: &str, region: &str) -> Caller {
    Caller::root(key, Service::S3, region, Signed::Header)
}

#[tokio::test]
async fn a_bucket_lives_in_the_region_it_was_made_in() {
    let world = World::memory();
    let east = world.client();
    let west = world.client_as("test", "eu-west-1");
    east.create_bucket().bucket("in-the-east").send().await.unwrap();
    let eu = |name: &str| {
        CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(name)).build()
    };
    west.create_bucket().bucket("in-the-west").create_bucket_configuration(eu("EU")).send().await.unwrap();

    let at = |name: &'static str| {
        let east = east.clone();
        async move { east.get_bucket_location().bucket(name).send().await.unwrap().location_constraint().cloned() }
    };
    assert_eq!(at("in-the-east").await.map(|found| found.as_str().to_owned()).filter(|text| !text.is_empty()), None);
    assert_eq!(at("in-the-west").await, Some(BucketLocationConstraint::Eu));
    let head = east.head_bucket().bucket("in-the-west").send().await.unwrap();
    assert_eq!(head.bucket_region(), Some("eu-west-1"));
    assert_eq!(head.bucket_arn(), Some("arn:aws:s3:::in-the-west"));

    // Again: fine in us-east-1, refused elsewhere.
    east.create_bucket().bucket("in-the-east").send().await.unwrap();
    let again = west
        .create_bucket()
        .bucket("in-the-west")
        .create_bucket_configuration(eu("eu-west-1"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(again.code(), Some("BucketAlreadyOwnedByYou"));
    let none = west.create_bucket().bucket("nowhere").send().await.unwrap_err();
    assert_eq!(none.code(), Some("IllegalLocationConstraintException"));
    assert_eq!(
        none.message(),
        Some(
            "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to."
        )
    );
    world.close().await;
}

#[tokio::test]
async fn buckets_are_listed_by_prefix_region_and_page() {
    let world = World::memory();
    let client = world.client();
    for name in ["alpha", "beta-1", "beta-2", "beta-3"] {
        client.create_bucket().bucket(name).send().await.unwrap();
    }
    let names = |buckets: &[aws_sdk_s3::types::Bucket]| -> Vec<String> {
        buckets.iter().filter_map(|bucket| bucket.name().map(str::to_owned)).collect()
    };
    let first = client.list_buckets().prefix("beta").max_buckets(2).send().await.unwrap();
    assert_eq!(names(first.buckets()), ["beta-1", "beta-2"]);
    assert_eq!(first.buckets()[0].bucket_arn(), Some("arn:aws:s3:::beta-1"));
    assert_eq!(first.buckets()[0].bucket_region(), Some("us-east-1"));
    let rest = client
        .list_buckets()
        .prefix("beta")
        .max_buckets(2)
        .continuation_token(first.continuation_token().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(names(rest.buckets()), ["beta-3"]);
    assert_eq!(rest.continuation_token(), None);
    let elsewhere = client.list_buckets().bucket_region("eu-west-1").send().await.unwrap();
    assert!(elsewhere.buckets().is_empty());
    let bad = client.list_buckets().bucket_region("eu-east-1").send().await.unwrap_err();
    assert_eq!(bad.message(), Some("Argument value eu-east-1 is not a valid AWS Region"));
    let other = world.client_as("111111111111", "us-east-1").list_buckets().send().await.unwrap();
    assert!(other.buckets().is_empty(), "another account's buckets are not listed");
    world.close().await;
}

#[tokio::test]
async fn only_the_owner_gets_in() {
    let world = World::memory();
    world.bucket("mine").await;
    world.send("PUT", "/mine/k", &[], "x").await;
    let anonymous = Caller::anonymous(Service::S3);
    let other = caller("111111111111", "us-east-1");
    for stranger in [&anonymous, &other] {
        for (method, path) in
            [("GET", "/mine/k"), ("PUT", "/mine/k"), ("DELETE", "/mine/k"), ("GET", "/mine"), ("DELETE", "/mine")]
        {
            let answer = world.send_as(stranger, method, path, &[], "").await;
            assert_eq!(answer.failure(), (403, "AccessDenied".into()), "{method} {path}");
        }
    }
    let taken = world.send_as(&other, "PUT", "/mine", &[], "").await;
    assert_eq!(taken.failure(), (409, "BucketAlreadyExists".into()));
    assert_eq!(world.send_as(&anonymous, "GET", "/", &[], "").await.failure(), (403, "AccessDenied".into()));
    // Where a bucket is, is told to everybody.
    let head = world.send_as(&anonymous, "HEAD", "/mine", &[], "").await;
    assert_eq!((head.status, head.header("x-amz-bucket-region")), (403, Some("us-east-1")));
    let missing = world.send_as(&anonymous, "GET", "/missing", &[], "").await;
    assert_eq!(missing.failure(), (404, "NoSuchBucket".into()));
    let owner = |account: &'static str| [("x-amz-expected-bucket-owner", account)];
    assert_eq!(world.send("GET", "/mine/k", &owner("000000000000"), "").await.status, 200);
    assert_eq!(world.send("GET", "/mine/k", &owner("111111111111"), "").await.failure(), (403, "AccessDenied".into()));
    let invalid = world.send("GET", "/mine/k", &owner("0000"), "").await;
    assert_eq!(invalid.failure(), (400, "InvalidBucketOwnerAWSAccountID".into()));
    world.close().await;
}

#[tokio::test]
async fn what_else_is_wrong_is_told_only_where_there_is_the_bucket() {
    let world = World::memory();
    let long = format!("/missing/{}", "k".repeat(1025));
    let tagged = [("x-amz-tagging", "a=1&a=2")];
    for (method, path, headers) in [
        ("GET", "/missing?list-type=2&encoding-type=none", &[][..]),
        ("GET", "/missing?versions&key-marker=a&version-id-marker=none", &[]),
        ("PUT", "/missing?versioning", &[]),
        ("PUT", "/missing/k", &tagged),
        ("POST", "/missing/k?uploadId=x", &[]),
        ("GET", &long, &[]),
    ] {
        let answer = world.send(method, path, headers, "").await;
        assert_eq!(answer.failure(), (404, "NoSuchBucket".into()), "{method} {path}");
        assert_eq!(answer.element("BucketName").as_deref(), Some("missing"), "{method} {path}");
    }
    world.bucket("missing").await;
    assert_eq!(world.send("GET", &long, &[], "").await.failure(), (400, "KeyTooLongError".into()));
    world.close().await;
}

#[tokio::test]
async fn a_bucket_with_objects_is_not_deleted_and_a_new_one_is_empty() {
    let world = World::memory();
    world.bucket("shop").await;
    world.send("PUT", "/shop/k", &[], "x").await;
    let full = world.send("DELETE", "/shop", &[], "").await;
    assert_eq!(full.failure(), (409, "BucketNotEmpty".into()));
    assert_eq!(full.element("BucketName").as_deref(), Some("shop"));
    world.send("DELETE", "/shop/k", &[], "").await;
    let upload = world.send("POST", "/shop/big?uploads", &[], "").await.element("UploadId").unwrap();
    world.send("PUT", &format!("/shop/big?partNumber=1&uploadId={upload}"), &[], "part").await;
    assert_eq!(world.send("DELETE", "/shop", &[], "").await.status, 204);
    assert_eq!(world.send("GET", "/shop", &[], "").await.failure(), (404, "NoSuchBucket".into()));
    world.bucket("shop").await;
    assert_eq!(world.send("GET", "/shop?uploads", &[], "").await.element("UploadId"), None);
    world.close().await;
}
