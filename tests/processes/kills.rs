//! A server is killed amid writes of every kind, and a check of what it left finds nothing wrong.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use footbridge::backend::Clients;
use serde_json::{Value, json};

use super::{Serve, footbridge};
use crate::common::http_clients;

/// How many kills, unless `FOOTBRIDGE_KILLS` says another number.
const ROUNDS: usize = 20;
/// How many writers of each kind; each goes round this many keys, so that it overwrites and deletes too.
const KEYS: usize = 6;
const WRITERS: usize = 2;
const LARGE: usize = 150_000;
const PART: usize = 5 << 20;

/// The bodies that were acknowledged last, by key; a key that is being written has none.
type Kept = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// Checks the directory with the real program, and gives what it says.
pub fn fsck(place: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let output = footbridge(place, 0, &[&["--json", "fsck"], arguments].concat()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// What a writer works with. Each ends when a write fails.
#[derive(Clone)]
struct Work {
    clients: Clients,
    writer: usize,
    kept: Kept,
    done: Arc<AtomicUsize>,
}

impl Work {
    /// Puts, overwrites, deletes and copies objects of about this size.
    async fn objects(self, size: usize) -> Option<()> {
        for n in 0.. {
            let key = format!("{}-{size}-{}", self.writer, n % KEYS);
            let body = vec![u8::try_from(n % 251).unwrap(); size + n];
            self.kept.lock().unwrap().remove(&key);
            let put = self.clients.s3.put_object().bucket("bucket").key(&key).body(ByteStream::from(body.clone()));
            put.send().await.ok()?;
            let copy = format!("{key}-copy");
            self.kept.lock().unwrap().insert(key.clone(), body.clone());
            self.kept.lock().unwrap().remove(&copy);
            if n % 3 == 0 {
                self.clients.s3.delete_object().bucket("bucket").key(&copy).send().await.ok()?;
            } else {
                let copied = self.clients.s3.copy_object().bucket("bucket").key(&copy);
                copied.copy_source(format!("bucket/{key}")).send().await.ok()?;
                self.kept.lock().unwrap().insert(copy, body);
            }
            self.done.fetch_add(1, Ordering::Relaxed);
        }
        None
    }

    /// Uploads objects in two parts, and leaves every other upload open.
    async fn parts(self) -> Option<()> {
        for n in 0.. {
            let key = format!("{}-parts-{}", self.writer, n % KEYS);
            let begun = self.clients.s3.create_multipart_upload().bucket("bucket").key(&key).send().await.ok()?;
            let upload = begun.upload_id()?;
            let mut whole = Vec::new();
            let mut completed = CompletedMultipartUpload::builder();
            for (number, size) in [(1, PART), (2, 9)] {
                let body = vec![u8::try_from(n % 251).unwrap(); size];
                whole.extend_from_slice(&body);
                let part = self.clients.s3.upload_part().bucket("bucket").key(&key).upload_id(upload);
                let sent = part.part_number(number).body(ByteStream::from(body)).send().await.ok()?;
                let part = CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag).build();
                completed = completed.parts(part);
            }
            if n % 2 == 0 {
                self.kept.lock().unwrap().remove(&key);
                let complete = self.clients.s3.complete_multipart_upload().bucket("bucket").key(&key);
                complete.upload_id(upload).multipart_upload(completed.build()).send().await.ok()?;
                self.kept.lock().unwrap().insert(key, whole);
            }
            self.done.fetch_add(1, Ordering::Relaxed);
        }
        None
    }

    /// Puts and deletes items of a table with an index.
    async fn items(self) -> Option<()> {
        for n in 0.. {
            let key = AttributeValue::S(format!("{}-{}", self.writer, n % KEYS));
            if n % 4 == 3 {
                self.clients.dynamodb.delete_item().table_name("users").key("pk", key).send().await.ok()?;
            } else {
                let put = self.clients.dynamodb.put_item().table_name("users").item("pk", key);
                let put = put.item("email", AttributeValue::S(format!("{n}@example.com")));
                put.item("text", AttributeValue::S("t".repeat(n % 700))).send().await.ok()?;
            }
            self.done.fetch_add(1, Ordering::Relaxed);
        }
        None
    }
}

fn make(place: &Path) {
    let indexes = json!({"by-email": {"keys": {"email": "S"}}});
    super::call(place, "dynamodb_create_table", &json!({"table": "users", "keys": {"pk": "S"}, "indexes": indexes}));
    super::call(place, "s3_create_bucket", &json!({"bucket": "bucket"}));
}

#[test]
fn a_check_after_each_kill_finds_nothing_wrong() {
    let rounds = std::env::var("FOOTBRIDGE_KILLS").map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path();
    make(place);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let kept = Kept::default();
    let (mut orphans, mut riders) = (0, 0);
    for round in 0..rounds {
        let serve = Serve::start(place, 0);
        let clients = once(&http_clients(&serve.url));
        let done: Arc<AtomicUsize> = Arc::default();
        let writers: Vec<_> = (0..WRITERS)
            .flat_map(|writer| {
                let work = Work { clients: clients.clone(), writer, kept: Arc::clone(&kept), done: Arc::clone(&done) };
                [
                    runtime.spawn(work.clone().objects(10)),
                    runtime.spawn(work.clone().objects(LARGE)),
                    runtime.spawn(work.clone().parts()),
                    runtime.spawn(work.items()),
                ]
            })
            .collect();
        // Killed at another moment each time: after so many writes, whatever is under way then.
        super::until("enough is written", || done.load(Ordering::Relaxed) > 4 + (round * 7) % 23);
        std::thread::park_timeout(Duration::from_micros(u64::try_from(round * 613 % 4000).unwrap()));
        serve.kill();
        for writer in writers {
            runtime.block_on(writer).unwrap();
        }
        let (code, report) = fsck(place, &[]);
        assert_eq!((code, &report["findings"]), (Some(0), &json!([])), "round {round}: {report}");
        assert_eq!(report["quarantine"], json!([]), "round {round}");
        let left = report["waiting"]["orphans"].as_array().unwrap();
        // All that a kill leaves is known for that.
        assert!(left.iter().all(|orphan| orphan["leftover"] == true), "round {round}: {report}");
        orphans += left.len();
        riders += report["waiting"]["riders"].as_u64().unwrap();
    }
    let serve = Serve::start(place, 0);
    let clients = http_clients(&serve.url);
    let kept = kept.lock().unwrap();
    for (key, body) in kept.iter() {
        let got = runtime.block_on(async {
            let got = clients.s3.get_object().bucket("bucket").key(key).send().await.unwrap();
            got.body.collect().await.unwrap().to_vec()
        });
        assert_eq!(&got, body, "{key} was acknowledged");
    }
    eprintln!("{rounds} kills: {} objects read, {orphans} orphans and {riders} riders were on their way", kept.len());
}

/// Clients that do not try again: the server does not come back under their feet.
fn once(clients: &Clients) -> Clients {
    let never = aws_sdk_dynamodb::config::retry::RetryConfig::disabled();
    Clients {
        s3: aws_sdk_s3::Client::from_conf(clients.s3.config().to_builder().retry_config(never.clone()).build()),
        dynamodb: aws_sdk_dynamodb::Client::from_conf(
            clients.dynamodb.config().to_builder().retry_config(never).build(),
        ),
        ..clients.clone()
    }
}

#[test]
fn a_directory_that_somebody_has_open_is_not_checked_and_its_holder_is_named() {
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path();
    let missing = footbridge(place, 0, &["fsck"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(!place.join("data").exists(), "nothing is made only to be looked at");
    let serve = Serve::start(place, 0);
    let refused = footbridge(place, 0, &["fsck", "--repair"]).stderr(std::process::Stdio::piped()).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(4), "{said}");
    if cfg!(target_os = "linux") {
        assert!(said.contains(&format!("process {}", serve.process.pid())), "{said}");
    }
    serve.kill();
    assert_eq!(fsck(place, &[]).0, Some(0));
}

#[test]
fn a_check_says_what_is_wrong_in_words_and_by_its_exit_code() {
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path();
    make(place);
    super::call(place, "s3_put_object", &json!({"bucket": "bucket", "key": "k", "text": "x".repeat(70_000)}));
    let blob = std::fs::read_dir(place.join("data/blobs")).unwrap().map(|entry| entry.unwrap().path());
    let blob = { blob }.find(|path| path.metadata().unwrap().len() == 70_000).unwrap();
    std::fs::write(&blob, "y".repeat(70_000)).unwrap();
    let (code, report) = fsck(place, &[]);
    assert_eq!((code, &report["findings"][0]["kind"]), (Some(1), &json!("damaged_body")));
    assert_eq!(report["findings"][0]["objects"], json!([{"bucket": "bucket", "key": "k", "version": "null"}]));
    let shown = footbridge(place, 0, &["fsck"]).output().unwrap();
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(text.contains("lost: a body of 70000 bytes is damaged") && text.contains("    s3://bucket/k\n"), "{text}");
    // The database is gone: what is there is told, and nothing is made.
    std::fs::rename(place.join("data/footbridge.redb"), place.join("data/kept.redb")).unwrap();
    let shown = footbridge(place, 0, &["fsck", "--repair"]).output().unwrap();
    let text = String::from_utf8(shown.stdout).unwrap();
    assert_eq!(shown.status.code(), Some(1));
    assert!(text.contains("has no database") && text.contains("1 bodies") && text.contains("kept.redb"), "{text}");
    assert!(!place.join("data/footbridge.redb").exists() && blob.exists());
}
