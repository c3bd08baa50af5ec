//! The one door: arguments, permission, record, limits.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use footbridge::clock::{RandomIds, SystemClock};
use footbridge::journal::{Limits, Recorder};
use footbridge::mcp::{
    Authorizer, BoxError, Bridge, Caller, Decision, Effect, Mode, Options, Policy, Target, TargetKind,
};
use serde_json::{Value, json};

use crate::support::{Here, caller, err, ok, table};

fn recorder() -> Recorder {
    Recorder::temporary(Limits::default(), Arc::new(SystemClock), Arc::new(RandomIds)).unwrap()
}

/// The emulator in the role of AWS.
fn on_aws(here: &Here, mode: Mode) -> Options {
    Options {
        target: Target { kind: TargetKind::Aws, ..Target::local("eu-west-1") },
        mode,
        authorizer: Arc::new(Policy::new(mode)),
        recorder: Some(recorder()),
        ..here.options()
    }
}

/// All lines of a journal.
pub(crate) fn journal(recorder: &Recorder) -> Vec<Value> {
    assert!(recorder.flush(Duration::from_secs(10)));
    on_file(recorder.dir())
}

/// The lines that are on file just now.
fn on_file(dir: &Path) -> Vec<Value> {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let texts = files.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap());
    texts.flat_map(|text| text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect::<Vec<_>>()).collect()
}

#[tokio::test]
async fn an_unknown_parameter_is_refused_with_those_there_are() {
    let bridge = Here::new().await.bridge();
    let error = err(&bridge, "s3_list_buckets", json!({ "perfix": "a" })).await;
    assert_eq!(error.code, "invalid_arguments");
    assert!(error.message.contains("unknown field `perfix`, expected one of `prefix`, `limit`, `cursor`"), "{error}");
    let error = err(&bridge, "s3_list_buckets", json!({ "limit": "many" })).await;
    assert!(error.message.starts_with("limit: "), "{error}");
    let error = err(&bridge, "dynamodb_scan", json!({})).await;
    assert!(error.message.contains("missing field `table`"), "{error}");
    let error = err(&bridge, "s3_fly", json!({})).await;
    assert!(error.code == "unknown_tool" && error.to_string().contains("s3_get_object"), "{error}");
}

#[tokio::test]
async fn null_counts_as_absent() {
    ok(&Here::new().await.bridge(), "s3_list_buckets", json!({ "prefix": null, "limit": null })).await;
}

#[tokio::test]
async fn what_destroys_is_refused_until_confirmed_and_says_what_would_go() {
    let bridge = Here::new().await.bridge();
    table(&bridge).await;
    let items: Vec<_> = (0..3).map(|i| json!({ "pk": "a", "sk": i.to_string() })).collect();
    ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": items })).await;
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    for key in ["a/1", "a/2", "b"] {
        ok(&bridge, "s3_put_object", json!({ "bucket": "bucket", "key": key, "text": "x" })).await;
    }
    let refused = [
        ("dynamodb_delete_table", json!({ "table": "things" }), "table things with about"),
        ("dynamodb_delete_items", json!({ "table": "things", "keys": items }), "3 items of table things"),
        ("s3_delete_objects", json!({ "bucket": "bucket", "prefix": "a/" }), "2 objects under s3://bucket/a/"),
        ("s3_delete_objects", json!({ "bucket": "bucket", "keys": ["a/1", "b"] }), "2 objects in s3://bucket"),
        ("s3_delete_bucket", json!({ "bucket": "bucket", "force": true }), "bucket bucket with 3 objects"),
    ];
    for (tool, arguments, loss) in refused {
        let error = err(&bridge, tool, arguments).await;
        assert_eq!(error.code, "confirm_required", "{tool}");
        assert!(error.message.contains(loss), "{error}");
        assert!(error.is_refusal() && error.to_string().contains("confirm: true"), "{error}");
    }
    assert_eq!(ok(&bridge, "dynamodb_scan", json!({ "table": "things", "count": true })).await["count"], 3);
    assert_eq!(
        ok(&bridge, "s3_list_objects", json!({ "bucket": "bucket" })).await["objects"].as_array().unwrap().len(),
        3
    );

    // A single deletion needs no word, a dry run neither; the rest go with it.
    ok(&bridge, "s3_delete_objects", json!({ "bucket": "bucket", "keys": ["b"] })).await;
    let dry = json!({ "bucket": "bucket", "prefix": "", "dry_run": true });
    assert_eq!(ok(&bridge, "s3_delete_objects", dry).await["keys"], json!(["a/1", "a/2"]));
    ok(&bridge, "dynamodb_delete_items", json!({ "table": "things", "keys": items, "confirm": true })).await;
    ok(&bridge, "dynamodb_delete_table", json!({ "table": "things", "confirm": true })).await;
    let force = json!({ "bucket": "bucket", "force": true, "confirm": true });
    assert_eq!(ok(&bridge, "s3_delete_bucket", force).await["objects_deleted"], 2);
    assert_eq!(ok(&bridge, "s3_list_buckets", json!({})).await["buckets"], json!([]));
}

