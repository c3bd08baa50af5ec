//! The journal as its readers see it: lines on disk, merged and followed.

// Clippy knows tests by their attribute, which helpers do not have.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod asked;
mod handing_over;
mod places;
mod sdk;
mod secrets;
mod turns;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use footbridge::clock::{CountingIds, ManualClock};
use footbridge::emulator::access::Access;
use footbridge::emulator::auth::Signed;
use footbridge::emulator::call::Asked;
use footbridge::emulator::heard::Heard;
use footbridge::emulator::observer::{CallEnd, CallStart, Observer};
use footbridge::journal::{
    AwsCall, Call, EndpointObserver, Entry, Event, Finish, Join, Limits, Outcome, Reader, Recorder, Start, Status,
    Subject, Target, Who,
};
use serde_json::{Value, json};
use uuid::Uuid;

const NOON: u64 = 1_790_000_000_000;

struct Bench {
    clock: ManualClock,
    dir: tempfile::TempDir,
    recorder: Recorder,
}

impl Bench {
    fn new() -> Self {
        Self::limited(Limits::default())
    }

    fn limited(limits: Limits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = ManualClock::at_millis(NOON);
        let recorder = recorder(dir.path(), &clock, limits);
        Self { clock, dir, recorder }
    }

    fn journal(&self) -> PathBuf {
        self.dir.path().join("journal")
    }

