//! Listings.

use aws_sdk_s3::types::EncodingType;

use super::put;
use crate::world::{World, refusal};

const KEYS: [&str; 7] = ["a", "b/", "b/1", "b/2/x", "c", "c/1", "é"];

async fn filled(world: &World) -> String {
    let bucket = world.bucket("b").await;
    for key in KEYS {
        put(world, &bucket, key, key).await;
    }
    bucket
}

pub async fn keys_come_in_the_order_of_their_bytes(world: &World) {
    let bucket = filled(world).await;
    let listed = world.s3.list_objects_v2().bucket(&bucket).send().await.unwrap();
    assert_eq!(listed.contents().iter().map(|object| object.key().unwrap()).collect::<Vec<_>>(), KEYS);
    assert_eq!((listed.key_count(), listed.is_truncated()), (Some(7), Some(false)));
    assert_eq!(listed.contents()[0].e_tag(), Some("\"0cc175b9c0f1b6a831c399e269772661\""));
    assert_eq!(listed.contents()[2].size(), Some(3));
    let empty = world.bucket("empty").await;
    let listed = world.s3.list_objects_v2().bucket(&empty).send().await.unwrap();
    assert_eq!((listed.key_count(), listed.contents().len()), (Some(0), 0));
}

pub async fn a_delimiter_rolls_up(world: &World) {
    let bucket = filled(world).await;
    let cases: [(&str, &[&str], &[&str]); 4] = [
        ("", &["a", "c", "é"], &["b/", "c/"]),
        ("b/", &["b/", "b/1"], &["b/2/"]),
        ("b", &[], &["b/"]),
        ("nothing", &[], &[]),
    ];
    for (prefix, keys, common) in cases {
        let listed = world.s3.list_objects_v2().bucket(&bucket).prefix(prefix).delimiter("/").send().await.unwrap();
        assert_eq!(listed.contents().iter().map(|object| object.key().unwrap()).collect::<Vec<_>>(), keys, "{prefix}");
        let found: Vec<_> = listed.common_prefixes().iter().map(|group| group.prefix().unwrap()).collect();
        assert_eq!(found, common, "{prefix}");
        assert_eq!(listed.key_count(), Some(i32::try_from(keys.len() + common.len()).unwrap()), "{prefix}");
    }
}

pub async fn pages_are_the_whole(world: &World) {
    let bucket = filled(world).await;
    for limit in [1, 2, 3, 7] {
        let (mut seen, mut token) = (Vec::new(), None);
        loop {
            let ask = world.s3.list_objects_v2().bucket(&bucket).max_keys(limit).set_continuation_token(token);
            let page = ask.send().await.unwrap();
            assert!(page.contents().len() <= usize::try_from(limit).unwrap());
            seen.extend(page.contents().iter().map(|object| object.key().unwrap().to_owned()));
            token = page.next_continuation_token;
            assert_eq!(page.is_truncated, Some(token.is_some()));
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, KEYS, "in pages of {limit}");
    }
    let none = world.s3.list_objects_v2().bucket(&bucket).max_keys(0).send().await.unwrap();
    assert_eq!((none.key_count(), none.is_truncated()), (Some(0), Some(false)));
}

pub async fn common_prefixes_come_in_pages_too(world: &World) {
    let bucket = filled(world).await;
    let (mut seen, mut token) = (Vec::new(), None);
    loop {
        let ask = world.s3.list_objects_v2().bucket(&bucket).delimiter("/").max_keys(1);
        let page = ask.set_continuation_token(token).send().await.unwrap();
        seen.extend(page.contents().iter().map(|object| object.key().unwrap().to_owned()));
        seen.extend(page.common_prefixes().iter().map(|group| group.prefix().unwrap().to_owned()));
        token = page.next_continuation_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["a", "b/", "c", "c/", "é"]);
}

pub async fn a_listing_starts_after_any_key(world: &World) {
    let bucket = filled(world).await;
    for (after, first) in [("a", Some("b/")), ("b/1x", Some("b/2/x")), ("zz", Some("é")), ("é", None)] {
        let listed = world.s3.list_objects_v2().bucket(&bucket).start_after(after).send().await.unwrap();
        assert_eq!(listed.contents().first().and_then(|object| object.key()), first, "after {after}");
    }
}

pub async fn the_first_version_of_the_listing_has_markers(world: &World) {
    let bucket = filled(world).await;
    let page = world.s3.list_objects().bucket(&bucket).delimiter("/").max_keys(2).send().await.unwrap();
    assert_eq!((page.is_truncated(), page.next_marker()), (Some(true), Some("b/")));
    let page = world.s3.list_objects().bucket(&bucket).delimiter("/").marker("b/").send().await.unwrap();
    assert_eq!(page.contents().iter().map(|object| object.key().unwrap()).collect::<Vec<_>>(), ["c", "é"]);
    // Without a delimiter there is no next marker: the last key is one.
    let page = world.s3.list_objects().bucket(&bucket).max_keys(2).send().await.unwrap();
    assert_eq!((page.is_truncated(), page.next_marker()), (Some(true), None));
}

pub async fn names_can_be_encoded(world: &World) {
    let bucket = filled(world).await;
    let ask = world.s3.list_objects_v2().bucket(&bucket).prefix("é").encoding_type(EncodingType::Url);
    let listed = ask.send().await.unwrap();
    assert_eq!((listed.contents()[0].key(), listed.prefix()), (Some("%C3%A9"), Some("%C3%A9")));
}

pub async fn a_listing_of_nothing_is_refused(world: &World) {
    let nowhere = world.bucket_name("nowhere");
    assert_eq!(refusal(world.s3.list_objects_v2().bucket(&nowhere).send().await), "404 NoSuchBucket");
    let bucket = world.bucket("b").await;
    let ask = world.s3.list_objects_v2().bucket(&bucket).continuation_token("made up");
    assert_eq!(refusal(ask.send().await), "400 InvalidArgument");
}
