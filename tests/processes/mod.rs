//! The real binary as processes of one data directory, and our ends of their pipes.

mod damage;
mod frozen;
mod handover;
mod identity;
mod kills;
#[cfg(unix)]
mod modes;
mod put_back;
mod restores;
mod rounds;
mod said;
mod upgrade;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The longest that anything may take before a test gives it up.
const DEADLINE: Duration = Duration::from_secs(30);

/// The real binary in a place of its own, on the data directory `data` there.
fn footbridge(place: &Path, port: u16, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footbridge"));
    command.args(["--data-dir", "data", "--listen", &port.to_string()]).args(args);
    command.current_dir(place).env_clear().env("HOME", place).stderr(Stdio::null());
    command
}

/// A tool called by a process of its own.
pub fn call(place: &Path, tool: &str, arguments: &Value) -> Value {
    let output = footbridge(place, 0, &["call", tool, &arguments.to_string()]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{tool}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// The process that owns the data, as its directory says.
fn owner(place: &Path) -> Option<u32> {
    let record: Value = serde_json::from_slice(&std::fs::read(place.join("data/owner.json")).ok()?).ok()?;
    u32::try_from(record["pid"].as_u64()?).ok()
}

/// What is answered at the port to `request`, which must ask for the connection's end.
fn exchange(port: u16, request: &str) -> Option<String> {
    use std::io::Read as _;
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(DEADLINE)).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// The process that answers at the port.
fn holder(port: u16) -> Option<u32> {
    let request = "GET /_footbridge/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let health: Value = serde_json::from_str(exchange(port, request)?.split_once("\r\n\r\n")?.1).ok()?;
    u32::try_from(health["pid"].as_u64()?).ok()
}

/// How a command ends that is expected to: whether it succeeded, and what it said.
fn ended(mut command: Command) -> (bool, String) {
    let output = command.stdin(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said.into_owned())
}

/// Every file and directory below `directory`, with the lengths of files.
fn tree(directory: &Path) -> Vec<(String, Option<u64>)> {
    let mut tree = Vec::new();
    for entry in walkdir::WalkDir::new(directory).min_depth(1).sort_by_file_name() {
        let entry = entry.unwrap();
        let name = entry.path().strip_prefix(directory).unwrap().to_string_lossy().into_owned();
        tree.push((name, entry.file_type().is_file().then(|| entry.metadata().unwrap().len())));
    }
    tree
}

/// How many bodies are in the data directory `data`, by their names.
fn bodies(data: &Path) -> usize {
    let entries = std::fs::read_dir(data.join("blobs")).into_iter().flatten();
    entries.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.file_name().len() == 32)).count()
}

/// What is in quarantine in the data directory `data`: the reason and the bodies of each occasion.
fn quarantined(data: &Path) -> Vec<(String, Vec<Vec<u8>>)> {
    let mut occasions: Vec<_> =
        std::fs::read_dir(data.join("quarantine")).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    occasions.sort();
    let contents = occasions.into_iter().map(|occasion| {
        let why: Value = serde_json::from_slice(&std::fs::read(occasion.join("why.json")).unwrap()).unwrap();
        let mut bodies: Vec<Vec<u8>> = std::fs::read_dir(&occasion)
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_name() != "why.json")
            .map(|entry| std::fs::read(entry.path()).unwrap())
            .collect();
        bodies.sort();
        (why["why"].as_str().unwrap().to_owned(), bodies)
    });
    contents.collect()
}

/// Waits for something to be so.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}: not within {DEADLINE:?}");
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// A process, killed with its handle.
struct Process(Mutex<Child>);

impl Process {
    fn pid(&self) -> u32 {
        self.0.lock().unwrap().id()
    }