#[tokio::test]
async fn on_aws_ask_lets_readers_in_and_sends_writers_to_a_person() {
    let here = Here::new().await;
    table(&here.bridge()).await;
    let bridge = Bridge::new(on_aws(&here, Mode::Ask));
    ok(&bridge, "dynamodb_scan", json!({ "table": "things" })).await;
    ok(&bridge, "s3_list_buckets", json!({})).await;
    let item = json!({ "pk": "a", "sk": "b" });
    for (tool, arguments) in [
        ("dynamodb_put_items", json!({ "table": "things", "items": [item] })),
        ("dynamodb_delete_table", json!({ "table": "things", "confirm": true })),
        ("s3_create_bucket", json!({ "bucket": "bucket" })),
        ("s3_presign_url", json!({ "bucket": "bucket", "key": "k", "method": "put" })),
    ] {
        let error = err(&bridge, tool, arguments).await;
        assert_eq!(error.code, "needs_a_person", "{tool}");
        assert!(error.message.ends_with("and this server has no way to ask one"), "{error}");
    }
    assert_eq!(ok(&bridge, "dynamodb_scan", json!({ "table": "things" })).await["count"], 0);
    // A person has restarted with read-write.
    let bridge = Bridge::new(on_aws(&here, Mode::ReadWrite));
    ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": [item] })).await;
}