    fn files(&self) -> Vec<PathBuf> {
        self.recorder.settle();
        let mut files: Vec<_> = fs::read_dir(self.journal()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    fn text(&self) -> String {
        self.files().iter().map(|path| fs::read_to_string(path).unwrap()).collect()
    }

    fn calls(&self) -> Vec<Call> {
        self.recorder.settle();
        let mut reader = Reader::open(self.journal()).unwrap();
        let mut join = Join::default();
        rest(&mut reader).into_iter().filter_map(|entry| join.push(entry)).collect()
    }
}

fn recorder(dir: &Path, clock: &ManualClock, limits: Limits) -> Recorder {
    Recorder::in_dir(dir.join("journal"), limits, Arc::new(clock.clone()), Arc::new(CountingIds::default())).unwrap()
}

fn local() -> Target {
    Target::Local { account: Some("000000000000".into()), region: Some("us-east-1".into()) }
}

fn aws() -> Target {
    Target::Aws { account: Some("123456789012".into()), region: Some("eu-west-1".into()) }
}

fn put(target: Target, parameters: &Value) -> Start {
    Start {
        who: Who::Mcp { client: Some("claude-code 2.1".into()) },
        target,
        target_name: None,
        subject: Subject::Tool { tool: "s3_put_object".into() },
        resources: vec!["s3://photos/a.txt".into()],
        access: Access::new(),
        parameters: parameters.clone(),
        bytes_in: Some(5),
    }
}

fn ok(response: &Value) -> Finish {
    let aws_calls = vec![AwsCall {
        service: "s3".into(),
        operation: "PutObject".into(),
        status: Some(200),
        error: None,
        ms: 0.75,
        request_id: Some("4442587FB7D0A2F9".into()),
        attempts: 1,
        access: Access::from([("s3:PutObject".into(), ["s3://photos/a.txt".into()].into())]),
    }];
    Finish { outcome: Outcome::Ok, aws_calls, aws_calls_left_out: 0, bytes_out: Some(17), response: response.clone() }
}

fn rest(reader: &mut Reader) -> Vec<Entry> {
    std::iter::from_fn(|| reader.next().unwrap()).collect()
}

#[test]
fn a_call_is_a_started_and_a_finished_line() {
    let bench = Bench::new();
    let parameters = json!({"bucket": "photos", "key": "a.txt", "text": "hello"});
    let call = bench.recorder.start(put(local(), &parameters));
    bench.clock.advance(Duration::from_millis(12));
    call.finish(ok(&json!({"etag": "5d41402abc4b2a76b9719d911017c592"})));
    let text = bench.text();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let id = "00000000-0000-0000-0000-000000000001";
    assert_eq!(
        lines,
        [
            json!({
                "v": 2, "event": "started", "id": id, "at": NOON, "time": "2026-09-21T14:13:20.000Z",
                "pid": std::process::id(), "who": {"kind": "mcp", "client": "claude-code 2.1"},
                "target": {"kind": "local", "account": "000000000000", "region": "us-east-1"},
                "tool": "s3_put_object", "resources": ["s3://photos/a.txt"], "parameters": parameters, "bytes_in": 5,
            }),
            json!({
                "v": 2, "event": "finished", "id": id, "at": NOON + 12, "time": "2026-09-21T14:13:20.012Z",
                "outcome": {"status": "ok"}, "ms": 12.0, "bytes_out": 17,
                "aws_calls": [{"service": "s3", "operation": "PutObject", "status": 200, "ms": 0.75,
                               "request_id": "4442587FB7D0A2F9", "attempts": 1,
                               "access": {"s3:PutObject": ["s3://photos/a.txt"]}}],
                "response": {"etag": "5d41402abc4b2a76b9719d911017c592"},
            }),
        ]
    );
}

#[test]
fn every_line_is_as_the_schema_says() {
    let bench = Bench::new();
    let custom = Target::Custom { url: "https://minio.test".into(), region: None };
    for target in [local(), aws(), custom, Target::Aws { account: None, region: None }] {
        bench.recorder.start(put(target, &json!({"text": "x"}))).finish(ok(&Value::Null));
    }
    let outcomes = [
        Outcome::Error { code: "NoSuchBucket".into(), message: "The specified bucket does not exist".into() },
        Outcome::Refused { reason: "mode is read-only".into() },
    ];
    for outcome in outcomes {
        let start = Start {
            who: Who::Cli { command: "call".into() },
            resources: Vec::new(),
            bytes_in: None,
            ..put(local(), &Value::Null)
        };
        let finish =
            Finish { outcome, aws_calls: Vec::new(), aws_calls_left_out: 0, bytes_out: None, response: Value::Null };
        bench.recorder.start(start).finish(finish);
    }
    drop(bench.recorder.start(put(local(), &Value::Null)));
    observe(&bench, 200, None);
    observe(&bench, 499, None);
    observe(&bench, 400, Some(("ResourceNotFoundException".into(), "Requested resource not found".into())));

    let schema: Value = serde_json::from_str(include_str!("../../fixtures/journal.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let text = bench.text();
    assert_eq!(text.lines().count(), 20);
    for line in text.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let faults: Vec<_> = validator.iter_errors(&record).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{line}: {faults:?}");
    }
    assert!(!validator.is_valid(&json!({"v": 1, "event": "started", "id": Uuid::nil(), "at": 1})));
}

fn observe(bench: &Bench, status: u16, error: Option<(String, String)>) {
    let observer = EndpointObserver::new(bench.recorder.clone());
    let call = Arc::new(CallStart {
        id: Uuid::from_u128(0x77 + u128::from(status)),
        at: UNIX_EPOCH + Duration::from_millis(NOON),
        asked: Asked::DynamoDb("GetItem"),
        admitted: true,
        signed: Signed::Header,
        account: "000000000000".into(),
        region: "eu-west-1".into(),
        user_agent: Some("Boto3/1.40 md/Botocore#1.40".into()),
        bytes_in: Some(44),
    });
    let body = json!({"TableName": "orders", "Key": {"pk": {"S": "a1"}}}).to_string();
    assert!(observer.started(&call, Heard::Whole(body.into())));
    let end = CallEnd { status, error, took: Duration::from_micros(1234), bytes_out: 2, ..CallEnd::default() };
    observer.finished(&call, end);
}

/// A request of DynamoDB at the endpoint, with this body.
fn observed(bench: &Bench, body: &str) {
    let observer = EndpointObserver::new(bench.recorder.clone());
    let call = Arc::new(CallStart {
        id: Uuid::from_u128(0x99),
        at: UNIX_EPOCH + Duration::from_millis(NOON),
        asked: Asked::DynamoDb("UpdateItem"),
        admitted: true,
        signed: Signed::Header,
        account: "000000000000".into(),
        region: "eu-west-1".into(),
        user_agent: None,
        bytes_in: None,
    });
    assert!(observer.started(&call, Heard::Whole(body.as_bytes().to_vec().into())));
    observer.finished(&call, CallEnd { status: 200, ..CallEnd::default() });
}

#[test]
fn what_other_clients_do_is_recorded_with_who_they_are() {
    let bench = Bench::new();
    observe(&bench, 400, Some(("ResourceNotFoundException".into(), "Requested resource not found".into())));
    let calls = bench.calls();
    let [call] = calls.as_slice() else { panic!("one call: {calls:?}") };
    assert_eq!(call.started.who, Who::Endpoint { user_agent: Some("Boto3/1.40 md/Botocore#1.40".into()) });
    assert_eq!(call.started.resources, ["dynamodb://orders"]);
    assert_eq!(call.started.parameters, json!({"TableName": "orders", "Key": {"pk": {"S": "a1"}}}));
    assert_eq!(call.started.subject, Subject::Operation { service: "dynamodb".into(), operation: "GetItem".into() });
    let end = call.finished.as_ref().unwrap();
    assert_eq!((call.status(), end.http_status, end.ms), (Status::Error, Some(400), 1.234));
}

#[test]
fn a_call_that_nobody_finishes_is_recorded_as_abandoned() {
    let bench = Bench::new();
    drop(bench.recorder.start(put(local(), &Value::Null)));
    assert_eq!(bench.calls()[0].status(), Status::Abandoned);
}

#[test]
fn no_secret_reaches_the_disk() {
    let secrets = [
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AKIAIOSFODNN7EXAMPLE",
        "IQoJb3JpZ2luX2VjEMv//////////wEaCXVzLWVhc3QtMSJGMEQCIA",
        "fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024",
        "correct horse",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "hunter2",
        "AbCdEf0123456789TokenValue",
        "FwoGZXIvYXdzEBYaDHVzLWVhc3QtMSJHMEUCIQ",
    ];
    let [key, id, session, signature, horse, jwt, pem, github, hunter, bearer, sts] = secrets;
    let url = format!(
        "https://b.s3.amazonaws.com/k?X-Amz-Credential={id}%2F20260921&X-Amz-Signature={signature}&X-Amz-Security-Token={session}"
    );
    let parameters = json!({
        "url": url,
        "text": format!("aws_secret_access_key = {key}\npassword: \"{horse}\"\n-----BEGIN PRIVATE KEY-----\n{pem}"),
        "headers": {"Authorization": format!("Bearer {bearer}"), "x-amz-security-token": session},
        "note": format!("Authorization: Bearer {bearer}, https://ada:{hunter}@host/ and {jwt}, {sts}"),
        "items": [{"pk": "user", "passwordHash": hunter, "pin": {"apiKey": [github, key]}}, key, github],
    });
    let bench = Bench::new();
    let start = Start {
        who: Who::Mcp { client: Some(format!("agent {id}")) },
        resources: vec![url.clone()],
        ..put(local(), &parameters)
    };
    let call = bench.recorder.start(start);
    let outcome = Outcome::Error { code: "SignatureDoesNotMatch".into(), message: format!("signed with {key}: {url}") };
    call.finish(Finish { outcome, ..ok(&json!({"url": url, "SecretAccessKey": horse})) });
    let custom = Target::Custom { url: format!("https://root:{hunter}@minio.test"), region: None };
    bench.recorder.start(put(custom, &parameters)).finish(ok(&parameters));

    let text = bench.text();
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(text.contains("https://b.s3.amazonaws.com/k?X-Amz-Credential=[redacted]"));
    assert!(bench.calls()[0].started.partial);
}

#[test]
fn the_values_of_an_expression_that_names_a_secret_are_not_recorded() {
    let hidden = [
        json!({"update": "SET password = :w", "values": {":w": "hunter2"}}),
        json!({"update": "SET age = :a, login.#p = if_not_exists(#p, :w)",
            "names": {"#p": "api_key"}, "values": {":w": "hunter2", ":a": 7}}),
        json!({"filter": ":w = pwd", "values": {":w": {"S": "hunter2"}}}),
        json!({"operations": [{"condition": "token IN (:w, :x)", "values": {":w": ["hunter2"], ":x": "hunter2"}}]}),
        json!({"UpdateExpression": "SET #s=:w", "ExpressionAttributeNames": {"#s": "clientSecret"},
            "ExpressionAttributeValues": {":w": {"M": {"S": {"S": "hunter2"}}}}}),
    ];
    for parameters in hidden {
        let bench = Bench::new();
        bench.recorder.start(put(local(), &parameters)).finish(ok(&Value::Null));
        assert!(!bench.text().contains("hunter2"), "{}", bench.text());
        assert!(bench.calls()[0].started.partial, "{parameters}");
    }
    let plain =
        json!({"update": "SET #n = :n", "names": {"#n": "name"}, "values": {":n": "Ada"}, "key": {"token": null}});
    let bench = Bench::new();
    bench.recorder.start(put(local(), &plain)).finish(ok(&Value::Null));
    assert_eq!((&bench.calls()[0].started.parameters, bench.calls()[0].started.partial), (&plain, false));
}

#[test]
fn tokens_that_services_mark_and_hooks_that_anybody_may_post_to_are_not_recorded() {
    let body = "a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0";
    for secret in [
        format!("AIza{}", &body[..35]),
        format!("sk_live_{}", &body[..24]),
        format!("npm_{}", &body[..36]),
        format!("https://hooks.slack.com/services/T0000/B0000/{}", &body[..24]),
        format!("https://discord.com/api/webhooks/1234567890/{body}"),
        format!("DefaultEndpointsProtocol=https;AccountKey={body}=="),
    ] {
        let parameters = json!({"text": format!("it is {secret}"), "metadata": {"note": secret}});
        let bench = Bench::new();
        let call = bench.recorder.start(put(local(), &parameters));
        let outcome = Outcome::Error { code: "X".into(), message: format!("not {secret}") };
        call.finish(Finish { outcome, ..ok(&Value::Null) });
        assert!(!bench.text().contains(&body[..24]), "{}", bench.text());
    }
}

#[test]
fn secrets_inside_a_text_are_found_in_whatever_form_it_has() {
    for text in [
        r#"{"body":"{\"password\":\"hunter2\"}"}"#,
        r#"{\\\"api_key\\\": \\\"hunter2\\\"}"#,
        "Cookie: sid=hunter2; theme=hunter2",
        "{\"headers\": {\"Set-Cookie\": \"sid=hunter2\"}}",
        "Authorization: Token hunter2",
        "Proxy-Authorization: Digest username=\u{1}, hunter2",
        "DB_PASS=hunter2",
        "MYSQL_PWD=hunter2 mysql",
        "Server=db;Pwd=hunter2;",
        "token = \"hunter2\"",
        "<db><password>hunter2</password></db>",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\nhunter2",
    ] {
        let parameters =
            json!({"text": text, "items": [{"tokens": ["hunter2"], "db_pass": "hunter2", "otp": "hunter2"}]});
        let bench = Bench::new();
        bench.recorder.start(put(local(), &parameters)).finish(ok(&Value::Null));
        assert!(!bench.text().contains("hunter2"), "{}", bench.text());
    }
}

#[test]
fn what_only_looks_secret_stays() {
    let parameters = json!({
        "etag": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "key": "photos/2026/september/holidays/index.htm",
        "token_count": 12,
        "bypass": "no",
        "text": "the pass: it is steep; cookies are sold there",
        "max_bytes": 100,
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    });
    let bench = Bench::new();
    bench.recorder.start(put(local(), &parameters)).finish(ok(&Value::Null));
    let call = &bench.calls()[0];
    assert_eq!((&call.started.parameters, call.started.partial), (&parameters, false));
}

#[test]
fn bodies_never_reach_the_disk_away_from_the_local_backend() {
    let parameters = json!({
        "bucket": "photos", "key": "a.txt", "text": "body-one",
        "items": [{"pk": "body-two", "count": 31_337}],
        "values": {":v": "body-three"},
    });
    for target in [aws(), Target::Custom { url: "http://localhost:9000".into(), region: None }] {
        let bench = Bench::new();
        bench.recorder.start(put(target, &parameters)).finish(ok(&json!({"preview": "body-four"})));
        let text = bench.text();
        assert!(!text.contains("body-") && !text.contains("31337"), "{text}");
        let recorded = &bench.calls()[0].started;
        assert!(recorded.partial);
        assert_eq!(
            recorded.parameters,
            json!({
                "bucket": "photos", "key": "a.txt", "text": "[8 bytes]",
                "items": [{"pk": "[8 bytes]", "count": "[number]"}],
                "values": {":v": "[10 bytes]"},
            })
        );
    }
}

#[test]
fn long_parameters_are_cut_and_marked() {
    let bench = Bench::limited(Limits { body_bytes: 2000, ..Limits::default() });
    let parameters = json!({
        "text": "é".repeat(100_000),
        "keys": (0..10_000).collect::<Vec<_>>(),
        "deep": (0..100).fold(json!(1), |inner, _| json!([inner])),
    });
    bench.recorder.start(put(local(), &parameters)).finish(ok(&parameters));
    let text = bench.text();
    assert!(text.lines().all(|line| line.len() < 12_000), "{}", text.len());
    let call = &bench.calls()[0];
    assert!(call.started.partial);
    let recorded = call.started.parameters["text"].as_str().unwrap();
    assert!(recorded.starts_with("ééé") && recorded.ends_with("é… [200000 bytes]"), "{recorded}");
    assert_eq!(call.started.parameters["keys"].as_array().unwrap().last().unwrap(), "[9900 more]");
}

#[test]
fn what_a_caller_chooses_freely_takes_little_room() {
    let long = |start: &str| format!("{start}{}", "x".repeat(60_000));
    let many = |start: &str| (0..500).map(|n| format!("{start}{n:04}{}", "y".repeat(900))).collect::<Vec<_>>();
    let bench = Bench::new();
    let observe = |resources: Vec<String>, asked: Vec<String>| {
        let start = Start {
            who: Who::Endpoint { user_agent: Some(long("agent")) },
            target: Target::Local { account: Some(long("1")), region: Some(long("eu")) },
            target_name: None,
            subject: Subject::Operation { service: long("service"), operation: long("Operation") },
            resources,
            access: Access::from([("s3:DeleteObject".into(), asked.into_iter().collect())]),
            parameters: Value::Null,
            bytes_in: None,
        };
        let outcome = Outcome::Error { code: long("Code"), message: long("message") };
        let finish =
            Finish { outcome, aws_calls: Vec::new(), aws_calls_left_out: 0, bytes_out: None, response: Value::Null };
        bench.recorder.start(start).finish(finish);
        let call = bench.calls().pop().unwrap().started;
        (call.resources, call.access["s3:DeleteObject"].iter().cloned().collect::<Vec<_>>())
    };
    // Of a key that is too long to be one, the bucket stays; a journal without its keys says so in a policy.
    let (resources, asked) = observe(vec![long("s3://b/")], vec![long("s3://b/")]);
    assert!(resources[0].starts_with("s3://b/xxx") && resources[0].ends_with("… [60007 bytes]"), "{resources:?}");
    assert_eq!(asked, ["s3://b"]);
    let longest = format!("s3://{}/{}", "b".repeat(63), "k".repeat(1024));
    assert_eq!(observe(vec![longest.clone()], vec![longest.clone()]), (vec![longest.clone()], vec![longest]));
    let (resources, asked) = observe(many("s3://b/"), many("s3://b/"));
    assert_eq!(resources.last().unwrap(), "[483 more]");
    assert!(asked.len() == 18 && asked.contains(&"s3://b".to_owned()), "{asked:?}");
    let (_, asked) = observe(Vec::new(), many("dynamodb://t"));
    assert!(asked.len() == 18 && asked.contains(&"[more]".to_owned()), "{asked:?}");
    observe(vec![long("s3://")], vec![long("s3://"), long("dynamodb://")]);
    let text = bench.text();
    assert!(text.lines().all(|line| line.len() < 48 << 10), "{:?}", text.lines().map(str::len).collect::<Vec<_>>());
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_the_journal() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    drop(bench.recorder.start(put(local(), &Value::Null)));
    bench.recorder.settle();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&bench.journal()), mode(&bench.files()[0])), (0o700, 0o600));
}

