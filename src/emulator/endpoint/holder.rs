//! Who listens on a port that is taken.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use http::Request;
use http::header::HOST;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::health::HEALTH_PATH;
use crate::emulator::body;

/// How long a stranger may take to say who it is.
const PATIENCE: Duration = Duration::from_secs(1);

/// The longest answer that is read from a stranger, in bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// The program that listens on a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// Another footbridge.
    Footbridge {
        /// Its process id.
        pid: u32,
        /// The id of its data directory; none where its data is in memory.
        directory: Option<String>,
    },
    /// Another program.
    Program {
        /// Its process id.
        pid: u32,
        /// Its name.
        name: String,
    },
    /// Another program, of which this process may not know more.
    Unknown {
        /// The port, for the command that tells.
        port: u16,
    },
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Footbridge { pid, directory: Some(id) } => write!(f, "footbridge (pid {pid}, data directory {id})"),
            Self::Footbridge { pid, directory: None } => write!(f, "footbridge (pid {pid}, data in memory)"),
            Self::Program { pid, name } => write!(f, "{name} (pid {pid})"),
            Self::Unknown { port } if cfg!(windows) => {
                write!(f, "another program; `netstat -ano | findstr :{port}` shows its pid")
            }
            Self::Unknown { port } => {
                write!(f, "another program; `sudo lsof -nP -iTCP:{port} -sTCP:LISTEN` shows which")
            }
        }
    }
}

/// Finds out who listens at an address: asks it, and on Linux looks through `/proc`. Starts no program.
pub async fn holder(address: SocketAddr) -> Holder {
    if let Ok(Some(footbridge)) = tokio::time::timeout(PATIENCE, ask(reachable(address))).await {
        return footbridge;
    }
    let port = address.port();
    let program = tokio::task::spawn_blocking(move || program(port)).await.ok().flatten();
    program.unwrap_or(Holder::Unknown { port })
}

/// An address that a client can connect to.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// What a footbridge at the address says of itself.
async fn ask(address: SocketAddr) -> Option<Holder> {
    let stream = TcpStream::connect(address).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    let request = Request::get(HEALTH_PATH).header(HOST, address.to_string()).body(body::empty()).ok()?;
    let exchange = async {
        let response = sender.send_request(request).await.ok()?;
        body::read(body::from(response.into_body()), MAX_ANSWER).await.ok()
    };
    let answer = tokio::select! {
        answer = exchange => answer?,
        _ = connection => return None,
    };
    let health: serde_json::Value = serde_json::from_slice(&answer).ok()?;
    (health["name"] == "footbridge").then_some(())?;
    Some(Holder::Footbridge {
        pid: u32::try_from(health["pid"].as_u64()?).ok()?,
        directory: health["directory"].as_str().map(str::to_owned),
    })
}

/// The process that has a listening socket on the port, as `/proc` shows it.
#[cfg(target_os = "linux")]
fn program(port: u16) -> Option<Holder> {
    let sockets: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| std::fs::read_to_string(table).ok())
        .flat_map(|table| listening_inodes(&table, port))
        .map(|inode| format!("socket:[{inode}]"))
        .collect();
    if sockets.is_empty() {
        return None;
    }
    let processes = std::fs::read_dir("/proc").ok()?.flatten();
    processes.filter_map(|process| process.file_name().to_str()?.parse::<u32>().ok()).find_map(|pid| {
        let mut files = std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?.flatten();
        files.find(|file| {
            std::fs::read_link(file.path())
                .is_ok_and(|to| sockets.iter().any(|socket| to.as_os_str() == socket.as_str()))
        })?;
        let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).ok()?.trim().to_owned();
        Some(Holder::Program { pid, name })
    })
}

/// Without `/proc` only another program could tell.
#[cfg(not(target_os = "linux"))]
fn program(_port: u16) -> Option<Holder> {
    None
}

/// The inodes of sockets that listen on the port, in the kernel's table of TCP sockets.
#[cfg(target_os = "linux")]
fn listening_inodes(table: &str, port: u16) -> Vec<String> {
    let suffix = format!(":{port:04X}");
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            // number, local address, remote address, state (0A: listening), …, the tenth is the inode.
            let fields: Vec<&str> = line.split_whitespace().collect();
            let listens = fields.get(1)?.ends_with(&suffix) && *fields.get(3)? == "0A";
            listens.then(|| fields.get(9).map(|inode| (*inode).to_owned()))?
        })
        .collect()
}