#[tokio::test]
async fn read_only_refuses_writes_on_the_local_backend_too() {
    let here = Here::new().await;
    let authorizer = Arc::new(Policy::new(Mode::ReadOnly));
    let bridge = Bridge::new(Options { mode: Mode::ReadOnly, authorizer, ..here.options() });
    assert_eq!(err(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await.code, "not_allowed");
    ok(&bridge, "s3_list_buckets", json!({})).await;
}

/// Answers as it is told to.
struct Told(fn() -> Result<Decision, BoxError>);

#[async_trait]
impl Authorizer for Told {
    async fn check(&self, _: &Caller, _: &str, _: &Target, _: &[String], _: Effect) -> Result<Decision, BoxError> {
        (self.0)()
    }
}

#[tokio::test]
async fn an_authorizer_that_fails_denies() {
    let here = Here::new().await;
    let with = |told| Bridge::new(Options { authorizer: Arc::new(Told(told)), ..here.options() });
    for told in [|| Err("the list is unreadable".into()), || Ok(Decision::Deny("no".into())), || panic!("on purpose")] {
        assert_eq!(err(&with(told), "s3_list_buckets", json!({})).await.code, "not_allowed");
    }
    ok(&with(|| Ok(Decision::Allow)), "s3_list_buckets", json!({})).await;
}

#[tokio::test]
async fn on_aws_nothing_runs_without_its_record_and_locally_it_does() {
    let here = Here::new().await;
    let place = tempfile::tempdir().unwrap();
    let blocked = place.path().join("a-file");
    std::fs::write(&blocked, "").unwrap();
    let blocked =
        || Recorder::in_dir(blocked.join("journal"), Limits::default(), Arc::new(SystemClock), Arc::new(RandomIds));
    let options = on_aws(&here, Mode::ReadWrite);
    for recorder in [Some(blocked().unwrap()), None] {
        let bridge = Bridge::new(Options { recorder, ..options.clone() });
        assert_eq!(err(&bridge, "s3_list_buckets", json!({})).await.code, "audit_failed");
    }
    let bridge = Bridge::new(Options { recorder: Some(blocked().unwrap()), ..here.options() });
    ok(&bridge, "s3_list_buckets", json!({})).await;
}

#[tokio::test]
async fn a_call_to_aws_is_on_file_before_it_is_sent() {
    /// A far side that looks what the journal has when it is called.
    #[derive(Debug, Clone)]
    struct Looks {
        journal: PathBuf,
        seen: Arc<Mutex<Vec<Value>>>,
    }
    impl HttpConnector for Looks {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            self.seen.lock().unwrap().extend(on_file(&self.journal));
            HttpConnectorFuture::new(std::future::pending())
        }
    }
    let here = Here::new().await;
    let options = on_aws(&here, Mode::ReadWrite);
    let journal = options.recorder.as_ref().unwrap().dir().to_owned();
    let looks = Looks { journal, seen: Arc::default() };
    let client = http_client_fn({
        let looks = looks.clone();
        move |_, _| SharedHttpConnector::new(looks.clone())
    });
    let s3 = here.options().s3.config().to_builder().http_client(client).build();
    let time_limit = Duration::from_millis(200);
    let bridge = Bridge::new(Options { time_limit, s3: aws_sdk_s3::Client::from_conf(s3), ..options });
    assert_eq!(err(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await.code, "timed_out");
    let seen = looks.seen.lock().unwrap();
    assert!(seen.iter().any(|line| line["event"] == "started" && line["tool"] == "s3_create_bucket"), "{seen:?}");
}

#[tokio::test]
async fn the_journal_has_each_call_with_the_aws_calls_it_made() {
    let here = Here::new().await;
    let recorder = recorder();
    let bridge = Bridge::new(Options {
        recorder: Some(recorder.clone()),
        default_table: Some("things".into()),
        ..here.options()
    });
    table(&bridge).await;
    ok(&bridge, "dynamodb_put_items", json!({ "items": [{ "pk": "a", "sk": "b" }] })).await;
    err(&bridge, "s3_get_object", json!({ "bucket": "none", "key": "k" })).await;
    let lines = journal(&recorder);
    let started = lines.iter().find(|line| line["event"] == "started" && line["tool"] == "dynamodb_put_items").unwrap();
    assert_eq!(started["who"], json!({ "kind": "mcp", "client": "test 1" }));
    // The default that was used is named.
    assert_eq!(
        (&started["resources"], &started["parameters"]["table"]),
        (&json!(["dynamodb://things"]), &json!("things"))
    );
    let end =
        |start: &Value| lines.iter().find(|line| line["event"] == "finished" && line["id"] == start["id"]).unwrap();
    let finished = end(started);
    assert_eq!(finished["outcome"]["status"], "ok");
    let call = &finished["aws_calls"][0];
    assert_eq!((&call["service"], &call["operation"]), (&json!("dynamodb"), &json!("PutItem")));
    assert_eq!((&call["status"], &call["attempts"]), (&json!(200), &json!(1)));
    assert!(call["request_id"].is_string());
    let failed = end(lines.iter().find(|line| line["tool"] == "s3_get_object").unwrap());
    assert_eq!(failed["outcome"]["code"], "NoSuchBucket");
    assert_eq!(failed["aws_calls"][0]["error"], "NoSuchBucket");
}

#[tokio::test]
async fn presigning_is_no_aws_call() {
    let here = Here::new().await;
    let recorder = recorder();
    let endpoint = Arc::new(|| Some("http://127.0.0.1:1".to_owned()));
    let bridge = Bridge::new(Options { recorder: Some(recorder.clone()), endpoint, ..here.options() });
    ok(&bridge, "s3_presign_url", json!({ "bucket": "bucket", "key": "k", "method": "put" })).await;
    let finished = journal(&recorder).into_iter().find(|line| line["event"] == "finished").unwrap();
    assert_eq!(finished["outcome"]["status"], "ok");
    assert!(finished.get("aws_calls").is_none_or(|calls| calls == &json!([])), "{finished}");
}

#[tokio::test]
async fn a_cancelled_call_ends_and_is_recorded_as_abandoned() {
    struct Never;
    #[async_trait]
    impl Authorizer for Never {
        async fn check(&self, _: &Caller, _: &str, _: &Target, _: &[String], _: Effect) -> Result<Decision, BoxError> {
            std::future::pending().await
        }
    }
    let here = Here::new().await;
    let recorder = recorder();
    let bridge =
        Bridge::new(Options { recorder: Some(recorder.clone()), authorizer: Arc::new(Never), ..here.options() });
    {
        let caller = caller();
        let call = bridge.call(&caller, "s3_list_buckets", serde_json::Map::default());
        assert!(futures::poll!(std::pin::pin!(call)).is_pending());
    }
    let last = journal(&recorder).pop().unwrap();
    assert_eq!(last["outcome"]["status"], "abandoned");
}

#[tokio::test]
async fn a_call_that_takes_too_long_ends_with_an_error() {
    /// A far side that never answers.
    #[derive(Debug)]
    struct Silent;
    impl HttpConnector for Silent {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            HttpConnectorFuture::new(std::future::pending())
        }
    }
    let here = Here::new().await;
    let silent = http_client_fn(|_, _| SharedHttpConnector::new(Silent));
    let s3 = here.options().s3.config().to_builder().http_client(silent).build();
    let time_limit = Duration::from_millis(10);
    let bridge = Bridge::new(Options { time_limit, s3: aws_sdk_s3::Client::from_conf(s3), ..here.options() });
    let error = err(&bridge, "s3_list_buckets", json!({})).await;
    assert!(error.code == "timed_out" && error.retryable, "{error}");
    let error = err(&bridge, "s3_create_bucket", json!({ "bucket": "bucket" })).await;
    assert!(!error.retryable && error.message.contains("may have changed something"), "{error}");
}

