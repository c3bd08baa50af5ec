//! Calls from the journals of a data directory, as they are written, by whatever process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use footbridge_tui::row::Names;
use footbridge_tui::{Facts, History, News, Source, SourceError, Update};

use super::approvals;
use super::feed::Feed;
use super::halves::Missing;
use super::{Approvals, Places};
use crate::backend::present;
use crate::clock::Clock;
use crate::journal::{DIRECTORY, JournalError};

/// How often things are looked at that change seldom: new stores, ended processes, the endpoint.
const SELDOM: Duration = Duration::from_secs(1);

/// What is watched.
pub struct Watched {
    /// The journal of this process, which others of the same store share.
    pub journal: PathBuf,
    /// The directory of named stores, where theirs are watched as well.
    pub stores: Option<PathBuf>,
    /// The directory whose processes are watched: the end of one is told.
    pub directory: PathBuf,
    /// What stands round the calls, now.
    pub facts: Box<dyn Fn() -> Facts + Send>,
    /// Where the calls of rows are read again.
    pub places: Places,
}

/// Calls from journals: the latest at once, then back to the oldest, and what happens meanwhile.
pub struct Journals {
    watched: Watched,
    clock: Arc<dyn Clock>,
    feeds: Vec<Feed>,
    names: Names,
    looked: Option<SystemTime>,
    /// What was told last.
    facts: Option<Facts>,
    history: Option<History>,
    unreadable: u64,
    missing: Missing,
    /// The others that run, and their commands.
    processes: BTreeMap<u32, String>,
    /// What waits for a person.
    waiting: Option<approvals::Watch>,
}

impl Journals {
    /// Watches from now on; history comes with the first looks.
    #[must_use]
    pub fn new(watched: Watched, clock: Arc<dyn Clock>) -> Self {
        Self {
            watched,
            clock,
            feeds: Vec::new(),
            names: Names::default(),
            looked: None,
            facts: None,
            history: None,
            unreadable: 0,
            missing: Missing::default(),
            processes: BTreeMap::new(),
            waiting: None,
        }
    }

    /// With what waits for a person in these queues.
    #[must_use]
    pub fn with(self, approvals: Approvals) -> Self {
        Self { waiting: Some(approvals::Watch::new(approvals)), ..self }
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
        for (store, journal) in own.into_iter().chain(stores) {
            if !self.feeds.iter().any(|feed| feed.journal == journal) {
                self.feeds.push(Feed::open(&journal, store, self.watched.places.clone())?);
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
            updates.extend(self.ended().map(Update::Notice));
        }
        if let Some(waiting) = &mut self.waiting {
            updates.extend(waiting.news(due));
        }
        let (mut rows, mut more) = (Vec::new(), false);
        for feed in &mut self.feeds {
            more |= feed.read(due, &mut rows, &mut self.names)?;
        }
        if !rows.is_empty() {
            updates.push(Update::Calls(rows));
        }
        let history = self.feeds.iter().fold(History::default(), |sum, feed| History {
            read: sum.read + feed.history.read,
            total: sum.total + feed.history.total,
        });
        if self.history != Some(history) {
            self.history = Some(history);
            updates.push(Update::History(history));
        }
        // Once: what is missing is no news with each block.
        if history.read == history.total {
            updates.extend(self.notices().map(Update::Notice));
        }
        Ok(News { updates, more })
    }

    /// The processes that ran at the last look and do not any more.
    fn ended(&mut self) -> Option<String> {
        let others = present(&self.watched.directory).into_iter().filter(|other| other.pid != std::process::id());
        let before = std::mem::replace(&mut self.processes, others.map(|other| (other.pid, other.command)).collect());
        let gone = before.into_iter().filter(|(pid, _)| !self.processes.contains_key(pid));
        let gone: Vec<String> = gone.map(|(pid, command)| format!("{command} ({pid})")).collect();
        (!gone.is_empty()).then(|| format!("{} ended", gone.join(", ")))
    }

    /// What a person should know of the journals and does not yet.
    fn notices(&mut self) -> Option<String> {
        let unreadable = self.feeds.iter().map(Feed::unreadable).sum();
        let mut missing = Missing::default();
        self.feeds.iter().for_each(|feed| missing += feed.missing());
        let mut notices = Vec::new();
        if unreadable > self.unreadable {
            notices.push(format!("{} of the journal passed over that hold no records", counted(unreadable, "line")));
        }
        if missing.files > self.missing.files {
            let (files, mebibytes) = (counted(missing.files, "file"), missing.bytes.div_ceil(1 << 20));
            notices.push(format!("the journal's limits took {files} of older calls, {mebibytes} MiB"));
        }
        if missing.calls > self.missing.calls {
            notices.push(format!("{} came faster than could be recorded", counted(missing.calls, "call")));
        }
        (self.unreadable, self.missing) = (unreadable, missing);
        (!notices.is_empty()).then(|| notices.join("; "))
    }
}

impl Source for Journals {
    fn news(&mut self) -> Result<News, SourceError> {
        self.read().map_err(|error| SourceError(error.to_string()))
    }
}

fn counted(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
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
