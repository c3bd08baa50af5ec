//! Buckets, objects, versions and bytes.

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use footbridge_tui::ask::{Answer, Ask, Entry, ObjectName, Page};

use crate::world::World;

fn objects(world: &World, prefix: &str, after: Option<String>) -> Page<Entry> {
    let ask = Ask::Objects { bucket: "bkt".into(), prefix: prefix.into(), after };
    match world.ask(ask).unwrap() {
        Answer::Objects(page) => page,
        other => panic!("{other:?}"),
    }
}

fn name(entry: &Entry) -> &str {
    match entry {
        Entry::Folder(name) => name,
        Entry::Object { key, .. } => key,
    }
}

fn bytes(world: &World, key: &str, from: u64, length: u64) -> (u64, u64, Vec<u8>) {
    let object = ObjectName { bucket: "bkt".into(), key: key.into(), version: None };
    match world.ask(Ask::Bytes { object, from, length }).unwrap() {
        Answer::Bytes { from, total, bytes } => (from, total, bytes),
        other => panic!("{other:?}"),
    }
}

#[test]
fn buckets_come_by_name_with_region_and_page_by_page() {
    let world = World::new();
    for number in 0..1003 {
        world.bucket(&format!("bucket-{number:04}"));
    }
    let Answer::Buckets(first) = world.ask(Ask::Buckets { after: None }).unwrap() else { panic!() };
    let Answer::Buckets(second) = world.ask(Ask::Buckets { after: first.next.clone() }).unwrap() else { panic!() };
    assert_eq!((first.rows.len(), second.rows.len(), second.next), (1000, 3, None));
    assert_eq!(first.rows[7].name, "bucket-0007");
    assert_eq!(first.rows[7].region.as_deref(), Some("us-east-1"));
    assert!(first.rows[7].created.unwrap() > 1_700_000_000_000);
}