#[test]
fn a_full_file_is_followed_by_another_and_the_oldest_go() {
    let bench = Bench::limited(Limits { file_bytes: 2000, files: 3, ..Limits::default() });
    for _ in 0..40 {
        bench.clock.advance(Duration::from_millis(1));
        bench.recorder.start(put(local(), &json!({"key": "x"}))).finish(ok(&Value::Null));
    }
    let files = bench.files();
    let sizes: Vec<u64> = files.iter().map(|path| fs::metadata(path).unwrap().len()).collect();
    assert!(files.len() >= 3 && sizes.iter().all(|size| *size <= 2000), "{sizes:?}");
    assert!(sizes.iter().sum::<u64>() <= 6000, "{sizes:?}");
    assert_eq!(bench.calls().last().unwrap().at, NOON + 40);
}

#[cfg(unix)]
#[test]
fn a_file_in_use_outlives_the_limit() {
    let limits = Limits { file_bytes: 1000, files: 1, ..Limits::default() };
    let bench = Bench::limited(limits);
    let idle = bench.recorder.start(put(local(), &Value::Null));
    let other = recorder(bench.dir.path(), &bench.clock, limits);
    for _ in 0..10 {
        bench.clock.advance(Duration::from_millis(1));
        other.start(put(local(), &json!({"key": "x"}))).finish(ok(&Value::Null));
    }
    idle.finish(ok(&Value::Null));
    let first = bench.calls().iter().map(|call| call.at).min();
    assert_eq!(first, Some(NOON));
}

