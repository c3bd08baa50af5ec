//! A person's machine: their configuration, a working directory, data, and far sides that stand in for AWS.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Instant;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{DEADLINE, Server, program};

/// A person's machine.
pub struct Machine {
    place: TempDir,
    next: u32,
}

impl Machine {
    /// With this `footbridge.toml` of the person's own.
    pub fn new(user: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        let machine = Self { place, next: 0 };
        fs::create_dir(machine.path("work")).unwrap();
        machine.write("home/.config/footbridge/footbridge.toml", user);
        machine
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A profile of AWS's shared files with these keys.
    pub fn profile(&self, name: &str, key: &str, secret: &str) {
        let path = self.path("home/.aws/credentials");
        let more = format!("[{name}]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n");
        let all = fs::read_to_string(&path).unwrap_or_default() + &more;
        self.write("home/.aws/credentials", &all);
    }

    /// `footbridge` with these arguments, in the working directory.
    pub fn footbridge(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_footbridge"));
        command.arg("--data-dir").arg(self.path("data")).args(arguments).current_dir(self.path("work")).env_clear();
        command.env("HOME", self.path("home")).env("AWS_EC2_METADATA_DISABLED", "true");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.footbridge(arguments).output().unwrap()
    }

    /// What it prints, as JSON; it must do well.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Starts a server of all tools and begins a session.
    pub async fn server(&self, arguments: &[&str]) -> Server {
        let mut command = program(&self.path("work"));
        command.env("HOME", self.path("home")).env("AWS_EC2_METADATA_DISABLED", "true");
        command.args(["--tools", "all", "--data-dir"]).arg(self.path("data")).args(arguments);
        let mut server = Server::of(command);
        server.initialize().await;
        server
    }

    /// Calls a tool that should answer.
    pub async fn ok(&mut self, server: &mut Server, tool: &str, arguments: Value) -> Value {
        let (text, failed) = self.call(server, tool, arguments.clone()).await;
        assert!(!failed, "{tool} {arguments}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Calls a tool that should fail.
    pub async fn err(&mut self, server: &mut Server, tool: &str, arguments: Value) -> String {
        let (text, failed) = self.call(server, tool, arguments.clone()).await;
        assert!(failed, "{tool} {arguments}: {text}");
        text
    }

    /// Calls a tool that a person is asked about, who answers with this command. The answer, and whether it is an error.
    pub async fn answered(
        &mut self,
        server: &mut Server,
        (tool, arguments): (&str, Value),
        answer: &str,
    ) -> (String, bool) {
        self.next += 1;
        let id = 100 + self.next;
        let call = json!({
            "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": tool, "arguments": arguments },
        });
        server.send(call.to_string().as_bytes()).await;
        let began = Instant::now();
        let request = loop {
            let waiting = self.json(&["--json", "approve"]);
            if let Some(id) = waiting[0]["id"].as_str() {
                break id.to_owned();
            }
            assert!(began.elapsed() < DEADLINE, "nobody is asked about {tool}");
        };
        let said = self.run(&[answer, &request]);
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        loop {
            let message = server.next().await;
            if message["id"] == id {
                let text = message["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{message}"));
                return (text.to_owned(), message["result"]["isError"] == true);
            }
        }
    }

    async fn call(&mut self, server: &mut Server, tool: &str, arguments: Value) -> (String, bool) {
        self.next += 1;
        server.try_call(100 + self.next, tool, arguments).await
    }

    /// All lines of the journals of the data directory.
    pub fn journal(&self) -> Vec<Value> {
        let mut lines = Vec::new();
        for entry in fs::read_dir(self.path("data/journal")).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
            lines.extend(text.lines().filter_map(|line| serde_json::from_str(line).ok()));
        }
        lines
    }
}

/// `footbridge serve --strict`, which stands in for an account of AWS; it ends with the test.
pub struct Account {
    child: Child,
    pub url: String,
    _place: TempDir,
}

impl Account {
    /// One that knows the key `AKIA` + `name`, with the secret `right`.
    pub fn start(name: &str, account: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        let known = format!("[[identity]]\nkey = \"AKIA{name}\"\nsecret = \"right\"\naccount = \"{account}\"\n");
        fs::write(place.path().join("known.toml"), known).unwrap();
        let (child, url) = serve(place.path());
        Self { child, url, _place: place }
    }
}

fn serve(place: &Path) -> (Child, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footbridge"));
    command.args(["serve", "--strict", "--listen", "0", "--json", "--config", "known.toml"]);
    command.current_dir(place).env_clear().env("HOME", place);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let url = ready["endpoint"].as_str().unwrap().to_owned();
    (child, url)
}

impl Drop for Account {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
