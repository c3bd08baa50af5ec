//! Awkward keys stay distinct and come back as they were.

use std::collections::BTreeMap;

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use proptest::prelude::*;

use crate::harness::World;

/// Puts a body for each key, and checks that each comes back, and that the listing has just these, in byte order.
async fn round_trip(keys: impl IntoIterator<Item = String>) {
    let world = World::memory();
    let client = world.client();
    client.create_bucket().bucket("keys").send().await.unwrap();
    let model: BTreeMap<Vec<u8>, String> = keys.into_iter().map(|key| (key.as_bytes().to_vec(), key)).collect();
    for key in model.values() {
        let body = ByteStream::from(format!("body of {key}").into_bytes());
        client.put_object().bucket("keys").key(key).body(body).send().await.unwrap();
    }
    for key in model.values() {
        let got = client.get_object().bucket("keys").key(key).send().await.unwrap().body.collect().await.unwrap();
        assert_eq!(String::from_utf8(got.to_vec()).unwrap(), format!("body of {key}"), "{key:?}");
    }
    let listed = client.list_objects_v2().bucket("keys").send().await.unwrap();
    let names: Vec<&str> = listed.contents().iter().filter_map(|object| object.key()).collect();
    assert_eq!(names, model.values().map(String::as_str).collect::<Vec<_>>());
    let all = model.values().map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
    let delete = Delete::builder().set_objects(Some(all.collect())).build().unwrap();
    let deleted = client.delete_objects().bucket("keys").delete(delete).send().await.unwrap();
    assert_eq!(deleted.deleted().len(), model.len());
    assert!(client.list_objects_v2().bucket("keys").send().await.unwrap().contents().is_empty());
    world.close().await;
}

#[tokio::test]
async fn keys_that_no_file_system_takes() {
    let keys = [
        "a",
        "a/b",
        "a//b",
        "a/",
        "/a",
        "//",
        "a/../b",
        ".",
        "a b",
        "a+b",
        "a%20b",
        "a%2Fb",
        "a&b<c>\"d'",
        "😀/🎉",
        "ключ",
        "x#12",
        "a?b=c",
        "a\\b",
        "a:b",
        " lead",
        "trail ",
        "a\tb",
        "~",
        "*",
    ];
    let long = "k".repeat(1024);
    round_trip(keys.into_iter().map(str::to_owned).chain([long])).await;
}

#[tokio::test]
async fn control_characters_survive_in_listings_that_encode() {
    let world = World::memory();
    world.bucket("keys").await;
    for path in ["/keys/a%01b", "/keys/a%00b", "/keys/a%0D%0Ab", "/keys/a%7Fb"] {
        assert_eq!(world.send("PUT", path, &[], "x").await.status, 200);
    }
    let listed = world.send("GET", "/keys?list-type=2&encoding-type=url", &[], "").await.text();
    for key in ["a%00b", "a%01b", "a%0D%0Ab", "a%7Fb"] {
        assert!(listed.contains(&format!("<Key>{key}</Key>")), "{key} in {listed}");
    }
    // Without the encoding they are character references, never bare.
    let listed = world.send("GET", "/keys?list-type=2", &[], "").await.text();
    assert!(listed.contains("<Key>a&#x1;b</Key>") && listed.contains("<Key>a&#xD;&#xA;b</Key>"), "{listed}");
    let body =
        "<Delete><Object><Key>a&#13;&#10;b</Key></Object><Object><Key><![CDATA[a\u{1}b]]></Key></Object></Delete>";
    let digest = base64(&md5_of(body));
    let deleted = world.send("POST", "/keys?delete", &[("content-md5", digest.as_str())], body).await;
    assert_eq!(deleted.status, 200, "{}", deleted.text());
    let listed = world.send("GET", "/keys?list-type=2&encoding-type=url", &[], "").await.text();
    assert!(!listed.contains("a%01b") && !listed.contains("a%0D%0Ab") && listed.contains("a%7Fb"), "{listed}");
    world.close().await;
}

fn md5_of(body: &str) -> Vec<u8> {
    use md5::Digest;
    md5::Md5::digest(body).to_vec()
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_keys_stay_distinct(keys in prop::collection::btree_set("[a-b][a-b/.%+ é😀\\\\-]{0,11}", 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(round_trip(keys));
    }
}
