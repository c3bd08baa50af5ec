//! Tags of objects.

use aws_sdk_s3::types::{Tag, Tagging};

use super::{put, putting};
use crate::world::{World, refusal};

fn tagging(tags: &[(&str, &str)]) -> Tagging {
    let tags = tags.iter().map(|(key, value)| Tag::builder().key(*key).value(*value).build().unwrap());
    Tagging::builder().set_tag_set(Some(tags.collect())).build().unwrap()
}

async fn tags(world: &World, bucket: &str, key: &str) -> Vec<(String, String)> {
    let told = world.s3.get_object_tagging().bucket(bucket).key(key).send().await.unwrap();
    let mut tags: Vec<_> = told.tag_set.into_iter().map(|tag| (tag.key, tag.value)).collect();
    tags.sort_unstable();
    tags
}

fn owned(tags: &[(&str, &str)]) -> Vec<(String, String)> {
    tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

pub async fn tags_are_put_replaced_and_deleted(world: &World) {
    let bucket = world.bucket("b").await;
    put(world, &bucket, "k", "x").await;
    assert_eq!(tags(world, &bucket, "k").await, []);
    let put = |wanted: &[(&str, &str)]| {
        world.s3.put_object_tagging().bucket(&bucket).key("k").tagging(tagging(wanted)).send()
    };
    put(&[("a", "1"), ("b", "")]).await.unwrap();
    assert_eq!(tags(world, &bucket, "k").await, owned(&[("a", "1"), ("b", "")]));
    put(&[("c", "ü/+ =")]).await.unwrap();
    assert_eq!(tags(world, &bucket, "k").await, owned(&[("c", "ü/+ =")]));
    world.s3.delete_object_tagging().bucket(&bucket).key("k").send().await.unwrap();
    assert_eq!(tags(world, &bucket, "k").await, []);
    let absent = world.s3.get_object_tagging().bucket(&bucket).key("absent").send().await;
    assert_eq!(refusal(absent), "404 NoSuchKey");
}

pub async fn an_object_is_put_with_tags(world: &World) {
    let bucket = world.bucket("b").await;
    putting(world, &bucket, "k", "x").tagging("a=1&b=two%20words").send().await.unwrap();
    assert_eq!(tags(world, &bucket, "k").await, owned(&[("a", "1"), ("b", "two words")]));
    let got = world.s3.get_object().bucket(&bucket).key("k").send().await.unwrap();
    assert_eq!(got.tag_count(), Some(2));
    put(world, &bucket, "k", "y").await;
    assert_eq!(tags(world, &bucket, "k").await, []);
}

pub async fn each_version_has_its_own_tags(world: &World) {
    let bucket = world.versioned_bucket("b").await;
    let first = put(world, &bucket, "k", "1").await.unwrap();
    putting(world, &bucket, "k", "2").tagging("v=2").send().await.unwrap();
    let put = world.s3.put_object_tagging().bucket(&bucket).key("k").version_id(&first).tagging(tagging(&[("v", "1")]));
    put.send().await.unwrap();
    let of = async |version: Option<String>| {
        let ask = world.s3.get_object_tagging().bucket(&bucket).key("k").set_version_id(version);
        ask.send().await.unwrap().tag_set.remove(0).value
    };
    assert_eq!((of(Some(first)).await, of(None).await), ("1".to_owned(), "2".to_owned()));
}

pub async fn more_than_ten_tags_are_refused(world: &World) {
    let bucket = world.bucket("b").await;
    put(world, &bucket, "k", "x").await;
    let eleven: Vec<String> = (0..11).map(|n| format!("key{n}")).collect();
    let eleven: Vec<_> = eleven.iter().map(|key| (key.as_str(), "v")).collect();
    let put = |wanted: &[(&str, &str)]| {
        world.s3.put_object_tagging().bucket(&bucket).key("k").tagging(tagging(wanted)).send()
    };
    assert_eq!(refusal(put(&eleven).await), "400 BadRequest");
    assert_eq!(refusal(put(&[("a", "1"), ("a", "2")]).await), "400 InvalidTag");
    put(&eleven[..10]).await.unwrap();
    assert_eq!(tags(world, &bucket, "k").await.len(), 10);
}
