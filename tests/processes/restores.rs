//! A server is killed amid restores: each table and bucket is as it was or as the snapshot has it, and the next start says so.

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use aws_sdk_s3::primitives::ByteStream;
use footbridge::backend::Clients;

use super::kills::fsck;
use super::{Serve, ended, footbridge};
use crate::common::http_clients;

const TABLES: [&str; 3] = ["table-1", "table-2", "table-3"];
const BUCKETS: [&str; 2] = ["bucket-1", "bucket-2"];
const ITEMS: usize = 200;
const OBJECTS: usize = 12;
/// A body that is a blob at once.
const LARGE: usize = 150_000;

/// Gives every item and object this word, and makes `more` beside them.
async fn write(clients: &Clients, word: &str, more: usize) {
    for table in TABLES {
        let writes = (0..ITEMS + more).map(|n| {
            let put = PutRequest::builder().item("pk", AttributeValue::S(format!("{n:04}")));
            let put = put.item("word", AttributeValue::S(word.to_owned())).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        });
        let writes: Vec<_> = writes.collect();
        for batch in writes.chunks(25) {
            clients.dynamodb.batch_write_item().request_items(table, batch.to_vec()).send().await.unwrap();
        }
    }
    for bucket in BUCKETS {
        for n in 0..OBJECTS + more {
            let body = word.repeat(if n.is_multiple_of(2) { 10 } else { LARGE });
            let put = clients.s3.put_object().bucket(bucket).key(format!("{n:04}"));
            put.body(ByteStream::from(body.into_bytes())).send().await.unwrap();
        }
    }
}

/// What a table or a bucket is: every word in it, and how many things.
async fn state(clients: &Clients, of: &str) -> (Vec<String>, usize) {
    let mut words = Vec::new();
    let mut count = 0;
    if of.starts_with("table") {
        let found = clients.dynamodb.scan().table_name(of).send().await.unwrap();
        count = found.items().len();
        words.extend(found.items().iter().map(|item| item["word"].as_s().unwrap().clone()));
    } else {
        for object in clients.s3.list_objects_v2().bucket(of).send().await.unwrap().contents() {
            let got = clients.s3.get_object().bucket(of).key(object.key().unwrap()).send().await.unwrap();
            let body = got.body.collect().await.unwrap().to_vec();
            words.push(char::from(body[0]).to_string());
            count += 1;
        }
    }
    words.sort();
    words.dedup();
    (words, count)
}

