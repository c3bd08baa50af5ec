//! Files: downloads, uploads, texts, and URLs.

use std::fs;

use footbridge_tui::ask::{Answer, Ask, ObjectName, Trouble};

use crate::world::World;

const MIB: usize = 1 << 20;

fn object(key: &str) -> ObjectName {
    ObjectName { bucket: "bkt".into(), key: key.into(), version: None }
}

/// Bytes that no part of has twice.
fn body(length: usize) -> Vec<u8> {
    (0u32..).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).take(length).collect()
}

fn names(place: &std::path::Path) -> Vec<String> {
    fs::read_dir(place).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_large_file_goes_up_and_comes_down_with_progress() {
    let world = World::new();
    world.bucket("bkt");
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let bytes = body(20 * MIB + 7);
    fs::write(path("up.json"), &bytes).unwrap();
    let size = bytes.len() as u64;
    let upload = Ask::Upload { from: path("up.json"), bucket: "bkt".into(), key: "big.json".into(), over: None };
    let (answer, reports) = world.ask_until(&upload, u64::MAX);
    assert!(matches!(answer.unwrap(), Answer::Done(text) if text.contains(&size.to_string())));
    assert!(reports.len() >= 3 && reports.iter().all(|report| report.total == Some(size)), "{reports:?}");
    assert!(reports.windows(2).all(|two| two[0].done <= two[1].done));
    assert_eq!(reports.last().unwrap().done, size);
    let Answer::Object(facts) = world.ask(Ask::Object(object("big.json"))).unwrap() else { panic!() };
    assert_eq!((facts.size, facts.content_type.as_str()), (size, "application/json"));

    let download = Ask::Download { object: object("big.json"), to: path("down") };
    let (answer, reports) = world.ask_until(&download, u64::MAX);
    let Answer::Saved { path: saved, bytes: written } = answer.unwrap() else { panic!() };
    assert_eq!((fs::canonicalize(saved).unwrap(), written), (fs::canonicalize(path("down")).unwrap(), size));
    assert_eq!(fs::read(path("down")).unwrap(), bytes);
    assert!(reports.len() >= 3 && reports.last().unwrap().done == size, "{}", reports.len());
    // A second time it would replace the first.
    let again = world.ask(Ask::Download { object: object("big.json"), to: path("down") }).unwrap_err();
    assert_eq!(again.code, "file_exists");
}

#[test]
fn an_upload_replaces_what_was_seen_and_nothing_else() {
    let world = World::new();
    world.bucket("bkt");
    let place = tempfile::tempdir().unwrap();
    let stored = || {
        let Answer::Bytes { bytes, .. } = world.ask(Ask::Bytes { object: object("k"), from: 0, length: 9 }).unwrap()
        else {
            panic!()
        };
        bytes
    };
    let tag = || {
        let Answer::Object(facts) = world.ask(Ask::Object(object("k"))).unwrap() else { panic!() };
        facts.headers.into_iter().find(|(name, _)| name == "ETag").unwrap().1
    };
    // At once, and in parts.
    for size in [9, 20 * MIB] {
        let path = place.path().join("from").to_str().unwrap().to_owned();
        fs::write(&path, vec![b'n'; size]).unwrap();
        let upload = |over: Option<String>| {
            let upload = Ask::Upload { from: path.clone(), bucket: "bkt".into(), key: "k".into(), over };
            world.ask(upload).map_err(|trouble| trouble.code)
        };
        let overtaken = Err(Trouble::OVERTAKEN.to_owned());
        world.put("bkt", "k", b"seen");
        let seen = tag();
        world.put("bkt", "k", b"meanwhile");
        assert_eq!(upload(None), overtaken, "{size}: one came where none was");
        assert_eq!(upload(Some(seen.clone())), overtaken, "{size}: another came");
        assert_eq!(stored(), b"meanwhile");
        upload(Some(tag())).unwrap();
        assert_eq!(stored(), b"nnnnnnnnn");
        world.ask(Ask::DeleteObjects(vec![object("k")])).unwrap();
        assert_eq!(upload(Some(seen)), overtaken, "{size}: it is gone");
        assert_eq!(world.ask(Ask::Object(object("k"))).unwrap_err().code, "NotFound");
        upload(None).unwrap();
        world.run(async {
            assert!(world.aws.s3.list_multipart_uploads().bucket("bkt").send().await.unwrap().uploads().is_empty());
        });
    }
}

#[test]
fn what_is_called_off_leaves_nothing() {
    let world = World::new();
    world.bucket("bkt");
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("up"), body(40 * MIB)).unwrap();
    let upload = Ask::Upload { from: path("up"), bucket: "bkt".into(), key: "big".into(), over: None };
    let (answer, _) = world.ask_until(&upload, 1);
    assert_eq!(answer.unwrap_err().code, "called_off");
    world.run(async {
        assert!(world.aws.s3.list_objects_v2().bucket("bkt").send().await.unwrap().contents().is_empty());
        assert!(world.aws.s3.list_multipart_uploads().bucket("bkt").send().await.unwrap().uploads().is_empty());
    });
    world.put("bkt", "big", &body(40 * MIB));
    let download = Ask::Download { object: object("big"), to: path("down") };
    let (answer, _) = world.ask_until(&download, MIB as u64);
    assert_eq!(answer.unwrap_err().code, "called_off");
    assert_eq!(names(place.path()), ["up"]);
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let world = World::new();
    world.bucket("bkt");
    world.put("bkt", "k", b"x");
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    for (ask, says) in [
        (Ask::Download { object: object("k"), to: path("") }, "is a directory"),
        (Ask::Download { object: object("k"), to: path("none/k") }, "No such file"),
        (Ask::Download { object: object("none"), to: path("k") }, "The specified key does not exist."),
        (Ask::Upload { from: path("none"), bucket: "bkt".into(), key: "k".into(), over: None }, "No such file"),
        (Ask::Upload { from: path(""), bucket: "bkt".into(), key: "k".into(), over: None }, "is a directory"),
        (Ask::Save { to: path(""), text: String::new() }, "is a directory"),
    ] {
        let error = world.ask(ask.clone()).unwrap_err();
        assert!(error.message.contains(says), "{ask:?}: {error}");
    }
    assert_eq!(names(place.path()), Vec::<String>::new());
    let save = || world.ask(Ask::Save { to: path("text"), text: "é\n".into() });
    assert!(matches!(save().unwrap(), Answer::Saved { bytes: 3, .. }));
    assert_eq!(save().unwrap_err().code, "file_exists");
    assert_eq!(fs::read(path("text")).unwrap(), "é\n".as_bytes());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let world = World::new();
    // Nothing can be made there, as on a disk that is full.
    let error = world.ask(Ask::Save { to: "/proc/footbridge-none".into(), text: "x".into() }).unwrap_err();
    assert_eq!(error.code, "file_error");
}

