//! Listings against a plain set of keys.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::harness::World;

/// What a whole listing gives, by the definition: keys under the prefix, rolled up at the delimiter.
fn model(keys: &BTreeSet<String>, prefix: &str, delimiter: &str, after: &str) -> (Vec<String>, Vec<String>) {
    let (mut objects, mut prefixes) = (Vec::new(), BTreeSet::new());
    let roll = |key: &str| -> Option<String> {
        let at = key.strip_prefix(prefix)?.find(delimiter).filter(|_| !delimiter.is_empty())?;
        Some(key[..prefix.len() + at + delimiter.len()].to_owned())
    };
    for key in keys.iter().filter(|key| key.starts_with(prefix)) {
        match roll(key) {
            Some(common) if Some(&common) == roll(after).as_ref() || common.as_str() <= after => {}
            Some(common) => {
                prefixes.insert(common);
            }
            None if key.as_str() > after => objects.push(key.clone()),
            None => {}
        }
    }
    (objects, prefixes.into_iter().collect())
}

async fn pages(
    world: &World,
    v2: bool,
    prefix: &str,
    delimiter: &str,
    after: &str,
    max: i32,
) -> (Vec<String>, Vec<String>) {
    let client = world.client();
    let (mut objects, mut prefixes) = (Vec::new(), Vec::new());
    let mut resume: Option<String> = None;
    loop {
        let (contents, common, next) = if v2 {
            let page = client
                .list_objects_v2()
                .bucket("keys")
                .prefix(prefix)
                .delimiter(delimiter)
                .start_after(after)
                .set_continuation_token(resume)
                .max_keys(max)
                .send()
                .await
                .unwrap();
            assert_eq!(page.key_count(), i32::try_from(page.contents().len() + page.common_prefixes().len()).ok());
            let next = page.next_continuation_token().map(str::to_owned);
            assert_eq!(page.is_truncated(), Some(next.is_some()));
            (page.contents().to_vec(), page.common_prefixes().to_vec(), next)
        } else {
            let marker = resume.unwrap_or_else(|| after.to_owned());
            let page = client
                .list_objects()
                .bucket("keys")
                .prefix(prefix)
                .delimiter(delimiter)
                .marker(marker)
                .max_keys(max)
                .send()
                .await
                .unwrap();
            assert!(delimiter.is_empty() || page.is_truncated() == Some(page.next_marker().is_some()));
            let last = page.contents().last().and_then(|object| object.key());
            let next = page.next_marker().or(last).filter(|_| page.is_truncated() == Some(true)).map(str::to_owned);
            (page.contents().to_vec(), page.common_prefixes().to_vec(), next)
        };
        assert!(contents.len() + common.len() <= usize::try_from(max).unwrap());
        objects.extend(contents.iter().filter_map(|object| object.key().map(str::to_owned)));
        prefixes.extend(common.iter().filter_map(|common| common.prefix().map(str::to_owned)));
        resume = next;
        if resume.is_none() {
            return (objects, prefixes);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn pages_together_are_the_whole_listing(
        keys in prop::collection::btree_set("[ab/é]{1,5}", 0..24),
        prefix in "[ab/é]{0,2}",
        delimiter in prop::sample::select(vec!["", "/", "b", "é", "/a"]),
        after in prop::sample::select(vec!["", "a", "a/", "a/b", "b/é", "é"]),
        max in 1..6_i32,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::memory();
            world.bucket("keys").await;
            for key in &keys {
                let path = percent_encoding::utf8_percent_encode(key, percent_encoding::NON_ALPHANUMERIC);
                assert_eq!(world.send("PUT", &format!("/keys/{path}"), &[], "x").await.status, 200);
            }
            let expected = model(&keys, &prefix, delimiter, after);
            for v2 in [true, false] {
                let got = pages(&world, v2, &prefix, delimiter, after, max).await;
                assert_eq!(got, expected, "v2 {v2}, {keys:?}, {prefix:?}, {delimiter:?}, after {after:?}, {max}");
            }
            world.close().await;
        });
    }
}

#[tokio::test]
async fn a_common_prefix_costs_a_seek_and_not_its_keys() {
    let world = World::memory();
    world.bucket("keys").await;
    for directory in ["a", "b", "c"] {
        for number in 0..60 {
            world.send("PUT", &format!("/keys/{directory}/{number}"), &[], "").await;
        }
    }
    // What goes on beside the request reads rows too.
    world.service.settle().await;
    let rows = || world.store.counters().rows_read.load(std::sync::atomic::Ordering::Relaxed);
    let before = rows();
    let page = world.send("GET", "/keys?list-type=2&delimiter=/", &[], "").await;
    assert_eq!(page.text().matches("<CommonPrefixes>").count(), 3);
    assert!(rows() - before <= 8, "{} rows for 3 prefixes", rows() - before);
    world.close().await;
}

#[tokio::test]
async fn the_corners_of_listing_parameters() {
    let world = World::memory();
    world.bucket("keys").await;
    for key in ["a%20b", "c%2Bd", "e/f"] {
        world.send("PUT", &format!("/keys/{key}"), &[], "").await;
    }
    let none = world.send("GET", "/keys?list-type=2&max-keys=0", &[], "").await;
    assert_eq!(none.element("IsTruncated").as_deref(), Some("false"));
    assert_eq!(none.element("KeyCount").as_deref(), Some("0"));
    let encoded = world.send("GET", "/keys?list-type=2&encoding-type=url&start-after=a+a", &[], "").await;
    assert_eq!(encoded.element("StartAfter").as_deref(), Some("a+a"));
    assert!(encoded.text().contains("<Key>a+b</Key>") && encoded.text().contains("<Key>c%2Bd</Key>"));
    assert_eq!(encoded.element("EncodingType").as_deref(), Some("url"));
    assert_eq!(encoded.element("ID"), None, "no owner unless asked");
    let owned = world.send("GET", "/keys?list-type=2&fetch-owner=true", &[], "").await;
    assert_eq!(owned.element("ID").map(|id| id.len()), Some(64));
    for (query, message) in [
        ("list-type=2&continuation-token=", "The continuation token provided is incorrect"),
        ("list-type=2&continuation-token=%25%25", "The continuation token provided is incorrect"),
        ("list-type=2&encoding-type=value", "Invalid Encoding Method specified in Request"),
        ("list-type=3", "Invalid List Type specified in Request"),
        ("max-keys=-1", "Argument maxKeys must be an integer between 0 and 2147483647"),
        ("versions&max-keys=-1", "max-keys cannot be negative"),
        ("uploads&max-uploads=-1", "Argument max-uploads must be an integer between 0 and 2147483647"),
        ("max-keys=x", "Provided max-keys not an integer or within integer range"),
    ] {
        let refused = world.send("GET", &format!("/keys?{query}"), &[], "").await;
        assert_eq!(refused.failure(), (400, "InvalidArgument".into()), "{query}");
        assert_eq!(refused.element("Message").as_deref(), Some(message), "{query}");
    }
    let many = world.send("GET", "/keys?max-keys=5000", &[], "").await;
    assert_eq!(many.element("MaxKeys").as_deref(), Some("1000"));
    world.close().await;
}
