//! A server starts whatever it finds. What is wrong is the answer of the tools that it concerns, until it is cured.

use std::fs;
use std::path::{Path, PathBuf};

use redb::ReadableDatabase as _;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::program::{Server, program};

/// A person's machine: a working directory, a home and a place for data.
struct Machine {
    place: tempfile::TempDir,
    next: u32,
}

impl Machine {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        for name in ["work", "home"] {
            fs::create_dir(place.path().join(name)).unwrap();
        }
        Self { place, next: 0 }
    }

    fn work(&self, name: &str) -> PathBuf {
        self.place.path().join("work").join(name)
    }

    fn home(&self, name: &str) -> PathBuf {
        self.place.path().join("home").join(name)
    }

    fn data(&self, name: &str) -> PathBuf {
        self.place.path().join("data").join(name)
    }

    /// Puts a file where the journal's directory belongs, in a data directory of ours.
    fn blocks_the_journal(&self) {
        write(&self.data("directory.id"), "0199aa00-0000-7000-8000-000000000001");
        write(&self.data("journal"), "");
    }

    /// The server in this machine's working directory.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(&self.place.path().join("work"));
        command.env("HOME", self.place.path().join("home")).env("AWS_EC2_METADATA_DISABLED", "true");
        command.arg("--data-dir").arg(self.place.path().join("data")).args(arguments);
        command
    }

    /// Starts the server; it begins a session and lists its tools.
    async fn start(&mut self, command: Command) -> Server {
        let mut server = Server::of(command);
        server.initialize().await;
        let listed = server.ask(1, "tools/list", json!({})).await;
        let tools = listed["result"]["tools"].as_array().unwrap();
        for name in ["bridge_status", "s3_get_object", "s3_put_object", "dynamodb_query", "dynamodb_put_items"] {
            assert!(tools.iter().any(|tool| tool["name"] == name), "{name} is not listed");
        }
        assert_eq!(server.ask(2, "ping", json!({})).await["result"], json!({}));
        self.next = 2;
        server
    }

    async fn call(&mut self, server: &mut Server, tool: &str, arguments: Value) -> (String, bool) {
        self.next += 1;
        server.try_call(self.next, tool, arguments).await
    }

    /// What `bridge_status` says is wrong; it is the first thing that it says.
    async fn problems(&mut self, server: &mut Server) -> Vec<String> {
        let (text, is_error) = self.call(server, "bridge_status", json!({})).await;
        assert!(!is_error, "{text}");
        let status: Value = serde_json::from_str(&text).unwrap();
        assert!(status.get("problems").is_none() || text.starts_with(r#"{"problems":["#), "{text}");
        status["problems"]
            .as_array()
            .map(|all| all.iter().map(|one| one.as_str().unwrap().to_owned()).collect())
            .unwrap_or_default()
    }

    /// Starts what is broken, sees that every tool says so with `code` and `words`, cures it, and sees that the same
    /// session works.
    async fn cure(&mut self, command: Command, code: &str, words: &str, cure: impl FnOnce(&Self)) -> Server {
        let mut server = self.start(command).await;
        for tool in ["s3_list_buckets", "dynamodb_list_tables"] {
            let (text, is_error) = self.call(&mut server, tool, json!({})).await;
            assert!(is_error && text.starts_with(&format!("{code}: ")) && text.contains(words), "{text}");
            assert!(text.contains("Hint: ") && text.contains("Each call looks again"), "{text}");
        }
        let problems = self.problems(&mut server).await;
        assert!(problems.len() == 1 && problems[0].starts_with(code) && problems[0].contains(words), "{problems:?}");
        cure(self);
        self.works(&mut server).await;
        assert_eq!(self.problems(&mut server).await, Vec::<String>::new());
        server
    }

    async fn works(&mut self, server: &mut Server) {
        for tool in ["s3_list_buckets", "dynamodb_list_tables"] {
            let (text, is_error) = self.call(server, tool, json!({})).await;
            assert!(!is_error, "{text}");
        }
    }
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_configuration_that_cannot_be_used_is_every_tools_answer_until_it_is_corrected() {
    let utf16: Vec<u8> = "\u{feff}A=1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: [(&str, &[u8], &str); 7] = [
        ("footbridge.toml", b"regoin = \"eu-west-1\"\n", "did you mean `region`?"),
        ("footbridge.toml", b"region = \n", "footbridge.toml:1"),
        ("footbridge.toml", b"budget_bytes = 7\n", "`budget_bytes` must be"),
        ("footbridge.toml", b"backend = \"azure\"\n", "footbridge.toml"),
        (".env", b"FOOTBRIDGE_REGOIN=eu-west-1\n", "did you mean `FOOTBRIDGE_REGION`?"),
        (".env", &utf16, ".env"),
        (".env", b"FOOTBRIDGE_REGION='unclosed\n", "`FOOTBRIDGE_REGION` cannot be read"),
    ];
    for (name, bytes, words) in files {
        let mut machine = Machine::new();
        write(&machine.work(name), bytes);
        let command = machine.command(&[]);
        let server = machine
            .cure(command, "bad_configuration", words, |machine| {
                assert!(!machine.data("").exists(), "{name}: something was made in a place that nobody chose");
                fs::remove_file(machine.work(name)).unwrap();
            })
            .await;
        server.end().await;
    }
}

#[tokio::test]
async fn what_the_corrected_file_says_is_in_force() {
    let mut machine = Machine::new();
    write(&machine.work("footbridge.toml"), "stroe = \"shop\"\n");
    let command = machine.command(&[]);
    let mut server = machine
        .cure(command, "bad_configuration", "`stroe`", |machine| {
            write(
                &machine.work("footbridge.toml"),
                "store = \"shop\"\ndefault_table = \"orders\"\nregion = \"eu-west-1\"\n",
            );
        })
        .await;
    let status: Value = serde_json::from_str(&machine.call(&mut server, "bridge_status", json!({})).await.0).unwrap();
    assert_eq!((&status["default_table"], &status["region"]), (&json!("orders"), &json!("eu-west-1")));
    server.end().await;
    assert!(machine.data("stores/shop/directory.id").exists() && !machine.data("directory.id").exists());
}

#[tokio::test]
async fn a_chosen_file_that_is_missing_may_come_later() {
    let mut machine = Machine::new();
    let command = machine.command(&["--config", "mine.toml"]);
    machine
        .cure(command, "bad_configuration", "mine.toml", |machine| write(&machine.work("mine.toml"), ""))
        .await
        .end()
        .await;
}

#[tokio::test]
async fn the_environment_that_is_wrong_is_said_and_nothing_is_done_in_its_place() {
    let mut machine = Machine::new();
    let mut command = machine.command(&[]);
    command.env("FOOTBRIDGE_STROE", "shop");
    let mut server = machine.start(command).await;
    let (text, is_error) = machine.call(&mut server, "s3_create_bucket", json!({ "bucket": "b-1" })).await;
    assert!(is_error && text.contains("FOOTBRIDGE_STROE") && text.contains("restart"), "{text}");
    server.end().await;
    assert!(!machine.data("").exists());
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_used_is_every_tools_answer_until_it_can() {
    type Place = fn(&Machine) -> PathBuf;
    let cases: [(Place, &str, &str); 3] = [
        (|machine| machine.place.path().join("data"), "bad_configuration", "is a file"),
        (|machine| machine.data("footbridge.redb"), "storage", ""),
        (|machine| machine.data("stores"), "bad_configuration", "is a file"),
    ];
    for (place, code, words) in cases {
        let mut machine = Machine::new();
        write(&place(&machine), "this is no data");
        let in_a_store = place(&machine).ends_with("stores");
        let command = machine.command(if in_a_store { &["--store", "shop"] } else { &[] });
        let server = machine.cure(command, code, words, |machine| fs::remove_file(place(machine)).unwrap()).await;
        server.end().await;
    }
    // Its name file cannot be read.
    let mut machine = Machine::new();
    fs::create_dir_all(machine.data("directory.id")).unwrap();
    let command = machine.command(&[]);
    let cure = |machine: &Machine| fs::remove_dir(machine.data("directory.id")).unwrap();
    machine.cure(command, "storage", "data directory", cure).await.end().await;
}

#[tokio::test]
async fn data_of_a_later_build_is_left_alone_until_it_is_put_aside() {
    let mut machine = Machine::new();
    let mut server = machine.start(machine.command(&[])).await;
    machine.works(&mut server).await;
    server.end().await;
    let meta = redb::TableDefinition::<&[u8], &[u8]>::new("meta");
    {
        let database = redb::Database::open(machine.data("footbridge.redb")).unwrap();
        let txn = database.begin_write().unwrap();
        txn.open_table(meta).unwrap().insert(&b"schema"[..], &99_u32.to_be_bytes()[..]).unwrap();
        txn.commit().unwrap();
    }
    let command = machine.command(&[]);
    let server = machine
        .cure(command, "storage", "schema 99", |machine| {
            fs::rename(machine.place.path().join("data"), machine.place.path().join("aside")).unwrap();
        })
        .await;
    server.end().await;
    let aside = redb::Database::open(machine.place.path().join("aside/footbridge.redb")).unwrap();
    let meta = aside.begin_read().unwrap().open_table(meta).unwrap();
    assert_eq!(meta.get(&b"schema"[..]).unwrap().unwrap().value(), 99_u32.to_be_bytes());
}

#[tokio::test]
async fn a_session_begins_while_another_process_holds_the_data_and_calls_wait_for_it() {
    let mut machine = Machine::new();
    let mut server = machine.start(machine.command(&[])).await;
    machine.works(&mut server).await;
    server.end().await;
    // As a process that has just become the owner, and has not said so yet.
    let lock = fs::File::options().write(true).open(machine.data("lock")).unwrap();
    lock.lock().unwrap();
    let mut server = Server::of(machine.command(&[]));
    let instructions = server.initialize().await["instructions"].to_string();
    assert!(instructions.contains("opened"), "{instructions}");
    let call = json!({ "jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": { "name": "s3_list_buckets" } });
    server.send(call.to_string().as_bytes()).await;
    assert_eq!(server.ask(6, "ping", json!({})).await["result"], json!({}));
    drop(lock);
    let answer = server.next().await;
    assert!(answer["id"] == 5 && answer["result"]["isError"] == false, "{answer}");
    server.end().await;
}

#[tokio::test]
async fn a_journal_in_memory_wants_a_place_for_temporary_files() {
    let mut machine = Machine::new();
    let mut command = machine.command(&["--ephemeral"]);
    command.env("TMPDIR", machine.work("tmp"));
    let cure = |machine: &Machine| fs::create_dir(machine.work("tmp")).unwrap();
    machine.cure(command, "audit_failed", "create a directory", cure).await.end().await;
}

#[tokio::test]
async fn a_seed_that_is_missing_may_come_later() {
    let mut machine = Machine::new();
    write(&machine.home(".config/footbridge/footbridge.toml"), "[seed]\npath = \"seeds\"\n");
    let command = machine.command(&[]);
    let mut server = machine
        .cure(command, "storage", "seeding from", |machine| {
            write(&machine.home(".config/footbridge/seeds/s3/media/a.txt"), "hello");
        })
        .await;
    let (text, _) = machine.call(&mut server, "s3_list_buckets", json!({})).await;
    assert!(text.contains("media"), "{text}");
    server.end().await;
}

#[tokio::test]
async fn aws_without_a_region_or_profile_is_told_until_the_shared_files_have_it() {
    let far = footbridge::testing::start().await.unwrap();
    let aws = ["--backend", "aws", "--endpoint-url", far.url()];
    let keys = "aws_access_key_id = test\naws_secret_access_key = test\n";

    let mut machine = Machine::new();
    let mut command = machine.command(&aws);
    command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    let cure = |machine: &Machine| write(&machine.home(".aws/config"), "[default]\nregion = eu-west-1\n");
    machine.cure(command, "no_region", "--region", cure).await.end().await;

    let mut machine = Machine::new();
    let command = machine.command(&[&aws[..], &["--profile", "work"]].concat());
    let cure = |machine: &Machine| {
        write(&machine.home(".aws/config"), format!("[profile work]\nregion = eu-west-1\n{keys}"));
    };
    machine.cure(command, "no_credentials", "there is no profile `work`", cure).await.end().await;
}

#[tokio::test]
async fn aws_without_credentials_is_what_bridge_status_says_first() {
    let far = footbridge::testing::start().await.unwrap();
    let mut machine = Machine::new();
    let command = machine.command(&["--backend", "aws", "--region", "eu-west-1", "--endpoint-url", far.url()]);
    let mut server = machine.start(command).await;
    let (text, is_error) = machine.call(&mut server, "s3_list_buckets", json!({})).await;
    assert!(is_error && text.starts_with("no_credentials: ") && text.contains("aws configure"), "{text}");
    let problems = machine.problems(&mut server).await;
    assert!(problems[0].starts_with("no_credentials: "), "{problems:?}");
    let keys = "[default]\naws_access_key_id = test\naws_secret_access_key = test\n";
    write(&machine.home(".aws/credentials"), keys);
    machine.works(&mut server).await;
    assert_eq!(machine.problems(&mut server).await, Vec::<String>::new());
    server.end().await;
}

#[tokio::test]
async fn what_is_wrong_with_aws_alone_concerns_nobody_on_the_emulator() {
    let mut machine = Machine::new();
    write(&machine.home(".aws/config"), "[profile broken\n");
    let mut command = machine.command(&[]);
    command.env("AWS_PROFILE", "nobody").env("AWS_ENDPOINT_URL", "::");
    let mut server = machine.start(command).await;
    machine.works(&mut server).await;
    assert_eq!(machine.problems(&mut server).await, Vec::<String>::new());
    server.end().await;
}

#[tokio::test]
async fn logs_and_journal_that_cannot_be_written_keep_no_local_tool_from_working() {
    let mut machine = Machine::new();
    write(&machine.work("blocked"), "");
    machine.blocks_the_journal();
    let mut command = machine.command(&[]);
    command.env("FOOTBRIDGE_LOG_FILE", machine.work("blocked/foot.log"));
    let mut server = machine.start(command).await;
    machine.works(&mut server).await;
    let problems = machine.problems(&mut server).await.join("\n");
    assert!(problems.contains("cannot log to") && problems.contains("calls go unrecorded"), "{problems}");
    fs::remove_file(machine.work("blocked")).unwrap();
    fs::remove_file(machine.data("journal")).unwrap();
    machine.works(&mut server).await;
    assert_eq!(machine.problems(&mut server).await, Vec::<String>::new());
    server.end().await;
    assert!(fs::read_dir(machine.work("blocked")).unwrap().count() == 1, "there is a log");
    assert!(fs::read_dir(machine.data("journal")).unwrap().count() >= 1, "there is a journal");
}

#[tokio::test]
async fn on_aws_nothing_runs_unrecorded_and_bridge_status_says_why() {
    let far = footbridge::testing::start().await.unwrap();
    let mut machine = Machine::new();
    machine.blocks_the_journal();
    let mut command = machine.command(&["--backend", "aws", "--region", "eu-west-1", "--endpoint-url", far.url()]);
    command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    let mut server = machine.start(command).await;
    let (text, is_error) = machine.call(&mut server, "s3_list_buckets", json!({})).await;
    assert!(is_error && text.starts_with("audit_failed: "), "{text}");
    assert!(machine.problems(&mut server).await[0].starts_with("audit_failed: "));
    fs::remove_file(machine.data("journal")).unwrap();
    machine.works(&mut server).await;
    server.end().await;
}

#[tokio::test]
async fn a_log_filter_that_is_none_is_told_and_keeps_nothing_from_working() {
    let mut machine = Machine::new();
    let mut command = machine.command(&[]);
    command.env("FOOTBRIDGE_LOG", "footbridge=loudest");
    let mut server = machine.start(command).await;
    machine.works(&mut server).await;
    let problems = machine.problems(&mut server).await;
    assert!(problems[0].contains("`footbridge=loudest` is not a log filter"), "{problems:?}");
    server.end().await;
}

#[tokio::test]
async fn a_file_that_an_agent_breaks_while_it_works_ends_nothing() {
    let mut machine = Machine::new();
    let mut server = machine.start(machine.command(&[])).await;
    machine.works(&mut server).await;
    write(&machine.work("footbridge.toml"), "[mcp]\ncommand = \"footbridge\"\n");
    machine.works(&mut server).await;
    // Nor does it keep the next one from starting.
    let mut next = machine.start(machine.command(&[])).await;
    let (text, is_error) = machine.call(&mut next, "s3_list_buckets", json!({})).await;
    assert!(is_error && text.starts_with("bad_configuration: ") && text.contains("footbridge.toml"), "{text}");
    let unknown = next.ask(90, "tools/call", json!({ "name": "s3_fly" })).await;
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
    next.end().await;
    server.end().await;
}

#[tokio::test]
async fn calls_that_wait_for_the_same_thing_share_its_outcome() {
    let mut machine = Machine::new();
    write(&machine.work("footbridge.toml"), "regoin = 1\n");
    let mut server = machine.start(machine.command(&[])).await;
    for round in [100, 200] {
        for id in round..round + 20 {
            let call =
                json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": "s3_list_buckets" } });
            server.send(call.to_string().as_bytes()).await;
        }
        for _ in 0..20 {
            let answer = server.next().await;
            assert_eq!(answer["result"]["isError"], round == 100, "{answer}");
        }
        let _ = fs::remove_file(machine.work("footbridge.toml"));
    }
    server.end().await;
}
