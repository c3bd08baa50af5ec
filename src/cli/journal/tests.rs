use std::sync::{Arc, Mutex};

use clap::Parser;
use serde_json::json;

use super::*;
use crate::clock::{CountingIds, ManualClock};
use crate::emulator::access::Access;
use crate::journal::{AwsCall, Finish, Limits, Outcome, Start, Subject, Target, Who};
use serde_json::Value;

#[derive(Parser)]
struct Words {
    #[command(flatten)]
    args: Args,
}

/// Something that happens while the command follows.
type Turn = Box<dyn FnOnce(&Bench)>;

struct Bench {
    dir: tempfile::TempDir,
    clock: ManualClock,
    recorder: Recorder,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = ManualClock::at_millis(1_790_000_000_000);
        let ids = Arc::new(CountingIds::default());
        let recorder = Recorder::in_dir(dir.path(), Limits::default(), Arc::new(clock.clone()), ids).unwrap();
        Self { dir, clock, recorder }
    }

    fn call(&self, tool: &str, resource: &str, outcome: Outcome) {
        self.clock.advance(Duration::from_secs(1));
        let parameters = json!({"key": "a\u{202e}b"});
        let start = Start {
            who: Who::Mcp { client: Some("claude-code 2.1".into()) },
            target: Target::Local { account: None, region: Some("us-east-1".into()) },
            subject: Subject::Tool { tool: tool.into() },
            resources: vec![resource.into()],
            access: Access::new(),
            parameters: &parameters,
            bytes_in: None,
        };
        let call = self.recorder.start(start).unwrap();
        self.clock.advance(Duration::from_millis(3));
        let aws_calls = vec![AwsCall {
            service: "s3".into(),
            operation: "GetObject".into(),
            status: Some(404),
            error: Some("NoSuchKey".into()),
            ms: 2.0,
            request_id: Some("R1".into()),
            attempts: 2,
            access: Access::from([("s3:GetObject".into(), [resource.into()].into())]),
        }];
        call.finish(Finish { outcome, aws_calls, bytes_out: Some(7), response: &Value::Null }).unwrap();
    }

    /// What the command prints, `turns` being done one by one while it follows.
    async fn prints(&self, words: &[&str], mut turns: Vec<Turn>) -> anyhow::Result<String> {
        let json = words.contains(&"--json");
        let words = words.iter().copied().filter(|word| *word != "--json");
        let args = Words::try_parse_from(std::iter::once("journal").chain(words))?.args;
        let sink = Arc::new(Mutex::new(Vec::new()));
        let again = async || {
            let turn = (!turns.is_empty()).then(|| turns.remove(0));
            turn.map(|turn| turn(self)).is_some()
        };
        let Action::Look(look) = args.action else { panic!("no way to look at a journal") };
        show(look, self.dir.path(), &Output::to(json, sink.clone()), again).await?;
        let printed = sink.lock().unwrap().clone();
        Ok(String::from_utf8(printed)?)
    }
}

fn refused() -> Outcome {
    Outcome::Refused { reason: "mode is read-only".into() }
}

#[tokio::test]
async fn tail_shows_the_latest_calls_a_line_each() {
    let bench = Bench::new();
    for tool in ["s3_get_object", "s3_put_object", "dynamodb_query"] {
        bench.call(tool, "s3://b/a\u{1b}[2J", Outcome::Ok);
    }
    let printed = bench.prints(&["tail", "-n", "2"], vec![]).await.unwrap();
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("2026-09-21T14:13:22.003Z  ok"), "{printed}");
    assert!(lines[0].contains("3.0 ms") && lines[0].contains("s3_put_object"), "{printed}");
    assert!(lines[1].ends_with(r"s3://b/a\u{1b}[2J"), "{printed}");
}

