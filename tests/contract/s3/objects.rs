//! Objects: put, got, looked at, deleted.

use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, Delete, ObjectAttributes, ObjectIdentifier};

use super::{bytes, get, keys, put, putting};
use crate::world::{World, refusal};

pub async fn what_was_put_is_got_and_deleted(world: &World) {
    let bucket = world.bucket("b").await;
    let put = putting(world, &bucket, "a/b.txt", "hello").content_type("text/plain").send().await.unwrap();
    assert_eq!(put.e_tag(), Some("\"5d41402abc4b2a76b9719d911017c592\""));
    let got = world.s3.get_object().bucket(&bucket).key("a/b.txt").send().await.unwrap();
    assert_eq!((got.e_tag(), got.content_length()), (put.e_tag(), Some(5)));
    assert_eq!((got.content_type(), got.version_id()), (Some("text/plain"), None));
    assert!(got.last_modified().is_some());
    assert_eq!(bytes(got).await, b"hello");
    let head = world.s3.head_object().bucket(&bucket).key("a/b.txt").send().await.unwrap();
    assert_eq!((head.e_tag(), head.content_length()), (put.e_tag(), Some(5)));
    world.s3.delete_object().bucket(&bucket).key("a/b.txt").send().await.unwrap();
    assert_eq!(refusal(world.s3.get_object().bucket(&bucket).key("a/b.txt").send().await), "404 NoSuchKey");
    assert_eq!(refusal(world.s3.head_object().bucket(&bucket).key("a/b.txt").send().await), "404 NotFound");
    // Deleting what is not there succeeds.
    world.s3.delete_object().bucket(&bucket).key("a/b.txt").send().await.unwrap();
}

pub async fn a_second_put_replaces_everything(world: &World) {
    let bucket = world.bucket("b").await;
    putting(world, &bucket, "k", "first").metadata("color", "red").content_type("text/plain").send().await.unwrap();
    put(world, &bucket, "k", "").await;
    let got = world.s3.get_object().bucket(&bucket).key("k").send().await.unwrap();
    assert_eq!(got.e_tag(), Some("\"d41d8cd98f00b204e9800998ecf8427e\""));
    assert!(got.metadata().is_none_or(std::collections::HashMap::is_empty));
    assert_ne!(got.content_type(), Some("text/plain"));
    assert_eq!(bytes(got).await, b"");
}

pub async fn headers_and_metadata_come_back(world: &World) {
    let bucket = world.bucket("b").await;
    let put = putting(world, &bucket, "k", "{}").metadata("Color", "red").metadata("size", "1 m");
    let put = put.content_type("application/json").cache_control("max-age=60").content_language("de");
    put.content_disposition("attachment; filename=\"a.json\"").content_encoding("gzip").send().await.unwrap();
    let head = world.s3.head_object().bucket(&bucket).key("k").send().await.unwrap();
    assert_eq!(head.content_type(), Some("application/json"));
    assert_eq!(head.cache_control(), Some("max-age=60"));
    assert_eq!(head.content_language(), Some("de"));
    assert_eq!(head.content_disposition(), Some("attachment; filename=\"a.json\""));
    assert_eq!(head.content_encoding(), Some("gzip"));
    let metadata = head.metadata().unwrap();
    assert_eq!((metadata.len(), metadata["color"].as_str(), metadata["size"].as_str()), (2, "red", "1 m"));
    let got = world.s3.get_object().bucket(&bucket).key("k").response_content_type("text/x").send().await.unwrap();
    assert_eq!(got.content_type(), Some("text/x"));
}

pub async fn keys_are_taken_as_they_are(world: &World) {
    let bucket = world.bucket("b").await;
    let mut wanted =
        ["a", "a/", "a//b", "a b", "a+b", "a%2Fb", "ä/ö/ü", "\u{1F600}", "~!*'()", "k&v=1?x#y", "A"].map(str::to_owned);
    for key in &wanted {
        put(world, &bucket, key, key.as_bytes()).await;
    }
    for key in &wanted {
        assert_eq!(get(world, &bucket, key).await, key.as_bytes());
    }
    wanted.sort_unstable();
    assert_eq!(keys(world, &bucket).await, wanted);
}

pub async fn keys_have_at_most_1024_bytes(world: &World) {
    let bucket = world.bucket("b").await;
    let longest = "k".repeat(1024);
    put(world, &bucket, &longest, "x").await;
    assert_eq!(get(world, &bucket, &longest).await, b"x");
    let longer = "k".repeat(1025);
    assert_eq!(refusal(putting(world, &bucket, &longer, "x").send().await), "400 KeyTooLongError");
}

pub async fn many_are_deleted_at_once(world: &World) {
    let bucket = world.bucket("b").await;
    for key in ["a", "b", "c"] {
        put(world, &bucket, key, "x").await;
    }
    let named = |key: &str| ObjectIdentifier::builder().key(key).build().unwrap();
    let delete = Delete::builder().objects(named("a")).objects(named("never there")).build().unwrap();
    let told = world.s3.delete_objects().bucket(&bucket).delete(delete).send().await.unwrap();
    let mut deleted: Vec<_> = told.deleted().iter().map(|gone| gone.key().unwrap()).collect();
    deleted.sort_unstable();
    assert_eq!((deleted, told.errors().len()), (vec!["a", "never there"], 0));
    let delete = Delete::builder().objects(named("b")).quiet(true).build().unwrap();
    let told = world.s3.delete_objects().bucket(&bucket).delete(delete).send().await.unwrap();
    assert!(told.deleted().is_empty());
    assert_eq!(keys(world, &bucket).await, ["c"]);
}

pub async fn a_checksum_is_kept_and_held(world: &World) {
    let bucket = world.bucket("b").await;
    let sha256 = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    let put = putting(world, &bucket, "k", "hello").checksum_algorithm(ChecksumAlgorithm::Sha256).send().await.unwrap();
    assert_eq!(put.checksum_sha256(), Some(sha256));
    let head =
        world.s3.head_object().bucket(&bucket).key("k").checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(head.checksum_sha256(), Some(sha256));
    let wrong = putting(world, &bucket, "k", "jello").checksum_sha256(sha256).send().await;
    assert_eq!(refusal(wrong), "400 BadDigest");
    let wrong = putting(world, &bucket, "k", "jello").content_md5("XUFAKrxLKna5cZ2REBfFkg==").send().await;
    assert_eq!(refusal(wrong), "400 BadDigest");
    assert_eq!(get(world, &bucket, "k").await, b"hello");
}

pub async fn attributes_tell_of_an_object(world: &World) {
    let bucket = world.bucket("b").await;
    put(world, &bucket, "k", "hello").await;
    let ask = world.s3.get_object_attributes().bucket(&bucket).key("k");
    let ask = ask.object_attributes(ObjectAttributes::Etag).object_attributes(ObjectAttributes::ObjectSize);
    let told = ask.send().await.unwrap();
    // Without quotes here, as nowhere else.
    assert_eq!((told.e_tag(), told.object_size()), (Some("5d41402abc4b2a76b9719d911017c592"), Some(5)));
}