#[test]
fn keys_come_page_by_page_with_folders_among_them() {
    let world = World::new();
    world.bucket("bkt");
    for number in 0..2500 {
        world.put("bkt", &format!("k{number:04}"), b"x");
    }
    world.put("bkt", "k1000/a", b"x");
    world.put("bkt", "k1000/b", b"x");
    let (mut all, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = objects(&world, "", after);
        pages += 1;
        all.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((pages, all.len()), (3, 2501));
    let names: Vec<_> = all.iter().map(name).collect();
    assert!(names.is_sorted());
    assert_eq!(&names[999..=1002], ["k0999", "k1000", "k1000/", "k1001"]);
    assert!(matches!(&all[1001], Entry::Folder(_)));
    let below = objects(&world, "k1000/", None);
    assert_eq!(below.rows.iter().map(name).collect::<Vec<_>>(), ["k1000/a", "k1000/b"]);
    let Entry::Object { size, modified, class, latest, marker, version, .. } = &below.rows[0] else { panic!() };
    assert_eq!((*size, class.as_str(), *latest, *marker, version), (1, "STANDARD", true, false, &None));
    assert!(modified.is_some());
}

#[test]
fn hostile_keys_are_listed_and_read_as_they_are() {
    let world = World::new();
    world.bucket("bkt");
    let keys = [
        "a+b c%20d",
        "a/../b",
        "//",
        "new\nline",
        "\u{1}\u{1b}[31m",
        "\u{202e}rtl",
        "ü/ß",
        "<&>\"'",
        "%2F",
        "a/./b",
        "tab\t",
        "\u{10ffff}",
        "q?x=1#f",
    ];
    for key in keys {
        world.put("bkt", key, key.as_bytes());
        assert_eq!(bytes(&world, key, 0, 100), (0, key.len() as u64, key.as_bytes().to_vec()), "{key:?}");
        let ask = Ask::Versions { bucket: "bkt".into(), prefix: key.into(), after: None };
        let Answer::Objects(page) = world.ask(ask).unwrap() else { panic!() };
        assert!(page.rows.iter().any(|entry| name(entry) == key), "{key:?}");
        // What lies directly below what comes before its name.
        let folder = key.rfind('/').map_or("", |at| &key[..=at]);
        let listed = objects(&world, folder, None);
        assert!(listed.rows.iter().any(|entry| name(entry) == key), "{key:?}: {listed:?}");
    }
}

#[test]
fn versions_and_markers_come_newest_first_page_by_page() {
    let world = World::new();
    world.bucket("bkt");
    let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    world.run(async {
        world.aws.s3.put_bucket_versioning().bucket("bkt").versioning_configuration(on).send().await.unwrap();
    });
    for number in 0..1200 {
        world.put("bkt", "often", number.to_string().as_bytes());
    }
    world.put("bkt", "gone", b"1");
    world.run(async { world.aws.s3.delete_object().bucket("bkt").key("gone").send().await.unwrap() });
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let ask = Ask::Versions { bucket: "bkt".into(), prefix: String::new(), after };
        let Answer::Objects(page) = world.ask(ask).unwrap() else { panic!() };
        all.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(all.len(), 1202);
    let Entry::Object { key, marker, latest, version, .. } = &all[0] else { panic!() };
    assert_eq!((key.as_str(), *marker, *latest, version.is_some()), ("gone", true, true, true));
    let Entry::Object { marker: false, latest: false, .. } = &all[1] else { panic!() };
    let Entry::Object { key, latest: true, version, .. } = &all[2] else { panic!() };
    // The current one is the last that was put, and an old one is read by its version.
    assert_eq!(bytes(&world, key, 0, 9).2, b"1199");
    let object = ObjectName { bucket: "bkt".into(), key: key.clone(), version: version.clone() };
    let Answer::Bytes { bytes, .. } = world.ask(Ask::Bytes { object, from: 0, length: 9 }).unwrap() else { panic!() };
    assert_eq!(bytes, b"1199");
    let Entry::Object { version, .. } = &all[1201] else { panic!() };
    let object = ObjectName { bucket: "bkt".into(), key: "often".into(), version: version.clone() };
    let Answer::Object(facts) = world.ask(Ask::Object(object)).unwrap() else { panic!() };
    assert!(facts.headers.iter().any(|(name, value)| name == "x-amz-version-id" && Some(value) == version.as_ref()));
    let refused = world.ask(Ask::Versions { bucket: "bkt".into(), prefix: String::new(), after: Some("x".into()) });
    assert_eq!(refused.unwrap_err().code, "invalid_request");
}

#[test]
fn ranges_are_read_within_and_past_the_end() {
    let world = World::new();
    world.bucket("bkt");
    world.put("bkt", "ten", b"0123456789");
    world.put("bkt", "none", b"");
    for (key, from, length, wanted) in [
        ("ten", 0, 4, (0, 10, &b"0123"[..])),
        ("ten", 8, 100, (8, 10, b"89")),
        ("ten", 10, 1, (10, 10, b"")),
        ("ten", 99, 5, (99, 10, b"")),
        ("ten", 3, 0, (3, 10, b"")),
        ("ten", u64::MAX, u64::MAX, (u64::MAX, 10, b"")),
        ("none", 0, 5, (0, 0, b"")),
        ("none", 7, 5, (7, 0, b"")),
    ] {
        let (at, total, got) = bytes(&world, key, from, length);
        assert_eq!((at, total, got.as_slice()), wanted, "{key} {from} {length}");
    }
    let missing = ObjectName { bucket: "bkt".into(), key: "no".into(), version: None };
    let error = world.ask(Ask::Bytes { object: missing.clone(), from: 0, length: 1 }).unwrap_err();
    assert_eq!((error.code.as_str(), error.message.as_str()), ("NoSuchKey", "The specified key does not exist."));
    let error = world.ask(Ask::Object(missing)).unwrap_err();
    assert_eq!(error.code, "NotFound");
    let nowhere = Ask::Objects { bucket: "nowhere".into(), prefix: String::new(), after: None };
    assert_eq!(world.ask(nowhere).unwrap_err().code, "NoSuchBucket");
}

#[test]
fn an_objects_headers_metadata_and_tags_are_told() {
    let world = World::new();
    world.bucket("bkt");
    let put = world.aws.s3.put_object().bucket("bkt").key("k").body(b"{}".to_vec().into());
    let put = put.content_type("application/json").cache_control("no-store").content_disposition("inline");
    let put = put.metadata("zeta", "1").metadata("alpha", "é").tagging("team=web&cost=none");
    world.run(async { put.send().await.unwrap() });
    let object = ObjectName { bucket: "bkt".into(), key: "k".into(), version: None };
    let Answer::Object(facts) = world.ask(Ask::Object(object)).unwrap() else { panic!() };
    assert_eq!((facts.size, facts.content_type.as_str()), (2, "application/json"));
    assert_eq!(facts.metadata[1], ("zeta".into(), "1".into()));
    let mut tags = facts.tags.unwrap();
    tags.sort();
    assert_eq!(tags, [("cost".into(), "none".into()), ("team".into(), "web".into())]);
    let names: Vec<_> = facts.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(&names[..2], ["ETag", "Last-Modified"]);
    for (name, value) in [("Cache-Control", "no-store"), ("Content-Disposition", "inline")] {
        assert!(facts.headers.contains(&(name.into(), value.into())), "{:?}", facts.headers);
    }
    assert!(names.iter().any(|name| name.starts_with("x-amz-checksum-crc")), "{names:?}");
}
