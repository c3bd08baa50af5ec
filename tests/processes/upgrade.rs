//! Directories of the version before the stamps, schema 2: `fixtures/stores/schema-2` was written by that version, which
//! was killed while a small body still rode in its database.

use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::json;

use super::{DEADLINE, Mcp, Process, bodies, call, footbridge, quarantined, until};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/stores/schema-2");

/// The fixture as a data directory at `data`, open to others as that version left it.
pub(super) fn unpack(data: &Path) {
    for entry in walkdir::WalkDir::new(FIXTURE).into_iter().map(Result::unwrap) {
        let to = data.join(entry.path().strip_prefix(FIXTURE).unwrap());
        if entry.file_type().is_dir() {
            std::fs::create_dir(&to).unwrap();
        } else if to.extension().is_some_and(|extension| extension == "gz") {
            let mut bytes = Vec::new();
            flate2::read::GzDecoder::new(std::fs::File::open(entry.path()).unwrap()).read_to_end(&mut bytes).unwrap();
            std::fs::write(to.with_extension(""), bytes).unwrap();
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Every byte that the fixture has.
pub(super) fn check(place: &Path) {
    let text = |key: &str| {
        // In pages, as an answer's budget has them.
        let (mut text, mut range) = (String::new(), json!("bytes=0-"));
        while !range.is_null() {
            let got = call(place, "s3_get_object", &json!({"bucket": "photos", "key": key, "range": range}));
            text.push_str(got["text"].as_str().unwrap_or_else(|| panic!("{key}: {got}")));
            range = got["next_range"].clone();
        }
        text
    };
    assert_eq!(text("small/1"), "a small body\n");
    assert_eq!(text("small/2"), "still riding when the process was killed\n");
    assert!(text("large") == "a line of a large body\n".repeat(4000));
    let keys = call(place, "s3_list_objects", &json!({"bucket": "photos"}));
    assert_eq!(keys["objects"].as_array().unwrap().len(), 3, "{keys}");
    let count = call(place, "dynamodb_scan", &json!({"table": "users", "count": true}));
    assert_eq!(count["count"], 20);
}

#[test]
fn a_directory_of_the_version_before_opens_with_every_byte_and_is_stamped() {
    let temp = tempfile::tempdir().unwrap();
    let (place, data) = (temp.path(), temp.path().join("data"));
    unpack(&data);
    // Nothing proves what this is: that version had no stamps.
    std::fs::write(data.join("blobs/0193a5c81f2a7c1e9d0b3f4a5b6c7d8e"), "no row").unwrap();
    check(place);
    assert!(data.join("blobs/stamp").exists());
    let [(why, aside)] = quarantined(&data).try_into().unwrap();
    assert!(why.contains("an earlier version"), "{why}");
    assert_eq!(aside, [b"no row".to_vec()]);
    assert!(data.join("footbridge.schema-2.redb").exists());

    // Its copy, put back later, is older than the bodies.
    // A process that stays: a short one may end before small bodies are moved.
    let server = Mcp::start(place, 0);
    server.call("s3_put_object", &json!({"bucket": "photos", "key": "since", "text": "since"}));
    until("the small bodies are moved to their files", || bodies(&data) == 4);
    server.end();
    std::fs::rename(data.join("footbridge.schema-2.redb"), data.join("footbridge.redb")).unwrap();
    check(place);
    let occasions = quarantined(&data);
    assert_eq!(occasions.len(), 2);
    assert!(occasions[1].0.contains("the database has no stamp"), "{}", occasions[1].0);
    assert_eq!(occasions[1].1, [b"since".to_vec()]);
}

#[test]
fn killed_anywhere_in_its_migration_it_opens_with_every_byte() {
    // What shows how far it has come. The last one of all is there when all is done.
    for sign in ["lock", "footbridge.schema-2.redb", "blobs/stamp#1", "blobs/stamp", "owner.json"] {
        let temp = tempfile::tempdir().unwrap();
        let (place, data) = (temp.path(), temp.path().join("data"));
        unpack(&data);
        let spawned = footbridge(place, 0, &["serve"]).stdout(Stdio::null()).spawn().unwrap();
        let process = Process(std::sync::Mutex::new(spawned));
        let deadline = std::time::Instant::now() + DEADLINE;
        // A sign may be too short to be seen; the last one is not.
        while !data.join(sign).exists() && !data.join("owner.json").exists() {
            assert!(std::time::Instant::now() < deadline, "{sign}: not within {DEADLINE:?}");
            std::thread::yield_now();
        }
        process.kill();
        check(place);
        assert_eq!(quarantined(&data), [], "killed at {sign}");
    }
}