#[test]
fn objects_and_versions_are_deleted() {
    let world = World::new();
    world.bucket("bkt");
    for number in 0..1100 {
        world.put("bkt", &format!("k{number}"), b"x");
    }
    world.put("bkt", "one", b"x");
    world.put("bkt", "\u{1}", b"x");
    let all = (0..1100).map(|number| object(&format!("k{number}"))).chain([object("\u{1}")]).collect();
    let (answer, reports) = world.ask_until(&Ask::DeleteObjects(all), u64::MAX);
    assert_eq!(answer.unwrap(), Answer::Done("1101 objects are deleted".into()));
    assert_eq!(reports.last().unwrap().done, 1101);
    let answer = world.ask(Ask::DeleteObjects(vec![object("one")])).unwrap();
    assert_eq!(answer, Answer::Done("s3://bkt/one is deleted".into()));
    world.run(async {
        assert!(world.aws.s3.list_objects_v2().bucket("bkt").send().await.unwrap().contents().is_empty());
    });
    assert_eq!(world.ask(Ask::DeleteObjects(Vec::new())).unwrap_err().code, "invalid_request");
}

#[test]
fn a_version_goes_alone() {
    let world = World::new();
    world.bucket("bkt");
    let (first, second) = world.run(async {
        use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
        let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
        world.aws.s3.put_bucket_versioning().bucket("bkt").versioning_configuration(on).send().await.unwrap();
        let put = async |text: &str| {
            let put = world.aws.s3.put_object().bucket("bkt").key("k").body(text.as_bytes().to_vec().into());
            put.send().await.unwrap().version_id.unwrap()
        };
        (put("1").await, put("2").await)
    });
    let answer = world.ask(Ask::DeleteObjects(vec![ObjectName { version: Some(second), ..object("k") }])).unwrap();
    assert!(matches!(answer, Answer::Done(text) if text.starts_with("version ")));
    let Answer::Bytes { bytes, .. } = world.ask(Ask::Bytes { object: object("k"), from: 0, length: 9 }).unwrap() else {
        panic!()
    };
    assert_eq!(bytes, b"1");
    // Of several, each is meant in its own version.
    let both = vec![ObjectName { version: Some(first), ..object("k") }, object("other")];
    world.ask(Ask::DeleteObjects(both)).unwrap();
    assert_eq!(world.ask(Ask::Object(object("k"))).unwrap_err().code, "NotFound");
}

#[test]
fn a_presigned_url_works_over_http_where_an_endpoint_is_on_offer() {
    let none = World::new();
    let ask = |put| Ask::Presign { object: object("a b+/é"), put, seconds: 60 };
    let error = none.ask(ask(false)).unwrap_err();
    assert_eq!(error.code, "no_endpoint");
    assert!(error.message.contains("footbridge serve"), "{error}");

    let world = World::new();
    let url = world.aws.url().to_owned();
    let world = world.again(|options| options.endpoint = std::sync::Arc::new(move || Some(url.clone())));
    world.bucket("bkt");
    let Answer::Text(put) = world.ask(ask(true)).unwrap() else { panic!() };
    let Answer::Text(get) = world.ask(ask(false)).unwrap() else { panic!() };
    let http = crate::http::request("PUT", &put, b"over http");
    assert!(http.starts_with("HTTP/1.1 200"), "{http}");
    let http = crate::http::request("GET", &get, b"");
    assert!(http.starts_with("HTTP/1.1 200") && http.ends_with("over http"), "{http}");
    let http = crate::http::request("PUT", &get, b"not with this one");
    assert!(http.starts_with("HTTP/1.1 403"), "{http}");
    for seconds in [0, 604_801, u64::MAX] {
        let error = world.ask(Ask::Presign { object: object("k"), put: false, seconds }).unwrap_err();
        assert!(error.message.contains("604800"), "{error}");
    }
}