#[tokio::test]
async fn filters_choose_by_service_operation_status_and_resource() {
    let bench = Bench::new();
    bench.call("dynamodb_query", "dynamodb://orders", Outcome::Ok);
    bench.call("s3_put_object", "s3://b/k", refused());
    bench.call("bridge_status", "", Outcome::Ok);
    let count = async |words: &[&str]| bench.prints(words, vec![]).await.unwrap().lines().count();
    assert_eq!(count(&["tail", "--service", "dynamodb"]).await, 1);
    // Each of them made a GetObject.
    assert_eq!(count(&["tail", "--service", "s3"]).await, 3);
    assert_eq!(count(&["tail", "--op", "getobject"]).await, 3);
    assert_eq!(count(&["tail", "--op", "s3_put_object"]).await, 1);
    assert_eq!(count(&["tail", "--status", "refused"]).await, 1);
    assert_eq!(count(&["tail", "--resource", "orders", "--status", "ok"]).await, 1);
    assert_eq!(count(&["tail", "--status", "error"]).await, 0);
}

#[tokio::test]
async fn following_shows_calls_as_they_end() {
    let bench = Bench::new();
    bench.call("s3_get_object", "s3://b/before", Outcome::Ok);
    let turns: Vec<Turn> = vec![
        Box::new(|bench| bench.call("s3_get_object", "s3://b/first", Outcome::Ok)),
        Box::new(|_| ()),
        Box::new(|bench| bench.call("dynamodb_query", "dynamodb://t", Outcome::Ok)),
        Box::new(|bench| bench.call("s3_get_object", "s3://b/second", refused())),
    ];
    let printed = bench.prints(&["tail", "-f", "--op", "s3_get_object"], turns).await.unwrap();
    let found: Vec<bool> = ["before", "first", "second"].iter().map(|key| printed.contains(key)).collect();
    assert_eq!((found, printed.lines().count()), (vec![true; 3], 3), "{printed}");
}

#[tokio::test]
async fn show_gives_one_call_whole() {
    let bench = Bench::new();
    bench.call("s3_get_object", "s3://b/k", Outcome::Error { code: "NoSuchKey".into(), message: "no".into() });
    bench.call("s3_put_object", "s3://b/other", Outcome::Ok);
    let printed = bench.prints(&["show", "00000001"], vec![]).await.unwrap();
    for part in [
        "s3_get_object  00000000-0000-0000-0000-000000000001",
        "by          mcp claude-code 2.1",
        "resource    s3://b/k",
        r#""key": "a\u{202e}b""#,
        "s3 GetObject: 404 NoSuchKey in 2.0 ms, 2 attempts, request R1",
        "outcome     NoSuchKey: no",
    ] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    assert!(!printed.contains("other"));
    assert!(bench.prints(&["show"], vec![]).await.unwrap().contains("s3://b/other"));
    assert!(bench.prints(&["show", "nowhere"], vec![]).await.is_err());
}

#[tokio::test]
async fn json_is_one_object_a_call() {
    let bench = Bench::new();
    bench.call("s3_get_object", "s3://b/k", Outcome::Ok);
    let printed = bench.prints(&["tail", "--json"], vec![]).await.unwrap();
    let call: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(
        (&call["tool"], &call["outcome"]["status"], &call["ms"]),
        (&json!("s3_get_object"), &json!("ok"), &json!(3.0))
    );
}

#[tokio::test]
async fn an_unfinished_call_is_shown_as_such() {
    let bench = Bench::new();
    let start = Start {
        who: Who::Cli { command: "call".into() },
        target: Target::Local { account: None, region: None },
        subject: Subject::Tool { tool: "s3_list_buckets".into() },
        resources: Vec::new(),
        access: Access::new(),
        parameters: &Value::Null,
        bytes_in: None,
    };
    let call = bench.recorder.start(start).unwrap();
    let printed = bench.prints(&["tail", "--status", "unfinished"], vec![]).await.unwrap();
    assert!(printed.contains("unfinished") && printed.contains("s3_list_buckets"), "{printed}");
    drop(call);
}