#[cfg(unix)]
#[test]
fn a_journal_removed_under_its_writer_begins_anew() {
    let bench = Bench::new();
    drop(bench.recorder.start(put(local(), &Value::Null)));
    bench.recorder.settle();
    fs::remove_dir_all(bench.journal()).unwrap();
    drop(bench.recorder.start(put(local(), &Value::Null)));
    assert_eq!(bench.calls().len(), 1);
}

#[tokio::test]
async fn a_call_that_cannot_be_recorded_is_an_error() {
    let bench = Bench::new();
    fs::write(bench.journal(), "a file where the directory should be").unwrap();
    let error = bench.recorder.start_on_file(put(aws(), &Value::Null)).await.unwrap_err().to_string();
    assert!(error.contains(&bench.journal().display().to_string()), "{error}");
}

#[test]
fn files_of_all_processes_are_merged_in_order_of_time() {
    let bench = Bench::new();
    let other = recorder(bench.dir.path(), &bench.clock, Limits::default());
    for turn in 0..50_u64 {
        bench.clock.advance(Duration::from_millis(1));
        let recorder = if turn % 3 == 0 { &other } else { &bench.recorder };
        recorder.start(put(local(), &json!({ "turn": turn }))).finish(ok(&Value::Null));
    }
    bench.recorder.settle();
    other.settle();
    let mut reader = Reader::open(bench.journal()).unwrap();
    let turns: Vec<u64> = rest(&mut reader)
        .into_iter()
        .filter_map(|entry| match entry.record.event {
            Event::Started(started) => started.parameters["turn"].as_u64(),
            Event::Finished(_) | Event::Note(_) => None,
        })
        .collect();
    assert_eq!(turns, (0..50).collect::<Vec<_>>());
    assert_eq!(bench.files().len(), 2);
}

