//! The calls of a journal, in the order in which they began.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::ReplayError;
use crate::journal::{self, Call, Event, Filter, Join, Reader};

/// Which calls of a journal are meant; what is empty is not asked for.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// By service, operation, status, resource.
    pub filter: Filter,
    /// Tools by their names, any of them.
    pub tools: Vec<String>,
    /// The process that recorded, by its id.
    pub session: Option<u32>,
    /// The first call, by how its id begins or ends.
    pub from: Option<String>,
    /// The last call, by how its id begins or ends.
    pub to: Option<String>,
}

/// The calls of a journal.
#[derive(Debug)]
pub struct Script {
    /// In the order in which they began.
    pub calls: Vec<Call>,
    /// Lines that are no records and were passed over.
    pub unreadable: u64,
}

impl Script {
    /// Reads the chosen calls of a journal: a file, a directory of files, or a directory of data with its journal.
    ///
    /// # Errors
    /// [`ReplayError`] where there is no journal at `path`, or no such call in it.
    pub fn read(path: &Path, choice: &Choice) -> Result<Self, ReplayError> {
        let place = place(path)?;
        let mut reader = Reader::open(&place)?;
        let (mut join, mut order, mut ended) = (Join::default(), Vec::new(), HashMap::new());
        while let Some(entry) = reader.next()? {
            if matches!(entry.record.event, Event::Started(_)) {
                order.push(entry.record.id);
            }
            if let Some(call) = join.push(entry) {
                ended.insert(call.id, call);
            }
        }
        let calls: Vec<Call> =
            order.into_iter().filter_map(|id| ended.remove(&id).or_else(|| join.give_up(id))).collect();
        let calls = choice.choose(calls)?;
        if calls.is_empty() {
            return Err(ReplayError::Empty { path: place, unreadable: reader.unreadable() });
        }
        Ok(Self { calls, unreadable: reader.unreadable() })
    }
}

impl Choice {
    fn choose(&self, mut calls: Vec<Call>) -> Result<Vec<Call>, ReplayError> {
        if let Some(part) = &self.to {
            let last = position(&calls, part)?;
            calls.truncate(last + 1);
        }
        if let Some(part) = &self.from {
            let first = position(&calls, part)?;
            calls.drain(..first);
        }
        calls.retain(|call| {
            self.filter.matches(call)
                && (self.tools.is_empty() || self.tools.iter().any(|tool| tool == call.name()))
                && self.session.is_none_or(|pid| call.started.pid == pid)
        });
        Ok(calls)
    }
}

fn position(calls: &[Call], part: &str) -> Result<usize, ReplayError> {
    let part = part.to_ascii_lowercase();
    let named = |id: Uuid| {
        let id = id.to_string();
        id.starts_with(&part) || id.ends_with(&part)
    };
    calls.iter().position(|call| named(call.id)).ok_or(ReplayError::NoSuchCall(part))
}

/// Where the journal's files are: a directory of data has them one level down.
fn place(path: &Path) -> Result<PathBuf, ReplayError> {
    let below = path.join(journal::DIRECTORY);
    if below.is_dir() {
        return Ok(below);
    }
    if path.exists() { Ok(path.to_owned()) } else { Err(ReplayError::Missing(path.to_owned())) }
}
