//! A process that has its data in memory, found by what it says of itself beside its temporary journal.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::path::{Path, PathBuf};

use http::Uri;

use crate::backend::{Answering, BridgeError, BridgeErrorKind, Gateway, ProcessRecord, answering, owner_in, present};
use crate::journal::temporary_places as places;

/// A process with its data in memory.
pub(in crate::cli) struct Found {
    /// What it says of itself.
    pub(in crate::cli) process: ProcessRecord,
    /// Its temporary directory.
    pub(in crate::cli) place: PathBuf,
}

impl Found {
    /// The way to its data.
    pub(in crate::cli) fn gateway(&self) -> Result<Gateway, BridgeError> {
        let record = owner_in(&self.place).ok().flatten().filter(|record| record.pid == self.process.pid);
        record.map(Gateway::to_memory_of).ok_or_else(|| no_such(format!("process {} has ended", self.process.pid)))
    }

    /// Whether it still runs.
    pub(in crate::cli) fn lives(&self) -> bool {
        present(&self.place).iter().any(|known| known.pid == self.process.pid)
    }
}

fn no_such(message: String) -> BridgeError {
    BridgeError::new(BridgeErrorKind::Endpoint, message)
}

/// The process that `sought` names: by its endpoint, its number or its journal's directory.
pub(in crate::cli) fn find(sought: &str) -> Result<Found, BridgeError> {
    let directory = Path::new(sought);
    if directory.is_dir() {
        let process = present(directory).into_iter().next();
        return process.map(|process| Found { process, place: directory.to_owned() }).ok_or_else(|| {
            no_such(format!("no process that runs has its data in memory and its journal in {sought}"))
        });
    }
    if let Ok(pid) = sought.parse::<u32>() {
        return among(&places(), |process| process.pid == pid)
            .ok_or_else(|| no_such(format!("process {pid} is no footbridge of yours with its data in memory")));
    }
    let Some(address) = address(sought) else {
        let message = format!("`{sought}` is no URL of an endpoint, number of a process or directory of a journal");
        return Err(no_such(message));
    };
    let is_there = |process: &ProcessRecord| {
        process.endpoint.as_deref().and_then(self::address).is_some_and(|theirs| same(theirs, address))
    };
    among(&places(), is_there).ok_or_else(|| match answering(address) {
        Answering::OnDisk => no_such(format!("the footbridge at {sought} has its data in a directory"))
            .hint("Name that directory with --data-dir DIR"),
        Answering::InMemory => no_such(format!("the footbridge at {sought} is another user's, or has another TMPDIR"))
            .hint("`serve` says the directory of its journal, which can be named as well"),
        Answering::NoFootbridge => no_such(format!("no footbridge answers at {sought}")),
    })
}

fn among(places: &[PathBuf], is_it: impl Fn(&ProcessRecord) -> bool) -> Option<Found> {
    places.iter().find_map(|place| {
        let process = present(place).into_iter().find(|process| is_it(process))?;
        Some(Found { process, place: place.clone() })
    })
}

/// The address of a URL, or of a host and a port.
fn address(url: &str) -> Option<SocketAddr> {
    let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    let url: Uri = url.parse().ok()?;
    let host = url.host()?.trim_matches(['[', ']']);
    (host, url.port_u16().unwrap_or(80)).to_socket_addrs().ok()?.next()
}

/// Whether two addresses lead to one listener: this machine has several names.
fn same(one: SocketAddr, other: SocketAddr) -> bool {
    let is_here = |ip: IpAddr| ip.is_loopback() || ip.is_unspecified();
    one.port() == other.port() && (one.ip() == other.ip() || (is_here(one.ip()) && is_here(other.ip())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::Presence;

    #[test]
    fn one_listener_has_several_names() {
        let known = address("http://127.0.0.1:4566").unwrap();
        for name in ["http://localhost:4566/", "localhost:4566", "http://[::1]:4566", "127.0.0.1:4566"] {
            assert!(same(address(name).unwrap(), known), "{name}");
        }
        assert!(!same(address("localhost:4567").unwrap(), known));
        assert_eq!(address("not a url"), None);
    }

    #[test]
    fn a_process_is_found_by_its_journal_and_one_that_is_not_there_is_told() {
        let temp = tempfile::tempdir().unwrap();
        let sought = temp.path().to_str().unwrap();
        let said = |sought| find(sought).err().unwrap().to_string();
        assert!(said(sought).contains("no process that runs has its data in memory"), "{}", said(sought));
        let record = ProcessRecord {
            pid: 7,
            command: "serve".into(),
            version: "0".into(),
            started: 1,
            target: footbridge_record::Target::Local { account: None, region: None },
            mode: "read-write".into(),
            journal: temp.path().into(),
            endpoint: Some("http://127.0.0.1:4599".into()),
            mcp: None,
            client: None,
        };
        let presence = Presence::announce(temp.path(), record.clone()).unwrap();
        let found = find(sought).unwrap();
        assert_eq!(found.process, record);
        assert!(found.lives());
        assert!(found.gateway().is_err(), "nothing says how its data is reached");
        drop(presence);
        assert!(!found.lives());
        assert!(said("0").contains("is no footbridge of yours"), "{}", said("0"));
        assert!(said("\u{1} ?").contains("is no URL of an endpoint"), "{}", said("\u{1} ?"));
    }
}
