//! The dashboard's facts: the journals of a data directory, and what stands round them.

mod convert;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use footbridge_tui::model::{self, CallId};
use footbridge_tui::{Facts, News, Source, SourceError, Update};
use uuid::Uuid;

use crate::clock::Clock;
use crate::journal::{DIRECTORY, Event, Join, JournalError, Reader};

/// Bytes of each file's end that make the history.
const HISTORY: u64 = 256 << 10;

/// Records that one look reads at most.
const BATCH: usize = 2000;

/// How often things are looked at that change seldom: new stores, ended processes, the endpoint.
const SELDOM: Duration = Duration::from_secs(1);

/// What is watched.
pub struct Watched {
    /// The journal of this process, which others of the same store share.
    pub journal: PathBuf,
    /// The directory of named stores, where theirs are watched as well.
    pub stores: Option<PathBuf>,
    /// What stands round the calls, now.
    pub facts: Box<dyn Fn() -> Facts + Send>,
}

/// Calls from journals as they are written, by whatever process.
pub struct Journals {
    watched: Watched,
    clock: Arc<dyn Clock>,
    feeds: Vec<Feed>,
    facts: Option<Facts>,
    looked: Option<SystemTime>,
    unreadable: u64,
}

/// One journal.
struct Feed {
    /// The store's name; empty for the data directory's own.
    store: String,
    reader: Reader,
    join: Join,
}

impl Journals {
    /// Watches from now on; history comes with the first look.
    #[must_use]
    pub fn new(watched: Watched, clock: Arc<dyn Clock>) -> Self {
        Self { watched, clock, feeds: Vec::new(), facts: None, looked: None, unreadable: 0 }
    }

    /// Whether it is time to look at what changes seldom.
    fn is_due(&mut self) -> bool {
        let now = self.clock.now();
        // A clock that went back is no reason to wait.
        let due = self.looked.is_none_or(|last| now.duration_since(last).map_or(true, |since| since >= SELDOM));
        if due {
            self.looked = Some(now);
        }
        due
    }

    fn add_feeds(&mut self) -> Result<(), JournalError> {
        let own = [(String::new(), self.watched.journal.clone())];
        let stores = self.watched.stores.as_deref().map(stores).unwrap_or_default();
        for (store, dir) in own.into_iter().chain(stores) {
            if !self.feeds.iter().any(|feed| feed.store == store) {
                let reader = Reader::near_end(dir, HISTORY)?;
                self.feeds.push(Feed { store, reader, join: Join::default() });
            }
        }
        Ok(())
    }

    fn read(&mut self) -> Result<News, JournalError> {
        let mut updates = Vec::new();
        let due = self.is_due();
        if due {
            let facts = (self.watched.facts)();
            if self.facts.as_ref() != Some(&facts) {
                self.facts = Some(facts.clone());
                updates.push(Update::Facts(facts));
            }
            self.add_feeds()?;
        }
        let mut calls = BTreeMap::new();
        let mut more = false;
        for feed in &mut self.feeds {
            // Before reading: what a process wrote last may be its call's end.
            let lost = if due { feed.lost() } else { Vec::new() };
            more |= feed.read(&mut calls)?;
            if !more {
                feed.give_up(&lost, &mut calls);
            }
        }
        updates.extend(calls.into_values().map(|call| Update::Call(Box::new(call))));
        let unreadable = self.feeds.iter().map(|feed| feed.reader.unreadable()).sum();
        if unreadable > self.unreadable {
            updates
                .push(Update::Notice(format!("{unreadable} lines of the journal are no records and are passed over")));
            self.unreadable = unreadable;
        }
        Ok(News { updates, more })
    }
}

impl Source for Journals {
    fn news(&mut self) -> Result<News, SourceError> {
        self.read().map_err(|error| SourceError(error.to_string()))
    }
}

/// What is known last of each call.
type Latest = BTreeMap<(u64, CallId), model::Call>;

impl Feed {
    /// Reads what was written since; whether there is more.
    fn read(&mut self, calls: &mut Latest) -> Result<bool, JournalError> {
        self.reader.refresh()?;
        for _ in 0..BATCH {
            let Some(entry) = self.reader.next()? else { return Ok(false) };
            let id = entry.record.id;
            let started = matches!(entry.record.event, Event::Started(_));
            let ended = self.join.push(entry);
            let call = if started { self.join.open(id) } else { ended.as_ref() };
            if let Some(call) = call {
                let call = convert::call(call, &self.store);
                calls.insert((call.at, call.id), call);
            }
        }
        Ok(true)
    }

    /// Calls that run although their process has ended.
    fn lost(&self) -> Vec<Uuid> {
        let mut files = BTreeMap::new();
        let mut has_ended = |file: &str| *files.entry(file.to_owned()).or_insert_with(|| self.reader.has_ended(file));
        self.join.unfinished().filter(|call| has_ended(&call.file)).map(|call| call.id).collect()
    }

    fn give_up(&mut self, lost: &[Uuid], calls: &mut Latest) {
        for call in lost.iter().filter_map(|id| self.join.give_up(*id)) {
            let call = convert::lost(&call, &self.store);
            calls.insert((call.at, call.id), call);
        }
    }
}

/// The named stores that have a journal.
fn stores(dir: &Path) -> Vec<(String, PathBuf)> {
    // No such directory is no store.
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut stores: Vec<_> = entries
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path().join(DIRECTORY)))
        .filter(|(_, journal)| journal.is_dir())
        .collect();
    stores.sort_unstable();
    stores
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod screens;
