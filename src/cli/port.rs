//! Who has a TCP port.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(1);

/// Whoever answers at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    name: &'static str,
    process: Option<(u32, String)>,
}

impl Holder {
    const FOOTBRIDGE: &'static str = "footbridge";

    /// Whether it is one of us.
    #[must_use]
    pub fn is_footbridge(&self) -> bool {
        self.name == Self::FOOTBRIDGE
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        match &self.process {
            Some((pid, command)) => write!(f, " (process {pid}, {command})"),
            None => Ok(()),
        }
    }
}

/// Who has `address`: asked over HTTP, and on Linux looked up for its process. `None` where nobody answers.
pub async fn holder(address: SocketAddr) -> Option<Holder> {
    timeout(PATIENCE, TcpStream::connect(address)).await.ok()?.ok()?;
    let asked = futures::join!(answers(address, "/_footbridge/health"), answers(address, "/_localstack/health"));
    let name = match asked {
        (true, _) => Holder::FOOTBRIDGE,
        (false, true) => "LocalStack or one of its kind",
        (false, false) => "another program",
    };
    Some(Holder { name, process: process(address) })
}

async fn answers(address: SocketAddr, path: &str) -> bool {
    let Ok(uri) = format!("http://{address}{path}").parse::<http::Uri>() else { return false };
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    matches!(timeout(PATIENCE, client.get(uri)).await, Ok(Ok(response)) if response.status().is_success())
}

/// The listening process, from `/proc`, where it is ours to see.
#[cfg(target_os = "linux")]
fn process(address: SocketAddr) -> Option<(u32, String)> {
    let inode = ["/proc/net/tcp", "/proc/net/tcp6"].iter().find_map(|table| {
        std::fs::read_to_string(table).ok()?.lines().skip(1).find_map(|line| {
            let mut columns = line.split_whitespace();
            let local = columns.nth(1)?;
            let state = columns.nth(1)?;
            let inode = columns.nth(5)?;
            let port = u16::from_str_radix(local.rsplit(':').next()?, 16).ok()?;
            // 0A is LISTEN.
            (state == "0A" && port == address.port()).then(|| format!("socket:[{inode}]"))
        })
    })?;
    std::fs::read_dir("/proc").ok()?.flatten().find_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let mut files = std::fs::read_dir(entry.path().join("fd")).ok()?.flatten();
        files.any(|file| std::fs::read_link(file.path()).is_ok_and(|link| link.as_os_str() == inode.as_str())).then(
            || {
                let command = std::fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
                (pid, command.trim().to_owned())
            },
        )
    })
}

#[cfg(not(target_os = "linux"))]
fn process(_address: SocketAddr) -> Option<(u32, String)> {
    None
}
