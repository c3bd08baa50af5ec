use std::sync::{Arc, Mutex};

use clap::Parser;
use serde_json::json;

use super::*;
use crate::clock::{CountingIds, ManualClock};
use crate::emulator::access::Access;
use crate::emulator::dynamodb::operation;
use crate::emulator::s3::operations;
use crate::journal::{AwsCall, Finish, Limits, Outcome, Start, Subject, Target, Who};
use crate::replay::{self, Script};
use footbridge_record::Effect;
use serde_json::Value;
use uuid::Uuid;

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
        let parameters = json!({"note": "a\u{202e}b"});
        let start = Start {
            who: Who::Mcp { client: Some("claude-code 2.1".into()) },
            target: Target::Local { account: None, region: Some("us-east-1".into()) },
            target_name: None,
            subject: Subject::Tool { tool: tool.into() },
            resources: vec![resource.into()],
            access: Access::new(),
            parameters,
            bytes_in: None,
        };
        let call = self.recorder.start(start);
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
        call.finish(Finish { outcome, aws_calls, aws_calls_left_out: 0, bytes_out: Some(7), response: Value::Null });
    }

    /// Puts a file of these lines into the journal.
    fn write(&self, name: &str, lines: &[Value]) {
        let text: String = lines.iter().flat_map(|line| [line.to_string(), "\n".to_owned()]).collect();
        std::fs::write(self.dir.path().join(name), text).unwrap();
    }

    /// What the command prints of another journal.
    async fn prints_of(&self, path: &Path, words: &[&str]) -> String {
        let words = words.iter().copied().filter(|word| *word != "--json");
        let args = Words::try_parse_from(std::iter::once("journal").chain(words)).unwrap().args;
        let sink = Arc::new(Mutex::new(Vec::new()));
        let Action::Look(look) = args.action else { panic!("no way to look at a journal") };
        show(look, path, &Output::to(true, sink.clone()), self.clock.now().into(), async || false).await.unwrap();
        let printed = sink.lock().unwrap().clone();
        String::from_utf8(printed).unwrap()
    }

    /// What the command prints, `turns` being done one by one while it follows.
    async fn prints(&self, words: &[&str], mut turns: Vec<Turn>) -> anyhow::Result<String> {
        self.recorder.settle();
        let json = words.contains(&"--json");
        let words = words.iter().copied().filter(|word| *word != "--json");
        let args = Words::try_parse_from(std::iter::once("journal").chain(words))?.args;
        let sink = Arc::new(Mutex::new(Vec::new()));
        let again = async || {
            let turn = (!turns.is_empty()).then(|| turns.remove(0));
            let turned = turn.map(|turn| turn(self)).is_some();
            self.recorder.settle();
            turned
        };
        let Action::Look(look) = args.action else { panic!("no way to look at a journal") };
        show(look, self.dir.path(), &Output::to(json, sink.clone()), self.clock.now().into(), again).await?;
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
    assert!(lines[0].ends_with(r"3.0 ms  Claude Code 2.1  PutObject b/a\u{1b}[2J · stored"), "{printed}");
    assert!(lines[1].ends_with("Query · 7 B"), "{printed}");
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
        r#""note": "a\u{202e}b""#,
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
async fn tail_as_json_is_a_journal_that_replay_and_diff_read() {
    let bench = Bench::new();
    bench.call("s3_get_object", "s3://b/k", Outcome::Error { code: "NoSuchKey".into(), message: "no".into() });
    bench.call("dynamodb_query", "dynamodb://orders", Outcome::Ok);
    bench.write("1-1-9.ndjson", &[note()]);
    let printed = bench.prints(&["tail", "--json", "-n", "9"], vec![]).await.unwrap();
    assert_eq!(printed.lines().count(), 3, "{printed}");
    let session = bench.dir.path().join("session.ndjson");
    std::fs::write(&session, &printed).unwrap();
    let read = |path: &Path| {
        let mut script = Script::read(path, &replay::Choice::default()).unwrap();
        assert_eq!(script.unreadable, 0);
        script.calls.iter_mut().for_each(|call| call.file.clear());
        script.calls
    };
    let original = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(bench.dir.path()).unwrap().map(|file| file.unwrap().path()) {
        if file != session {
            std::fs::copy(&file, original.path().join(file.file_name().unwrap())).unwrap();
        }
    }
    let calls = read(original.path());
    assert_eq!((read(&session), calls.len()), (calls, 2));
    // And what is read so prints the same again.
    let again = bench.prints_of(&session, &["tail", "--json", "-n", "9"]).await;
    let plain = |text: &str| -> Vec<Value> {
        let each = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        each.map(|mut line| {
            line.as_object_mut().unwrap().remove("file");
            line
        })
        .collect()
    };
    assert_eq!(plain(&again), plain(&printed));
}

#[tokio::test]
async fn since_and_until_choose_by_when_a_call_began() {
    let bench = Bench::new();
    for key in ["a", "b", "c", "d"] {
        bench.call("s3_get_object", &format!("s3://b/{key}"), Outcome::Ok);
        bench.clock.advance(Duration::from_mins(10));
    }
    // The calls began at 14:13:21, 14:23:22, 14:33:23 and 14:43:24; now it is 14:53:24.
    let keys = async |words: &[&str]| {
        let printed = bench.prints(&[&["tail"][..], words].concat(), vec![]).await.unwrap();
        printed.lines().map(|line| line.split(" b/").nth(1).unwrap()[..1].to_owned()).collect::<String>()
    };
    assert_eq!(keys(&["--since", "25m"]).await, "cd");
    assert_eq!(keys(&["--since", "2026-09-21T14:23"]).await, "bcd");
    assert_eq!(keys(&["--until", "2026-09-21T14:23"]).await, "ab");
    assert_eq!(keys(&["--since", "2026-09-21T14:20", "--until", "15m"]).await, "bc");
    assert_eq!(keys(&["--since", "2026-09-21", "-n", "1"]).await, "d");
    assert_eq!(keys(&["--until", "2026-09-20"]).await, "");
    assert!(bench.prints(&["tail", "--since", "soon"], vec![]).await.is_err());
    assert!(bench.prints(&["show", "--until", "2026-09-21T14:23"], vec![]).await.unwrap().contains("s3://b/b"));
}

#[tokio::test]
async fn what_is_not_in_the_journal_is_said_among_its_calls() {
    let bench = Bench::new();
    bench.call("s3_get_object", "s3://b/k", Outcome::Ok);
    // Else the recorder might go on in the file of the note.
    assert!(bench.recorder.flush(Duration::from_secs(30)));
    bench.write("1-1-9.ndjson", &[note()]);
    let printed = bench.prints(&["tail"], vec![]).await.unwrap();
    assert!(
        printed.lines().nth(1).is_some_and(|line| line.ends_with(
            "(process 7: 3 of the oldest files were removed to stay within the limits (1.0 KiB, with calls from \
         2026-09-21T14:13:20.000Z to 2026-09-21T14:13:20.001Z))"
        )),
        "{printed}"
    );
    assert!(bench.prints(&["show"], vec![]).await.unwrap().contains("of the oldest files were removed"));
}

fn note() -> Value {
    json!({
        "v": 2, "id": Uuid::from_u128(9), "at": 1_790_000_999_000_u64, "time": "2026-09-21T14:29:59.000Z", "event": "note", "pid": 7,
        "note": "files_removed", "files": 3, "bytes": 1024, "from": 1_790_000_000_000_u64, "to": 1_790_000_000_001_u64,
    })
}

#[tokio::test]
async fn an_sdk_and_a_tool_stand_in_the_same_columns() {
    let bench = Bench::new();
    let call = |id: u128, subject: Value, parameters: Value, who: Value| {
        let mut started = json!({
            "v": 2, "id": Uuid::from_u128(id), "at": 1_790_000_000_000_u64, "time": "2026-09-21T14:13:20.000Z", "event": "started",
            "pid": 7, "who": who, "target": {"kind": "local"}, "resources": ["dynamodb://orders"], "parameters": parameters,
        });
        started.as_object_mut().unwrap().extend(subject.as_object().unwrap().clone());
        [
            started,
            json!({"v": 2, "id": Uuid::from_u128(id), "at": 1_790_000_000_003_u64, "event": "finished", "outcome": {"status": "ok"}, "ms": 3.25}),
        ]
    };
    let sdk = call(
        1,
        json!({"service": "dynamodb", "operation": "PutItem"}),
        json!({"TableName": "orders", "Item": {"pk": {"S": "a1"}, "sk": {"N": "7"}}}),
        json!({"kind": "endpoint", "user_agent": "Boto3/1.44.5 md/Botocore#1.44.8 ua/2.1"}),
    );
    let tool = call(
        2,
        json!({"tool": "dynamodb_put_items"}),
        json!({"table": "orders", "items": [{"pk": "a1", "sk": 7}]}),
        json!({"kind": "mcp", "client": "claude-code 2.1"}),
    );
    bench.write("1-1-9.ndjson", &[sdk, tool].concat());
    let printed = bench.prints(&["tail"], vec![]).await.unwrap();
    assert_eq!(
        printed,
        "2026-09-21T14:13:20.000Z  ok              3.2 ms  boto3 1.44       PutItem orders pk=a1 sk=7 · written\n\
         2026-09-21T14:13:20.000Z  ok              3.2 ms  Claude Code 2.1  PutItem orders pk=a1 sk=7 · written\n"
    );
}

/// The rows of the record's own tests, held against the tables of operations and tools, which that crate does not know.
#[test]
fn every_operation_and_tool_has_a_row_of_its_own() {
    let rows = include_str!("../../../record/src/brief/rows.ndjson");
    let rows: Vec<Value> = rows.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    let has = |member: &str, name: &str| rows.iter().any(|row| row[member] == name);
    let dynamodb = operation::OWN.iter().chain(operation::STREAMS).map(|operation| operation.name);
    // Those of S3 that have no file of their own are settings that nobody can make: they say no more than their name.
    let files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/emulator/s3/operation")).unwrap();
    let files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    let has_file = |name: &str| {
        files.iter().any(|file| file.file_stem().is_some_and(|stem| camel(&stem.to_string_lossy()) == name))
    };
    let s3 = operations().map(|operation| operation.name).filter(|name| has_file(name));
    let tools =
        include_str!("../../../docs/tools.md").lines().filter_map(|line| line.strip_prefix("### `")?.split('`').next());
    let names = dynamodb.chain(s3).map(|name| ("operation", name)).chain(tools.map(|name| ("tool", name)));
    let lacking: Vec<_> = names.filter(|(member, name)| !has(member, name)).collect();
    assert_eq!(lacking, Vec::new());
}

/// `get_object` as AWS writes it.
fn camel(name: &str) -> String {
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    name.split('_').map(capital).collect()
}

/// The effect of a call is told from its name; AWS's model tells it from the method.
#[test]
fn what_an_operation_does_is_what_its_method_says() {
    for operation in operations() {
        let subject = json!({"service": "s3", "operation": operation.name});
        let mut call = json!({"id": Uuid::nil(), "at": 0, "file": "", "pid": 1, "who": {"kind": "endpoint"}, "target": {"kind": "local"}});
        call.as_object_mut().unwrap().extend(subject.as_object().unwrap().clone());
        let told = footbridge_record::brief(&serde_json::from_value(call).unwrap()).effect;
        let wanted = match operation.method {
            "GET" | "HEAD" => Effect::Read,
            "DELETE" => Effect::Destroy,
            _ if operation.name.starts_with("Delete") => Effect::Destroy,
            _ if operation.name.starts_with("Select") => Effect::Read,
            _ => Effect::Write,
        };
        assert_eq!(told, wanted, "{} {}", operation.method, operation.name);
    }
}

#[tokio::test]
async fn an_unfinished_call_is_shown_as_such() {
    let bench = Bench::new();
    let start = Start {
        who: Who::Cli { command: "call".into() },
        target: Target::Local { account: None, region: None },
        target_name: None,
        subject: Subject::Tool { tool: "s3_list_buckets".into() },
        resources: Vec::new(),
        access: Access::new(),
        parameters: Value::Null,
        bytes_in: None,
    };
    let call = bench.recorder.start(start);
    let printed = bench.prints(&["tail", "--status", "unfinished"], vec![]).await.unwrap();
    assert!(printed.contains("unfinished") && printed.contains("ListBuckets"), "{printed}");
    drop(call);
}
