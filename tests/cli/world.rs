//! A home and a working directory with what the examples of the help speak of.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use footbridge::clock::SystemClock;
use footbridge::consent::{Question, Queue};
use footbridge::journal::Target;
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) struct World {
    root: TempDir,
}

/// The program's folder, which is first on the `PATH`.
fn programs() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_footbridge")).parent().unwrap().to_owned()
}

impl World {
    /// Two directories with nothing in them.
    pub(crate) fn empty() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("home")).unwrap();
        fs::create_dir(root.path().join("work")).unwrap();
        Self { root }
    }

    /// The bucket `media`, the table `orders`, a journal, and the files that examples name.
    pub(crate) fn new() -> Self {
        let world = Self::empty();
        let schema = json!({ "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
            "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }] });
        world.write("fixtures/s3/media/a.txt", "hello");
        world.write("fixtures/s3/media/docs/1.json", r#"{"n": 1}"#);
        world.write("fixtures/dynamodb/orders.schema.json", &schema.to_string());
        world.write("fixtures/dynamodb/orders.json", r#"[{"pk": "a", "total": 12.5}, {"pk": "b", "total": 7}]"#);
        world.write("orders.json", r#"[{"pk": "c", "total": 3}]"#);
        world.write(
            "src/app.py",
            "import boto3\nboto3.client('s3').put_object(Bucket='media', Key='a.txt', Body=b'x')\n",
        );
        world.write("infra/main.tf", "resource \"aws_s3_bucket\" \"media\" {\n  bucket = \"media\"\n}\n");
        world.write("site/index.html", "<h1>hello</h1>");
        world.write("footbridge.toml", "[target.dev]\nstore = \"shop\"\n[target.prod]\nstore = \"shop\"\n");
        world.write(".env", "AWS_REGION=us-east-1\n");
        let nowhere = "[profile dev]\nregion = us-east-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n\
                       aws_secret_access_key = secret\nendpoint_url = http://127.0.0.1:1\n";
        fs::create_dir_all(world.home().join(".aws")).unwrap();
        fs::write(world.home().join(".aws/config"), nowhere).unwrap();
        for words in [
            "footbridge seed fixtures",
            "footbridge seed fixtures --store shop",
            "footbridge snapshot yesterday",
            "footbridge snapshot yesterday --store shop",
            "footbridge call s3_put_object bucket=media key=a.txt text=hello",
            "footbridge call s3_put_object bucket=media key=a.txt text=hello",
            "footbridge call s3_put_object bucket=media key=a.txt text=hello",
            "footbridge call dynamodb_put_items table=orders 'items=[{\"pk\": \"a\", \"total\": 12.5}]'",
            "footbridge call dynamodb_scan table=orders",
            "footbridge journal tail --json > session.ndjson",
            "cp session.ndjson before.ndjson",
            "cp session.ndjson after.ndjson",
        ] {
            let output = world.sh(words);
            assert!(output.status.success(), "{words}: {}", stderr(&output));
        }
        world
    }

    /// The same, elsewhere.
    pub(crate) fn copy(&self) -> Self {
        let root = tempfile::tempdir().unwrap();
        copy(self.root.path(), root.path());
        Self { root }
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    pub(crate) fn work(&self) -> PathBuf {
        self.root.path().join("work")
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.work().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A call that waits for a person, for as long as what it gives is kept.
    pub(crate) fn waits(&self, id: &str) -> Queue {
        let files = walkdir::WalkDir::new(self.home()).into_iter().flatten();
        let database = files.into_iter().map(walkdir::DirEntry::into_path).find(|path| {
            path.ends_with("footbridge.redb") && !path.components().any(|step| step.as_os_str() == "stores")
        });
        let queue = Queue::open(database.unwrap().parent().unwrap(), Arc::new(SystemClock));
        let question = Question {
            session: uuid::Uuid::new_v4(),
            caller: "agent 1".into(),
            tool: "dynamodb_put_items".into(),
            target: "aws".into(),
            far_side: "AWS us-east-1".into(),
            far: Target::Aws { account: None, region: None },
            region: "us-east-1".into(),
            arguments: json!({ "table": "orders", "items": [{ "pk": "a" }] }),
            resources: vec!["dynamodb://orders".into()],
            does: Vec::new(),
            once: false,
            effect: "write".into(),
            impact: "it makes a new item".into(),
            old: None,
            new: Some(json!({ "pk": "a" })),
            digest: String::new(),
        };
        queue.ask(id.parse().unwrap(), question).unwrap();
        queue
    }

    /// A program in the working directory, with nothing of the person's environment.
    pub(crate) fn command(&self, program: &str) -> Command {
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", programs().display());
        let mut command = Command::new(program);
        command.current_dir(self.work()).env_clear().env("HOME", self.home()).env("PATH", path);
        command.env("FOOTBRIDGE_LISTEN", "0").env("AWS_EC2_METADATA_DISABLED", "true").stdin(Stdio::null());
        command
    }

    /// The program itself.
    pub(crate) fn footbridge(&self, words: &[&str]) -> Output {
        self.command(env!("CARGO_BIN_EXE_footbridge")).args(words).output().unwrap()
    }

    /// What a person types.
    pub(crate) fn sh(&self, words: &str) -> Output {
        self.command("sh").args(["-c", words]).output().unwrap()
    }

    /// The answer of a tool.
    pub(crate) fn call(&self, words: &[&str]) -> Value {
        let output = self.footbridge(&[&["call"], words].concat());
        assert!(output.status.success(), "{words:?}: {}", stderr(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let there = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&there).unwrap();
            copy(&entry.path(), &there);
        } else {
            fs::copy(entry.path(), there).unwrap();
        }
    }
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