#[test]
fn a_server_killed_amid_a_restore_leaves_each_table_and_bucket_old_or_new_and_the_next_start_says_so() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path();
    let serve = Serve::start(place, 0);
    let clients = http_clients(&serve.url);
    for table in TABLES {
        let arguments = serde_json::json!({ "table": table, "keys": { "pk": "S" } });
        super::call(place, "dynamodb_create_table", &arguments);
    }
    for bucket in BUCKETS {
        super::call(place, "s3_create_bucket", &serde_json::json!({ "bucket": bucket }));
    }
    runtime.block_on(write(&clients, "a", 0));
    let (done, said) = ended(footbridge(place, 0, &["snapshot", "kept"]));
    assert!(done, "{said}");
    runtime.block_on(write(&clients, "b", 1));
    serve.kill();
    let mut amid = 0;
    // The server is killed once this many tables or buckets are as the snapshot has them.
    for round in 0..TABLES.len() + BUCKETS.len() {
        let serve = Serve::start(place, 0);
        let clients = http_clients(&serve.url);
        if round > 0 {
            runtime.block_on(write(&clients, "b", 1));
        }
        let mut restore = footbridge(place, 0, &["restore", "kept", "--yes", "--no-snapshot"]).spawn().unwrap();
        let watched = [&TABLES[..], &BUCKETS].concat()[round];
        runtime.block_on(async {
            let deadline = tokio::time::Instant::now() + super::DEADLINE;
            let once = || async {
                if watched.starts_with("table") {
                    let key = AttributeValue::S("0000".to_owned());
                    let got = clients.dynamodb.get_item().table_name(watched).key("pk", key).send().await.unwrap();
                    got.item.is_some_and(|item| item["word"].as_s().unwrap() == "a")
                } else {
                    let got = clients.s3.get_object().bucket(watched).key("0000").send().await.unwrap();
                    got.body.collect().await.unwrap().to_vec()[0] == b'a'
                }
            };
            while !once().await {
                assert!(tokio::time::Instant::now() < deadline, "{watched} was not restored");
            }
        });
        serve.kill();
        restore.wait().unwrap();
        let (code, report) = fsck(place, &[]);
        assert_eq!((code, &report["findings"]), (Some(0), &serde_json::json!([])), "round {round}: {report}");
        let serve = Serve::start(place, 0);
        let clients = http_clients(&serve.url);
        let mut states = Vec::new();
        for of in TABLES.iter().chain(&BUCKETS) {
            let (words, count) = runtime.block_on(state(&clients, of));
            let all = if of.starts_with("table") { ITEMS } else { OBJECTS };
            let new = words == ["a"] && count == all;
            let old = words == ["b"] && count == all + 1;
            assert!(old || new, "round {round}: {of} has {count} of {words:?}");
            states.push(new);
        }
        if states.contains(&false) && states.contains(&true) {
            amid += 1;
            let log = std::fs::read_dir(place.join("data")).unwrap().flatten();
            let logged = log.filter(|file| file.file_name().to_string_lossy().ends_with(".log"));
            let logged: String = logged.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect();
            assert!(logged.contains("restoring the snapshot kept broke off"), "round {round}: {logged}");
        }
        serve.kill();
    }
    assert!(amid > 0, "no kill hit a restore");
    assert_eq!(fsck(place, &[]).0, Some(0));
}

/// Runs a command that works on the data directory; what it answers with `--json`.
fn said(place: &std::path::Path, args: &[&str]) -> serde_json::Value {
    let output = footbridge(place, 0, &[&["--json"], args].concat()).output().unwrap();
    assert!(output.status.success(), "{args:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_commands_work_alone_and_through_the_owner_and_not_on_aws() {
    use serde_json::json;
    for attached in [false, true] {
        let temp = tempfile::tempdir().unwrap();
        let place = temp.path();
        let serve = attached.then(|| Serve::start(place, 0));
        super::call(place, "dynamodb_create_table", &json!({ "table": "orders", "keys": { "pk": "S" } }));
        super::call(place, "dynamodb_put_items", &json!({ "table": "orders", "items": [{ "pk": "a", "n": 1 }] }));
        let taken = said(place, &["snapshot", "kept"]);
        assert_eq!((&taken["name"], &taken["items"]), (&json!("kept"), &json!(1)));
        let text = |file: &str| {
            said(place, &["snapshot", "--only", "dynamodb://orders", "--text", "--to", file, "--force"]);
            std::fs::read_to_string(place.join(file)).unwrap()
        };
        let before = text("before.ndjson");
        super::call(
            place,
            "dynamodb_put_items",
            &json!({ "table": "orders", "items": [{ "pk": "a", "n": 2 }, { "pk": "b" }] }),
        );
        assert_ne!(text("after.ndjson"), before);
        let undone = said(place, &["undo"]);
        assert_eq!(undone["calls"], json!(["dynamodb_put_items"]));
        assert_eq!(text("undone.ndjson"), before);
        super::call(place, "dynamodb_delete_table", &json!({ "table": "orders", "confirm": true }));
        // A file that is there is replaced where that is meant.
        let (done, why) = ended(footbridge(place, 0, &["snapshot", "--to", "before.ndjson"]));
        assert!(!done && why.contains("before.ndjson already") && why.contains("--force"), "{why}");
        assert_eq!(std::fs::read_to_string(place.join("before.ndjson")).unwrap(), before);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |file: &str| std::fs::metadata(place.join(file)).unwrap().permissions().mode();
            std::fs::write(place.join("plain"), "").unwrap();
            assert_eq!(mode("before.ndjson"), mode("plain"), "it is for giving away");
            std::fs::remove_file(place.join("plain")).unwrap();
        }
        let listed = said(place, &["snapshot", "list"]);
        assert_eq!(listed.as_array().unwrap().len(), 2, "{listed}");
        // Nobody is there who could say yes.
        let (done, why) = ended(footbridge(place, 0, &["restore", "kept"]));
        assert!(!done && why.contains("--yes"), "{why}");
        let restored = said(place, &["restore", "before.ndjson", "--yes"]);
        assert_eq!((&restored["tables"], &restored["items"]), (&json!(1), &json!(1)));
        assert_eq!(text("restored.ndjson"), before);
        assert_eq!(said(place, &["snapshot", "delete", "kept"]), json!(null));
        let (done, why) = ended(footbridge(place, 0, &["restore", "kept", "--yes"]));
        assert!(!done && why.contains("there is no snapshot"), "{why}");
        for command in [&["snapshot"][..], &["restore", "x", "--yes"], &["undo"]] {
            let (done, why) = ended(footbridge(place, 0, &[&["--backend", "aws"], command].concat()));
            assert!(!done && why.contains("local backend"), "{why}");
        }
        if let Some(serve) = serve {
            serve.kill();
        }
        let (code, report) = fsck(place, &[]);
        assert_eq!((code, &report["findings"]), (Some(0), &json!([])), "{report}");
        // A snapshot that is damaged is named.
        let auto = listed[1]["path"].as_str().unwrap();
        let mut bytes = std::fs::read(auto).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(auto, bytes).unwrap();
        assert_eq!(fsck(place, &[]).1["findings"][0]["kind"], json!("damaged_snapshot"));
    }
}

