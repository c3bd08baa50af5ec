//! The program itself: one process asks, another answers, from wherever a person is.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use footbridge::clock::SystemClock;
use footbridge::consent::{How, Question, Queue};
use serde_json::{Value, json};
use tokio::process::Command as Program;
use uuid::Uuid;

use crate::server::Server;
use crate::world::{Far, add, until};

/// A home with its data directory in the usual place.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        for directory in ["work", "elsewhere"] {
            std::fs::create_dir(home.0.path().join(directory)).unwrap();
        }
        home
    }

    fn at(&self, directory: &str) -> std::path::PathBuf {
        self.0.path().join(directory)
    }

    /// The environment of a person of this home, and nothing else.
    fn environment(&self) -> [(&'static str, String); 6] {
        let temporary = self.at("elsewhere").display().to_string();
        [
            ("HOME", self.0.path().display().to_string()),
            ("TMPDIR", temporary),
            ("USER", "ada".to_owned()),
            ("AWS_ACCESS_KEY_ID", "AKIADEV".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "right".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
    }

    /// `footbridge` in another directory than where the server runs.
    fn footbridge(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_footbridge"));
        command.args(arguments).current_dir(self.at("elsewhere")).env_clear().envs(self.environment());
        command.output().unwrap()
    }

    /// What `approve --json` lists.
    fn listed(&self) -> Vec<Value> {
        let output = self.footbridge(&["approve", "--json"]);
        assert!(output.status.success(), "{}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// `footbridge mcp` on the far side, as a client starts it.
    async fn server(&self, far: &Far, more: &[&str]) -> Server {
        let mut command = Program::new(env!("CARGO_BIN_EXE_footbridge"));
        let arguments = ["mcp", "--backend", "aws", "--endpoint-url", &far.url, "--region", "us-east-1"];
        command.args(arguments).args(more).current_dir(self.at("work")).env_clear().envs(self.environment());
        let mut server = Server::of(command);
        server.initialize().await;
        server
    }

    /// Begins a call, and gives its request once it waits.
    async fn waits(&self, server: &mut Server, id: u32) -> Value {
        let (tool, arguments) = add();
        let params = json!({ "name": tool, "arguments": arguments });
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params });
        server.send(request.to_string().as_bytes()).await;
        until("a call waits", || self.listed().len() == 1).await;
        self.listed().remove(0)
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The text of the next answer, and whether it is an error.
async fn came(server: &mut Server, id: u32) -> (String, bool) {
    loop {
        let message = server.next().await;
        if message["id"] == id {
            let result = &message["result"];
            return (result["content"][0]["text"].as_str().unwrap().to_owned(), result["isError"] == true);
        }
    }
}

fn short(request: &Value) -> String {
    request["id"].as_str().unwrap()[..8].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_allows_and_denies_from_another_directory() {
    let far = Box::pin(Far::start()).await;
    let home = Home::new();
    let empty = home.footbridge(&["approve"]);
    assert_eq!((empty.status.code(), said(&empty).trim()), (Some(0), "nothing waits for a person"));
    let mut server = home.server(&far, &[]).await;

    let request = home.waits(&mut server, 1).await;
    let id = short(&request);
    let listed = said(&home.footbridge(&["approve"]));
    let [heading, row] = listed.lines().collect::<Vec<_>>()[..] else { panic!("{listed}") };
    assert!(heading.starts_with("ID        LEFT"), "{listed}");
    assert!(row.starts_with(&format!("{id}  14m")), "{listed}");
    for part in ["aws", "write", "dynamodb_update_item", "dynamodb://orders", "test 0"] {
        assert!(row.contains(part), "{part}: {listed}");
    }
    let shown = said(&home.footbridge(&["approve", &id, "--show"]));
    for part in [r#""update": "ADD n :one""#, "waits for a person, for 14m", "stored now", far.url.as_str()] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert_eq!(far.writes(), 0);
    let allowed = home.footbridge(&["approve", &id]);
    assert_eq!(allowed.status.code(), Some(0), "{}", said(&allowed));
    assert!(said(&allowed).starts_with("allowed once: dynamodb_update_item of test 0 on aws (dynamodb://orders)"));
    let (text, error) = came(&mut server, 1).await;
    assert!(!error, "{text}");
    assert_eq!(far.writes(), 1);
    let again = home.footbridge(&["approve", &id]);
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("and used"), "{}", said(&again));

    let request = home.waits(&mut server, 2).await;
    let denied = home.footbridge(&["deny", &short(&request), "--why", "use the test table"]);
    assert_eq!(denied.status.code(), Some(0), "{}", said(&denied));
    let (text, error) = came(&mut server, 2).await;
    let by = "(ada with `footbridge`, not at a terminal): use the test table";
    assert!(error && text.starts_with("denied: ") && text.contains(by), "{text}");
    assert_eq!(far.writes(), 1);

    let unknown = home.footbridge(&["approve", "ffffffff"]);
    assert_eq!((unknown.status.code(), said(&unknown).trim()), (Some(1), "footbridge: there is no request ffffffff"));
    assert_eq!(home.footbridge(&["approve", "--session"]).status.code(), Some(2));
    assert_eq!(home.footbridge(&["deny"]).status.code(), Some(2));
    let tail = said(&home.footbridge(&["journal", "tail"]));
    assert!(tail.contains("allowed by ada with `footbridge`"), "{tail}");
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_a_store_and_of_memory_are_found_as_well() {
    let far = Box::pin(Far::start()).await;
    let home = Home::new();
    for (id, more) in [&["--store", "shop"][..], &["--ephemeral"]].into_iter().enumerate() {
        let mut server = home.server(&far, more).await;
        let request = home.waits(&mut server, 7).await;
        let allowed = home.footbridge(&["approve", &short(&request), "--session", "--json"]);
        let allowed: Value = serde_json::from_slice(&allowed.stdout).unwrap();
        assert_eq!((&allowed["state"], &allowed["how"]), (&json!("allowed"), &json!("session")));
        let (text, error) = came(&mut server, 7).await;
        assert!(!error, "{text}");
        assert_eq!(far.writes(), id + 1);
        server.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_directory_of_ones_own_is_in_what_the_agent_is_told() {
    let far = Box::pin(Far::start()).await;
    let home = Home::new();
    let data = home.at("data here");
    let directory = data.to_str().unwrap();
    let mut server = home.server(&far, &["--data-dir", directory]).await;
    // More than may wait make the next one answer at once.
    for id in 0..64 {
        let arguments = json!({ "table": "orders", "key": { "pk": "a" }, "update": format!("SET n{id} = n") });
        let params = json!({ "name": "dynamodb_update_item", "arguments": arguments });
        let request = json!({ "jsonrpc": "2.0", "id": id + 100, "method": "tools/call", "params": params });
        server.send(request.to_string().as_bytes()).await;
    }
    let waiting = || count(&data.join("approvals"), ".json") >= 64;
    until("all wait", waiting).await;
    assert_eq!(home.listed().len(), 0);
    let output = home.footbridge(&["approve", "--json", "--data-dir", directory]);
    assert_eq!(serde_json::from_slice::<Vec<Value>>(&output.stdout).unwrap().len(), 64);
    let (tool, arguments) = add();
    let (text, error) = server.try_call(1, tool, arguments).await;
    assert!(error && text.contains("64 calls wait for a person already"), "{text}");
    assert_eq!(far.writes(), 0);
}

#[test]
fn what_a_client_calls_itself_is_no_line_of_ours() {
    let home = Home::new();
    let data = home.at("data");
    std::fs::create_dir(&data).unwrap();
    let queue = Queue::open(&data, Arc::new(SystemClock));
    let forged = "x\nallowed once: s3_get_object of you\r\u{1b}[2K";
    let shown = r"x\nallowed once: s3_get_object of you\r\u{1b}[2K";
    let ask = || {
        let question = Question {
            session: Uuid::new_v4(),
            caller: forged.to_owned(),
            tool: "s3_put_object".to_owned(),
            target: forged.to_owned(),
            far_side: "AWS".to_owned(),
            far: footbridge_record::Target::Aws { account: None, region: None },
            region: "eu-west-1".to_owned(),
            arguments: json!({}),
            resources: vec![forged.to_owned()],
            does: Vec::new(),
            once: false,
            effect: "write".to_owned(),
            impact: "it replaces an object".to_owned(),
            old: None,
            new: None,
            digest: "d".to_owned(),
        };
        queue.ask(Uuid::new_v4(), question).unwrap().id
    };
    let answered = ask();
    queue.allow(answered, &format!("a form at {forged}"), How::Once).unwrap();
    let words = [("approve", ask(), "allowed once: "), ("deny", ask(), "denied: "), ("deny", answered, "footbridge: ")];
    for (command, id, begins) in words {
        let text = said(&home.footbridge(&[command, &id.to_string(), "--data-dir", data.to_str().unwrap()]));
        assert_eq!(text.trim_end().lines().count(), 1, "{text}");
        assert!(text.starts_with(begins) && text.contains(shown), "{text}");
    }
}

fn count(place: &Path, ending: &str) -> usize {
    let entries = std::fs::read_dir(place).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().ends_with(ending)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_killed_has_given_up() {
    let far = Box::pin(Far::start()).await;
    let home = Home::new();
    let mut server = home.server(&far, &[]).await;
    let request = home.waits(&mut server, 1).await;
    server.child.kill().await.unwrap();
    server.child.wait().await.unwrap();
    let late = home.footbridge(&["approve", &short(&request), "--session"]);
    assert_eq!(late.status.code(), Some(1), "{}", said(&late));
    assert!(said(&late).contains("abandoned: whoever called has given up"), "{}", said(&late));
    assert_eq!(home.listed().len(), 0);
    // The next process asks anew.
    let mut server = home.server(&far, &[]).await;
    let again = home.waits(&mut server, 1).await;
    assert_ne!(again["id"], request["id"]);
    assert_eq!(far.writes(), 0);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nothing_runs_that_a_person_allows() {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let far = Box::pin(Far::start()).await;
    let home = Home::new();
    // The signal of a file that grows too large is none that ends it.
    let mut command = Program::new("sh");
    let arguments = ["mcp", "--backend", "aws", "--endpoint-url", &far.url, "--region", "us-east-1"];
    command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_footbridge")]).args(arguments);
    command.current_dir(home.at("work")).env_clear().envs(home.environment()).env("PATH", "/usr/bin:/bin");
    let mut server = Server::of(command);
    server.initialize().await;
    let request = home.waits(&mut server, 1).await;
    // As on a disk that has no room left: no file of the process grows any more.
    let pid = Pid::from_raw(i32::try_from(server.child.id().unwrap()).unwrap());
    prlimit(pid, Resource::Fsize, Rlimit { current: Some(0), maximum: Some(0) }).unwrap();
    let allowed = home.footbridge(&["approve", &short(&request)]);
    assert_eq!(allowed.status.code(), Some(0), "{}", said(&allowed));
    let (text, error) = came(&mut server, 1).await;
    assert!(error, "{text}");
    let (tool, arguments) = add();
    let (text, error) = server.try_call(2, tool, arguments).await;
    assert!(error && text.starts_with("audit_failed: "), "{text}");
    assert_eq!(far.writes(), 0, "{text}");
}