#[tokio::test]
async fn defaults_fill_object_and_item_tools_and_never_create_or_delete() {
    let here = Here::new().await;
    let bridge = Bridge::new(Options {
        default_bucket: Some("media".into()),
        default_table: Some("things".into()),
        ..here.options()
    });
    table(&bridge).await;
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "media" })).await;
    assert_eq!(ok(&bridge, "s3_put_object", json!({ "key": "k", "text": "x" })).await["bucket"], "media");
    assert_eq!(ok(&bridge, "dynamodb_scan", json!({})).await["table"], "things");
    for tool in ["s3_create_bucket", "s3_delete_bucket", "dynamodb_create_table", "dynamodb_delete_table"] {
        let error = err(&bridge, tool, json!({ "confirm": true, "keys": { "pk": "S" } })).await;
        assert_eq!(error.code, "invalid_arguments", "{tool}");
    }
}

#[tokio::test]
async fn a_table_of_another_region_is_found_for_the_hint() {
    let here = Here::new().await;
    let there =
        here.options().dynamodb.config().to_builder().region(aws_sdk_dynamodb::config::Region::new("eu-west-1"));
    let there = aws_sdk_dynamodb::Client::from_conf(there.build());
    table(&Bridge::new(Options { dynamodb: there, ..here.options() })).await;
    let error = err(&here.bridge(), "dynamodb_scan", json!({ "table": "things" })).await;
    assert_eq!(error.code, "ResourceNotFoundException");
    assert!(error.hint.unwrap().contains(r#""things" exists in eu-west-1"#));
}