#[test]
fn following_gives_new_lines_and_new_processes_once_each() {
    let bench = Bench::new();
    let mut reader = Reader::open(bench.journal()).unwrap();
    assert_eq!(rest(&mut reader), []);
    drop(bench.recorder.start(put(local(), &Value::Null)));
    bench.recorder.settle();
    reader.refresh().unwrap();
    assert_eq!(rest(&mut reader).len(), 2);
    drop(bench.recorder.start(put(local(), &Value::Null)));
    drop(recorder(bench.dir.path(), &bench.clock, Limits::default()).start(put(local(), &Value::Null)));
    bench.recorder.settle();
    reader.refresh().unwrap();
    assert_eq!(rest(&mut reader).len(), 4);
    reader.refresh().unwrap();
    assert_eq!(rest(&mut reader), []);
}

#[test]
fn a_line_is_given_once_it_is_whole() {
    let bench = Bench::new();
    drop(bench.recorder.start(put(local(), &Value::Null)));
    let whole = bench.text();
    let path = bench.journal().join("1790000000001-7-0.ndjson");
    let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
    let (head, tail) = whole.split_at(whole.len() - 40);
    file.write_all(head.as_bytes()).unwrap();
    let mut reader = Reader::open(bench.journal()).unwrap();
    assert_eq!(rest(&mut reader).len(), 3);
    file.write_all(tail.as_bytes()).unwrap();
    reader.refresh().unwrap();
    assert_eq!(rest(&mut reader).len(), 1);
    assert_eq!(reader.unreadable(), 0);
}