    /// SIGKILL, where there are signals.
    fn kill(&self) {
        let mut child = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Stops it, and returns when all of its threads are.
    #[cfg(unix)]
    fn stop(&self) {
        use rustix::process::{Signal, WaitId, WaitIdOptions, kill_process, waitid};
        kill_process(self.id(), Signal::STOP).unwrap();
        waitid(WaitId::Pid(self.id()), WaitIdOptions::STOPPED).unwrap();
    }

    /// Lets it go on.
    #[cfg(unix)]
    fn go_on(&self) {
        rustix::process::kill_process(self.id(), rustix::process::Signal::CONT).unwrap();
    }

    #[cfg(unix)]
    fn id(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The lines that a process writes, as they come.
fn lines(output: ChildStdout) -> Receiver<String> {
    let (send, lines) = channel();
    std::thread::spawn(move || {
        BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| send.send(line))
    });
    lines
}

/// How a tool call went.
#[derive(Debug)]
enum Called {
    Answered(Value),
    /// What the tool says is wrong.
    Refused(String),
    /// The process ended before it answered.
    Ended,
}

/// An MCP server and our ends of its pipes.
pub struct Mcp {
    process: Process,
    pipes: Mutex<Pipes>,
    calls: AtomicU64,
}

struct Pipes {
    input: ChildStdin,
    output: Receiver<String>,
}

impl Mcp {
    pub fn start(place: &Path, port: u16) -> Self {
        let mut child = footbridge(place, port, &["mcp"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let pipes = Pipes { input: child.stdin.take().unwrap(), output: lines(child.stdout.take().unwrap()) };
        let server = Self { process: Process(Mutex::new(child)), pipes: Mutex::new(pipes), calls: AtomicU64::new(0) };
        let client = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
        server.ask("initialize", &client).unwrap();
        let initialized = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        writeln!(server.pipes.lock().unwrap().input, "{initialized}").unwrap();
        server
    }

    fn ask(&self, method: &str, params: &Value) -> Option<Value> {
        let mut pipes = self.pipes.lock().unwrap();
        let id = self.calls.fetch_add(1, Ordering::Relaxed);
        let request = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        writeln!(pipes.input, "{request}").ok()?;
        loop {
            let line = match pipes.output.recv_timeout(DEADLINE) {
                Ok(line) => line,
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => panic!("{method} {params}: no answer within {DEADLINE:?}"),
            };
            let answer: Value = serde_json::from_str(&line).unwrap();
            if answer["id"] == id {
                return Some(answer["result"].clone());
            }
        }
    }

    fn try_call(&self, tool: &str, arguments: &Value) -> Called {
        let Some(result) = self.ask("tools/call", &json!({"name": tool, "arguments": arguments})) else {
            return Called::Ended;
        };
        let text = result["content"][0]["text"].as_str().unwrap();
        if result["isError"] == true {
            return Called::Refused(text.to_owned());
        }
        Called::Answered(serde_json::from_str(text).unwrap())
    }

    /// What the tool answers, which must not be an error.
    pub fn call(&self, tool: &str, arguments: &Value) -> Value {
        match self.try_call(tool, arguments) {
            Called::Answered(answer) => answer,
            other => panic!("{tool}: {other:?}"),
        }
    }

    /// Ends as a client ends it: by closing its input.
    pub fn end(self) {
        drop(self.pipes.into_inner().unwrap().input);
        assert!(self.process.0.lock().unwrap().wait().unwrap().success());
    }
}

/// A `footbridge serve` that answers.
pub struct Serve {
    process: Process,
    pub url: String,
}

impl Serve {
    pub fn start(place: &Path, port: u16) -> Self {
        let mut child = footbridge(place, port, &["--json", "serve"]).stdout(Stdio::piped()).spawn().unwrap();
        let ready = lines(child.stdout.take().unwrap());
        let process = Process(Mutex::new(child));
        let ready: Value = serde_json::from_str(&ready.recv_timeout(DEADLINE).unwrap()).unwrap();
        Self { process, url: ready["endpoint"].as_str().unwrap().to_owned() }
    }

    pub fn kill(self) {
        self.process.kill();
    }
}
