//! `footbridge mcp --http` as a process: its address, its token, its end.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::timeout;

use super::{Served, call};
use crate::program::{DEADLINE, program};

struct Running {
    child: Child,
    stderr: Lines<BufReader<ChildStderr>>,
    /// What it says of its address and its token.
    said: String,
}

fn command(directory: &Path, args: &[&str]) -> Command {
    let mut command = program(directory);
    command.arg("--data-dir").arg(directory.join("data")).args(args);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

impl Running {
    async fn of(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
        let said = timeout(DEADLINE, async {
            loop {
                let line = stderr.next_line().await.unwrap().expect("it ended");
                if line.starts_with("footbridge answers") {
                    break line;
                }
            }
        });
        Self { said: said.await.unwrap(), child, stderr }
    }

    async fn start(directory: &Path, args: &[&str]) -> Self {
        Self::of(command(directory, args)).await
    }

    fn url(&self) -> String {
        let from = self.said.find("http://").unwrap();
        self.said[from..].split(';').next().unwrap().to_owned()
    }

    /// The status and the body of a call with this token.
    async fn call(&self, token: Option<&str>) -> (u16, Value) {
        let address = self.url().strip_prefix("http://").unwrap().strip_suffix("/mcp").unwrap().parse().unwrap();
        let served = Served::at(address);
        let mut request = served.stateless(1, "tools/call", call("s3_list_buckets", json!({})));
        request.headers_mut().remove("authorization");
        if let Some(token) = token {
            request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        let answer = served.send(request).await;
        (answer.status.as_u16(), answer.last())
    }

    /// Ends it as a service manager would.
    async fn end(mut self) {
        let pid = rustix::process::Pid::from_raw(self.child.id().unwrap().try_into().unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let ended = timeout(DEADLINE, self.child.wait()).await.expect("it goes on").unwrap();
        let mut said = String::new();
        while let Ok(Some(line)) = self.stderr.next_line().await {
            said.push_str(&line);
        }
        assert!(ended.success(), "{ended}: {said}");
        let mut output = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut output).await.unwrap();
        assert_eq!(output, "", "standard output is not for this");
    }
}

#[tokio::test]
async fn the_token_is_made_on_first_use_and_kept() {
    let temp = tempfile::tempdir().unwrap();
    let data = temp.path().join("data");
    let first = Running::start(temp.path(), &["--http", "0"]).await;
    let path = data.join("mcp.token");
    assert!(first.said.ends_with(&format!("the token is in {}", path.display())), "{}", first.said);
    let token = std::fs::read_to_string(&path).unwrap();
    assert!(token.trim().len() >= 40, "{token}");
    assert!(!first.said.contains(token.trim()));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(first.call(Some(token.trim())).await.0, 200);
    assert_eq!(first.call(Some("0123456789abcdef")).await.0, 401);
    assert_eq!(first.call(None).await.0, 401);
    // Other processes find it.
    let record = data.join(format!("processes/{}.json", first.child.id().unwrap()));
    let record: Value = serde_json::from_slice(&std::fs::read(record).unwrap()).unwrap();
    assert_eq!(record["mcp"], first.url());
    first.end().await;
    let second = Running::start(temp.path(), &["--http", "127.0.0.1:0"]).await;
    assert_eq!(second.call(Some(token.trim())).await.0, 200);
    second.end().await;
}

#[tokio::test]
async fn a_token_can_be_given_and_a_loopback_address_can_go_without() {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("token");
    std::fs::write(&file, "given-in-a-file-0123\n").unwrap();
    let by_file = Running::start(temp.path(), &["--http", "0", "--token-file", file.to_str().unwrap()]).await;
    assert_eq!(by_file.call(Some("given-in-a-file-0123")).await.0, 200);
    by_file.end().await;
    let mut variable = command(temp.path(), &["--http", "0", "--ephemeral"]);
    variable.env("FOOTBRIDGE_MCP_TOKEN", "given-by-variable-0123");
    let by_variable = Running::of(variable).await;
    assert_eq!(by_variable.call(Some("given-by-variable-0123")).await.0, 200);
    assert_eq!(by_variable.call(Some("given-in-a-file-0123")).await.0, 401);
    by_variable.end().await;
    let open = Running::start(temp.path(), &["--http", "0", "--no-token"]).await;
    assert_eq!(open.call(None).await.0, 200);
    open.end().await;
    assert!(!temp.path().join("data/mcp.token").exists());
}

#[tokio::test]
async fn what_would_let_strangers_in_or_nobody_is_refused() {
    let temp = tempfile::tempdir().unwrap();
    let short = temp.path().join("short");
    std::fs::write(&short, "short").unwrap();
    let missing = temp.path().join("missing");
    for (args, words) in [
        (&["--http", "0.0.0.0:0", "--no-token"][..], "loopback"),
        (&["--http", "0", "--token-file", short.to_str().unwrap()], "has no token"),
        (&["--http", "0", "--token-file", missing.to_str().unwrap()], "has no token"),
        (&["--http", "devbox:80"], "give a port"),
        (&["--no-token"], "--http"),
    ] {
        let ended = timeout(DEADLINE, command(temp.path(), args).output()).await.expect("it serves").unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
    }
}