#[test]
fn lines_that_are_no_records_are_passed_over_and_counted() {
    let bench = Bench::new();
    fs::create_dir(bench.journal()).unwrap();
    let record = |id: u128| {
        format!(
            r#"{{"v":1,"event":"finished","id":"{}","at":5,"outcome":{{"status":"ok"}},"ms":1,"later":{{}}}}"#,
            Uuid::from_u128(id)
        )
    };
    let (first, second) = (record(1), record(2));
    let long = format!("\"{}\"", "x".repeat(5 << 20));
    let text = format!("{first}\n{{\"v\":1,\"event\":\"fin\n\u{0}\n{long}\n\n{second}\n{{\"v\":1");
    fs::write(bench.journal().join("1790000000001-7-0.ndjson"), text).unwrap();
    fs::write(bench.journal().join("notes.txt"), "not a journal").unwrap();
    let mut reader = Reader::open(bench.journal()).unwrap();
    let ids: Vec<u128> = rest(&mut reader).iter().map(|entry| entry.record.id.as_u128()).collect();
    assert_eq!((ids, reader.unreadable()), (vec![1, 2], 3));
}

#[test]
fn reading_near_the_end_begins_at_a_line() {
    let bench = Bench::new();
    for _ in 0..10 {
        drop(bench.recorder.start(put(local(), &Value::Null)));
    }
    let length = u64::try_from(bench.text().len()).unwrap();
    let last_line = u64::try_from(bench.text().lines().last().unwrap().len()).unwrap() + 1;
    for (bytes, records) in [(last_line, 1), (last_line - 1, 0), (last_line + 1, 1), (length, 20), (length + 1, 20)] {
        let mut reader = Reader::near_end(bench.journal(), bytes).unwrap();
        assert_eq!((rest(&mut reader).len(), reader.unreadable()), (records, 0), "{bytes} bytes");
        assert_eq!(reader.is_whole(), records == 20);
    }
}

#[test]
fn a_temporary_journal_goes_with_its_recorder() {
    let clock = Arc::new(ManualClock::at_millis(NOON));
    let recorder = Recorder::temporary(Limits::default(), clock, Arc::new(CountingIds::default())).unwrap();
    drop(recorder.start(put(local(), &Value::Null)));
    recorder.settle();
    let dir = recorder.dir().to_owned();
    assert!(Reader::open(&dir).unwrap().next().unwrap().is_some());
    drop(recorder);
    assert!(!dir.exists());
}
