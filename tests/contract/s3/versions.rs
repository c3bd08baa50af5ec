//! Versions of objects.

use aws_sdk_s3::types::BucketVersioningStatus;

use super::{bytes, get, put};
use crate::world::{World, refusal};

/// Each version and delete marker of a bucket as `KEY ID`, newest first within a key, a marker with `-` before it, and
/// the latest with `*` after it.
async fn listed(world: &World, bucket: &str, limit: i32) -> Vec<String> {
    let mut all: Vec<(String, i64, usize, String)> = Vec::new();
    let (mut key, mut version) = (None, None);
    loop {
        let ask = world.s3.list_object_versions().bucket(bucket).max_keys(limit);
        let page = ask.set_key_marker(key.take()).set_version_id_marker(version.take()).send().await.unwrap();
        assert!(page.versions().len() + page.delete_markers().len() <= usize::try_from(limit).unwrap());
        for found in page.versions() {
            let latest = if found.is_latest() == Some(true) { "*" } else { "" };
            let text = format!("{} {}{latest}", found.key().unwrap(), found.version_id().unwrap());
            all.push((found.key().unwrap().to_owned(), found.last_modified().unwrap().secs(), all.len(), text));
        }
        for found in page.delete_markers() {
            let latest = if found.is_latest() == Some(true) { "*" } else { "" };
            let text = format!("-{} {}{latest}", found.key().unwrap(), found.version_id().unwrap());
            all.push((found.key().unwrap().to_owned(), found.last_modified().unwrap().secs(), all.len(), text));
        }
        if page.is_truncated() != Some(true) {
            break;
        }
        (key, version) = (page.next_key_marker, page.next_version_id_marker);
        assert!(key.is_some());
    }
    let mut texts: Vec<String> = all.into_iter().map(|(.., text)| text).collect();
    texts.sort_unstable();
    texts
}

fn sorted<const N: usize>(mut wanted: [String; N]) -> Vec<String> {
    wanted.sort_unstable();
    wanted.to_vec()
}

pub async fn every_version_is_kept(world: &World) {
    let bucket = world.versioned_bucket("b").await;
    let first = put(world, &bucket, "k", "first").await.unwrap();
    let second = put(world, &bucket, "k", "second").await.unwrap();
    assert_ne!(first, second);
    assert_eq!(get(world, &bucket, "k").await, b"second");
    let got = world.s3.get_object().bucket(&bucket).key("k").version_id(&first).send().await.unwrap();
    assert_eq!(got.version_id(), Some(first.as_str()));
    assert_eq!(bytes(got).await, b"first");
    assert_eq!(listed(world, &bucket, 1000).await, sorted([format!("k {first}"), format!("k {second}*")]));
}

pub async fn deleting_leaves_a_marker_that_can_be_deleted(world: &World) {
    let bucket = world.versioned_bucket("b").await;
    let version = put(world, &bucket, "k", "hello").await.unwrap();
    let deleted = world.s3.delete_object().bucket(&bucket).key("k").send().await.unwrap();
    assert_eq!(deleted.delete_marker(), Some(true));
    let marker = deleted.version_id.unwrap();
    assert_eq!(refusal(world.s3.get_object().bucket(&bucket).key("k").send().await), "404 NoSuchKey");
    let of_marker = world.s3.get_object().bucket(&bucket).key("k").version_id(&marker).send().await;
    assert_eq!(refusal(of_marker), "405 MethodNotAllowed");
    assert_eq!(listed(world, &bucket, 1000).await, sorted([format!("-k {marker}*"), format!("k {version}")]));
    let undone = world.s3.delete_object().bucket(&bucket).key("k").version_id(&marker).send().await.unwrap();
    assert_eq!((undone.delete_marker(), undone.version_id()), (Some(true), Some(marker.as_str())));
    assert_eq!(get(world, &bucket, "k").await, b"hello");
}

pub async fn a_version_is_deleted_for_good(world: &World) {
    let bucket = world.versioned_bucket("b").await;
    let first = put(world, &bucket, "k", "first").await.unwrap();
    let second = put(world, &bucket, "k", "second").await.unwrap();
    world.s3.delete_object().bucket(&bucket).key("k").version_id(&second).send().await.unwrap();
    assert_eq!(get(world, &bucket, "k").await, b"first");
    assert_eq!(listed(world, &bucket, 1000).await, [format!("k {first}*")]);
    let gone = world.s3.get_object().bucket(&bucket).key("k").version_id(&second).send().await;
    assert_eq!(refusal(gone), "404 NoSuchVersion");
}

pub async fn suspended_versioning_writes_the_null_version(world: &World) {
    let bucket = world.bucket("b").await;
    let told = || world.s3.get_bucket_versioning().bucket(&bucket).send();
    assert_eq!(told().await.unwrap().status(), None);
    put(world, &bucket, "k", "before").await;
    world.versioning(&bucket, BucketVersioningStatus::Enabled).await;
    assert_eq!(told().await.unwrap().status(), Some(&BucketVersioningStatus::Enabled));
    let kept = put(world, &bucket, "k", "kept").await.unwrap();
    assert_eq!(listed(world, &bucket, 1000).await, sorted(["k null".to_owned(), format!("k {kept}*")]));
    world.versioning(&bucket, BucketVersioningStatus::Suspended).await;
    put(world, &bucket, "k", "after").await;
    // The null version from before is replaced, the other one is not.
    assert_eq!(listed(world, &bucket, 1000).await, sorted(["k null*".to_owned(), format!("k {kept}")]));
    let null = world.s3.get_object().bucket(&bucket).key("k").version_id("null").send().await.unwrap();
    assert_eq!(bytes(null).await, b"after");
    let deleted = world.s3.delete_object().bucket(&bucket).key("k").send().await.unwrap();
    assert_eq!((deleted.delete_marker(), deleted.version_id()), (Some(true), Some("null")));
    assert_eq!(listed(world, &bucket, 1000).await, sorted(["-k null*".to_owned(), format!("k {kept}")]));
}

pub async fn versions_come_in_pages(world: &World) {
    let bucket = world.versioned_bucket("b").await;
    let mut wanted = Vec::new();
    for key in ["a", "b", "c"] {
        wanted.push(format!("{key} {}", put(world, &bucket, key, "1").await.unwrap()));
        wanted.push(format!("{key} {}*", put(world, &bucket, key, "2").await.unwrap()));
    }
    let deleted = world.s3.delete_object().bucket(&bucket).key("d").send().await.unwrap();
    wanted.push(format!("-d {}*", deleted.version_id.unwrap()));
    wanted.sort_unstable();
    for limit in [1, 2, 3, 7, 1000] {
        assert_eq!(listed(world, &bucket, limit).await, wanted, "in pages of {limit}");
    }
}