#[test]
fn what_was_written_before_a_kill_is_taken_back_after_the_next_start() {
    use serde_json::json;
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path();
    let mut server = Some(Serve::start(place, 0));
    let state = || {
        said(place, &["snapshot", "--text", "--to", "state.ndjson", "--force"]);
        std::fs::read_to_string(place.join("state.ndjson")).unwrap()
    };
    let items: Vec<_> = (0..30).map(|n| json!({ "pk": n.to_string(), "n": n })).collect();
    let calls = [
        ("dynamodb_create_table", json!({ "table": "orders", "keys": { "pk": "S" } })),
        ("dynamodb_put_items", json!({ "table": "orders", "items": items })),
        ("s3_create_bucket", json!({ "bucket": "media" })),
        ("s3_put_object", json!({ "bucket": "media", "key": "a/large", "text": "x".repeat(90_000) })),
        ("s3_put_object", json!({ "bucket": "media", "key": "a/small", "text": "y" })),
        ("s3_copy_prefix", json!({ "from": "s3://media/a/", "to": "s3://media/b/" })),
        (
            "dynamodb_transact_write",
            json!({ "operations": [
            { "table": "orders", "put": { "pk": "new" } }, { "table": "orders", "delete": { "pk": "1" } },
        ] }),
        ),
        (
            "dynamodb_update_by_query",
            json!({ "table": "orders", "update": "SET n = :m", "filter": "n > :n",
            "values": { ":n": 5, ":m": -1 }, "confirm": true }),
        ),
        ("dynamodb_delete_table", json!({ "table": "orders", "confirm": true })),
        ("s3_delete_bucket", json!({ "bucket": "media", "force": true, "confirm": true })),
    ];
    let mut states = Vec::new();
    for (tool, arguments) in &calls {
        states.push(state());
        super::call(place, tool, arguments);
    }
    while let Some(then) = states.pop() {
        // By a new server, and by the command itself.
        match server.take() {
            Some(server) => server.kill(),
            None => server = Some(Serve::start(place, 0)),
        }
        let undone = said(place, &["undo"]);
        assert_eq!(undone["calls"], json!([calls[states.len()].0]));
        assert_eq!(state(), then, "{}", calls[states.len()].0);
    }
    if let Some(server) = server {
        server.kill();
    }
    let (code, report) = fsck(place, &[]);
    assert_eq!((code, &report["findings"]), (Some(0), &json!([])), "{report}");
}
