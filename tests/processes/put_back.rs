//! An older database is put back, is worked with, and then the newer one comes back: every object reads again.

use std::path::Path;

use serde_json::json;

use super::kills::fsck;
use super::{Mcp, footbridge};
use crate::common::http_clients;

/// At least so long is each body: longer than what rides in the database.
const LARGE: usize = 70_000;

fn text(key: &str) -> String {
    key.repeat(LARGE / key.len() + 1)
}

fn put(mcp: &Mcp, key: &str) {
    mcp.call("s3_put_object", &json!({"bucket": "bucket", "key": key, "text": text(key)}));
}

/// The objects in the bucket, each read whole and compared.
fn read_all(mcp: &Mcp) -> Vec<String> {
    let url = mcp.call("bridge_status", &json!({}))["endpoint"].as_str().unwrap().to_owned();
    let clients = http_clients(&url);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let listed = clients.s3.list_objects_v2().bucket("bucket").send().await.unwrap();
        let keys: Vec<String> = listed.contents().iter().map(|object| object.key().unwrap().to_owned()).collect();
        for key in &keys {
            let got = clients.s3.get_object().bucket("bucket").key(key).send().await.unwrap();
            let body = got.body.collect().await.unwrap().to_vec();
            assert_eq!(String::from_utf8(body).unwrap(), text(key), "{key}");
        }
        keys
    })
}

fn move_to(place: &Path, from: &str, to: &str) {
    std::fs::rename(place.join("data").join(from), place.join("data").join(to)).unwrap();
}

#[test]
fn the_newer_database_comes_back_and_every_object_reads_again() {
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path();
    let database = place.join("data/footbridge.redb");
    let mcp = Mcp::start(place, 0);
    mcp.call("s3_create_bucket", &json!({"bucket": "bucket"}));
    put(&mcp, "first");
    mcp.end();
    std::fs::copy(&database, place.join("older")).unwrap();

    let mcp = Mcp::start(place, 0);
    for key in ["second", "third"] {
        put(&mcp, key);
    }
    mcp.end();
    assert_eq!(fsck(place, &[]).0, Some(0));
    // Kept outside, with what was put last; the older one takes its place, and somebody works with it.
    std::fs::rename(&database, place.join("newer")).unwrap();
    std::fs::copy(place.join("older"), &database).unwrap();
    let mcp = Mcp::start(place, 0);
    assert_eq!(read_all(&mcp), ["first"]);
    put(&mcp, "fourth");
    mcp.end();
    let (code, report) = fsck(place, &[]);
    assert_eq!(code, Some(0), "{report}");
    assert_eq!(report["quarantine"][0]["count"], 2, "what the older one does not name was moved aside: {report}");

    // Without a database nothing is opened, and fsck says what is there.
    move_to(place, "footbridge.redb", "footbridge.schema-0.redb");
    let refused = footbridge(place, 0, &["call", "s3_list_buckets", "{}"]).output().unwrap();
    assert!(!refused.status.success());
    let (code, report) = fsck(place, &[]);
    assert_eq!(
        (code, &report["bodies"], &report["quarantine"][0]["count"]),
        (Some(1), &json!(2), &json!(2)),
        "{report}"
    );

    // The newer one comes back.
    std::fs::rename(place.join("newer"), &database).unwrap();
    let (code, report) = fsck(place, &[]);
    assert_eq!(code, Some(1));
    let kinds: Vec<_> = report["findings"].as_array().unwrap().iter().map(|finding| finding["kind"].clone()).collect();
    assert_eq!(kinds, ["missing_body", "missing_body", "disagreement"], "{report}");
    let (code, report) = fsck(place, &["--repair"]);
    assert_eq!(code, Some(0), "{report}");
    let (code, report) = fsck(place, &[]);
    assert_eq!((code, &report["findings"]), (Some(0), &json!([])), "{report}");
    // What was put under the older one is kept.
    assert_eq!(report["quarantine"][0]["count"], 1, "{report}");
    assert_eq!(report["quarantine"].as_array().unwrap().len(), 1);
    let mcp = Mcp::start(place, 0);
    assert_eq!(read_all(&mcp), ["first", "second", "third"]);
    mcp.end();
    assert_eq!(fsck(place, &[]).1["quarantine"][0]["count"], 1, "a start moved nothing more");
}
