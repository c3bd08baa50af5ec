//! Copies.

use aws_sdk_s3::types::{MetadataDirective, TaggingDirective};

use super::{get, put, putting, tag_of};
use crate::world::{World, refusal};

pub async fn a_copy_has_body_and_metadata_of_its_source(world: &World) {
    let (from, to) = (world.bucket("from").await, world.bucket("to").await);
    putting(world, &from, "a b/ü", "hello").metadata("color", "red").content_type("text/x").send().await.unwrap();
    let copy = world.s3.copy_object().bucket(&to).key("copy").copy_source(format!("{from}/a%20b/%C3%BC"));
    let copied = copy.send().await.unwrap().copy_object_result.unwrap();
    assert_eq!(copied.e_tag(), Some("\"5d41402abc4b2a76b9719d911017c592\""));
    assert_eq!(get(world, &to, "copy").await, b"hello");
    let head = world.s3.head_object().bucket(&to).key("copy").send().await.unwrap();
    assert_eq!((head.content_type(), head.metadata().unwrap()["color"].as_str()), (Some("text/x"), "red"));
    put(world, &from, "a b/ü", "changed").await;
    assert_eq!(get(world, &to, "copy").await, b"hello");
}

pub async fn a_copy_may_have_metadata_of_its_own(world: &World) {
    let bucket = world.bucket("b").await;
    putting(world, &bucket, "k", "hello").metadata("color", "red").tagging("a=1").send().await.unwrap();
    let copy = world.s3.copy_object().bucket(&bucket).key("k").copy_source(format!("{bucket}/k"));
    let copy = copy.metadata_directive(MetadataDirective::Replace).metadata("size", "1");
    copy.tagging_directive(TaggingDirective::Replace).tagging("b=2").send().await.unwrap();
    let head = world.s3.head_object().bucket(&bucket).key("k").send().await.unwrap();
    assert_eq!(head.metadata().unwrap().keys().collect::<Vec<_>>(), ["size"]);
    let tags = world.s3.get_object_tagging().bucket(&bucket).key("k").send().await.unwrap();
    assert_eq!(tags.tag_set().iter().map(aws_sdk_s3::types::Tag::key).collect::<Vec<_>>(), ["b"]);
    // A copy onto itself must change something.
    let same = world.s3.copy_object().bucket(&bucket).key("k").copy_source(format!("{bucket}/k")).send().await;
    assert_eq!(refusal(same), "400 InvalidRequest");
}

pub async fn any_version_can_be_copied(world: &World) {
    let bucket = world.versioned_bucket("b").await;
    let first = put(world, &bucket, "k", "first").await.unwrap();
    put(world, &bucket, "k", "second").await;
    let copy = world.s3.copy_object().bucket(&bucket).key("k").copy_source(format!("{bucket}/k?versionId={first}"));
    let copied = copy.send().await.unwrap();
    assert_eq!(copied.copy_source_version_id(), Some(first.as_str()));
    assert!(copied.version_id().is_some_and(|version| version != first));
    assert_eq!(get(world, &bucket, "k").await, b"first");
}

pub async fn conditions_hold_for_the_source(world: &World) {
    let bucket = world.bucket("b").await;
    put(world, &bucket, "k", "hello").await;
    let tag = tag_of(world, &bucket, "k").await;
    let copy = || world.s3.copy_object().bucket(&bucket).key("copy").copy_source(format!("{bucket}/k"));
    assert_eq!(refusal(copy().copy_source_if_none_match(&tag).send().await), "412 PreconditionFailed");
    assert_eq!(refusal(copy().copy_source_if_match("\"other\"").send().await), "412 PreconditionFailed");
    copy().copy_source_if_match(&tag).send().await.unwrap();
    let absent = world.s3.copy_object().bucket(&bucket).key("copy").copy_source(format!("{bucket}/absent"));
    assert_eq!(refusal(absent.send().await), "404 NoSuchKey");
    let nowhere = world.bucket_name("nowhere");
    let absent = world.s3.copy_object().bucket(&bucket).key("copy").copy_source(format!("{nowhere}/k"));
    assert_eq!(refusal(absent.send().await), "404 NoSuchBucket");
}
