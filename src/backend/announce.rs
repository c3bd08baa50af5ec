//! Announcements: how the processes of a data directory find the endpoints that are offered for it.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::emulator::endpoint::HEALTH_PATH;
use crate::emulator::place::DIRECTORY_ID;
use crate::private;

/// Where in a data directory the announcements are.
const PLACE: &str = "endpoints";
/// How long somebody at an announced address may take to say who it is.
const PATIENCE: Duration = Duration::from_millis(500);
/// The longest health answer that is read, in bytes.
const MAX_ANSWER: u64 = 64 * 1024;

/// An endpoint, as other processes of the directory find it. Readable by its user alone, for the token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Announcement {
    /// The URL for clients.
    pub url: String,
    /// The process that listens.
    pub pid: u32,
    /// Where it listens, for a client on this machine.
    pub address: SocketAddr,
    /// The port that it was to listen on, which a stranger may have; 0 for any.
    pub port: u16,
    /// What a process brings that asks for the port.
    pub token: String,
}

/// A published announcement, withdrawn when it is dropped.
#[derive(Debug)]
pub(super) struct Announced(PathBuf);

impl Drop for Announced {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Where the announcements of the data directory at `directory` are.
pub(super) fn place(directory: &Path) -> PathBuf {
    directory.join(PLACE)
}

impl Announcement {
    /// Publishes it, whole or not at all, in a file of its own: several may serve one directory, on ports of their own.
    pub fn publish(&self, directory: &Path) -> std::io::Result<Announced> {
        prune(directory);
        let place = place(directory);
        private::directory(&place)?;
        let mut new = tempfile::NamedTempFile::new_in(&place)?;
        serde_json::to_writer(&mut new, self)?;
        private::file(new.path())?;
        let file = place.join(format!("{}-{}.json", self.pid, self.address.port()));
        new.persist(&file)?;
        Ok(Announced(file))
    }
}

/// All announcements in the directory. A process that was killed withdrew nothing: a call tells.
pub(super) fn all(directory: &Path) -> Vec<Announcement> {
    files(directory).into_iter().map(|(_, announcement)| announcement).collect()
}

/// The URLs that processes announce in the data directory at `directory`, by process. One may be a killed one's.
#[must_use]
pub fn endpoints(directory: &Path) -> std::collections::BTreeMap<u32, String> {
    all(directory).into_iter().map(|announcement| (announcement.pid, announcement.url)).collect()
}

fn files(directory: &Path) -> Vec<(PathBuf, Announcement)> {
    let Ok(entries) = std::fs::read_dir(place(directory)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    // Any will do for a caller that wants one; the same one each time is easier to follow.
    files.sort();
    let known = files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "json"));
    known
        .filter_map(|file| {
            let announcement = serde_json::from_slice(&std::fs::read(&file).ok()?).ok()?;
            Some((file, announcement))
        })
        .collect()
}

/// Removes what killed processes announced, so that it does not pile up.
fn prune(directory: &Path) {
    for (file, announcement) in files(directory) {
        let answer = TcpStream::connect_timeout(&announcement.address, PATIENCE);
        if answer.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused) {
            let _ = std::fs::remove_file(file);
        }
    }
}

/// The URL at which a process offers the endpoint of the data directory at `directory` just now.
#[must_use]
pub fn endpoint_of(directory: &Path) -> Option<String> {
    let id = std::fs::read_to_string(directory.join(DIRECTORY_ID)).ok()?;
    // A port is given out again: who listens there says for which directory.
    let ours = |announcement: &Announcement| served_by(announcement.address).as_deref() == Some(id.trim());
    all(directory).into_iter().find(ours).map(|announcement| announcement.url)
}

/// The id of the data directory that the footbridge at `address` serves.
fn served_by(address: SocketAddr) -> Option<String> {
    health_at(address)?["directory"].as_str().map(str::to_owned)
}

/// Who answers at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// A footbridge with its data in a directory.
    OnDisk,
    /// A footbridge with its data in memory.
    InMemory,
    /// Nobody, or another program.
    NoFootbridge,
}

/// Who answers at `address`.
#[must_use]
pub fn answering(address: SocketAddr) -> Answering {
    match health_at(address) {
        Some(health) if health["name"] != "footbridge" => Answering::NoFootbridge,
        Some(health) if health["directory"].is_null() => Answering::InMemory,
        Some(_) => Answering::OnDisk,
        None => Answering::NoFootbridge,
    }
}

/// What the footbridge at `address` says of itself.
fn health_at(address: SocketAddr) -> Option<serde_json::Value> {
    let deadline = Instant::now() + PATIENCE;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    // In one piece: a stranger that closes after the first would take the rest for a reason to reset.
    let request = format!("GET {HEALTH_PATH} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let (mut answer, mut chunk) = (Vec::new(), [0; 4096]);
    let mut stream = stream.take(MAX_ANSWER);
    loop {
        let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        stream.get_ref().set_read_timeout(Some(left)).ok()?;
        match stream.read(&mut chunk).ok()? {
            0 => break,
            read => answer.extend_from_slice(chunk.get(..read)?),
        }
    }
    let body = answer.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    serde_json::from_slice(answer.get(body..)?).ok()
}

/// The address at which a client on this machine reaches a listener at `address`.
pub(super) fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::Port;

    fn announcement(address: SocketAddr, pid: u32) -> Announcement {
        Announcement { url: format!("http://{address}"), pid, address, port: 4566, token: "t".into() }
    }

    /// A listener that answers every connection with `body`.
    fn answering(body: &'static str) -> SocketAddr {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0; 512];
                let _ = stream.read(&mut request);
                let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            }
        });
        address
    }

    #[test]
    fn only_an_endpoint_of_the_same_directory_counts() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::write(temp.path().join("directory.id"), "ours\n").unwrap();
        assert_eq!(endpoint_of(temp.path()), None);
        let theirs = announcement(answering(r#"{"directory": "theirs"}"#), 1).publish(temp.path()).unwrap();
        let stranger = announcement(answering("<html>"), 2).publish(temp.path()).unwrap();
        assert_eq!(endpoint_of(temp.path()), None);
        let ours = announcement(answering(r#"{"directory": "ours"}"#), 3);
        let kept = ours.publish(temp.path()).unwrap();
        assert_eq!(endpoint_of(temp.path()), Some(ours.url));
        drop((kept, theirs, stranger));
        assert!(all(temp.path()).is_empty());
    }

    #[test]
    fn what_a_killed_process_announced_goes_with_the_next_announcement() {
        let temp = tempfile::tempdir().unwrap();
        let dead = Port::reserve();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, dead.number()));
        std::mem::forget(announcement(address, 1).publish(temp.path()).unwrap());
        let alive = announcement(answering("{}"), 2).publish(temp.path()).unwrap();
        assert_eq!(all(temp.path()).iter().map(|known| known.pid).collect::<Vec<_>>(), [2]);
        drop(alive);
    }

    #[cfg(unix)]
    #[test]
    fn an_announcement_is_readable_by_its_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let temp = tempfile::tempdir().unwrap();
        let kept = announcement("127.0.0.1:1".parse().unwrap(), 1).publish(temp.path()).unwrap();
        assert_eq!(std::fs::metadata(&kept.0).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
