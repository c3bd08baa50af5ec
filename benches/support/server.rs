//! A `footbridge serve` of this build, in a directory of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::http::Connection;

/// A running server; dropping it ends the process.
pub struct Server {
    child: Child,
    /// Where it answers.
    pub endpoint: String,
    /// From the start of the process to the first healthy answer.
    pub started: Duration,
    _directory: tempfile::TempDir,
}

impl Server {
    /// Starts `footbridge serve` with `extra` arguments, and waits until it is healthy.
    pub fn start(extra: &[&str]) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let began = Instant::now();
        let mut child = program(directory.path())?
            .args(["serve", "--json", "--listen", "127.0.0.1:0"])
            .args(extra)
            .stdin(Stdio::null())
            .spawn()
            .context("starting footbridge serve")?;
        let mut line = String::new();
        let said = child.stdout.take().context("no standard output")?;
        BufReader::new(said).read_line(&mut line)?;
        let ready: serde_json::Value =
            serde_json::from_str(&line).with_context(|| format!("footbridge serve said {line:?}"))?;
        let endpoint = ready["endpoint"].as_str().context("no endpoint")?.to_owned();
        let (status, _) = Connection::open(&endpoint)?.send("GET", "/_footbridge/health", "", b"")?;
        anyhow::ensure!(status == 200, "health answered {status}");
        Ok(Self { child, endpoint, started: began.elapsed(), _directory: directory })
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program of this build, which lies beside the bench, on `directory`, with nothing of the machine's environment.
pub fn program(directory: &Path) -> anyhow::Result<Command> {
    let program = std::env::current_exe()?.with_file_name("footbridge");
    anyhow::ensure!(program.exists(), "build the program first: cargo build --release");
    let mut command = Command::new(program);
    command.env_clear().env("HOME", directory).current_dir(directory).stdout(Stdio::piped());
    command.arg("--data-dir").arg(directory.join("data"));
    Ok(command)
}

/// A line of `/proc/PID/status` such as `VmHWM`, in KiB. Linux only.
pub fn memory_kib(pid: u32, what: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))
        .context("memory is read from /proc, which only Linux has")?;
    let line = status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'));
    let number = line.and_then(|line| line.split_whitespace().next()).with_context(|| format!("no {what}"))?;
    Ok(number.parse()?)
}
