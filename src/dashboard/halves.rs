//! Makes rows of records that come from both ends: what happens, oldest first, and history, latest first.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use footbridge_tui::row::{Names, Place, Row};
use uuid::Uuid;

use super::places::{Files, Places};
use crate::journal::{About, Call, Entry, Event, Finished};

/// Records that wait for the other half of their call.
#[derive(Debug)]
pub(super) struct Halves {
    /// The journal's directory, and the store that it is of.
    journal: PathBuf,
    store: String,
    places: Places,
    begun: HashMap<Uuid, Begun>,
    /// Ends whose beginnings are further back; `None` once nothing further back is left.
    ended: Option<HashMap<Uuid, Ended>>,
    /// What is not in the journal, by what it says of itself.
    pub(super) missing: Missing,
}

#[derive(Debug)]
struct Begun {
    call: Call,
    offset: u64,
}

#[derive(Debug)]
struct Ended {
    finished: Finished,
    file: String,
    offset: u64,
}

/// What the journal says that it has no records of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Missing {
    /// Files that went for their age, and their bytes.
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// Calls that came faster than they could be written.
    pub(super) calls: u64,
}

impl std::ops::AddAssign for Missing {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.calls += other.calls;
    }
}

impl Halves {
    pub(super) fn new(journal: PathBuf, store: String, places: Places) -> Self {
        let ended = Some(HashMap::new());
        Self { journal, store, places, begun: HashMap::new(), ended, missing: Missing::default() }
    }

    /// Takes a record, and gives the row of its call as far as that is known.
    pub(super) fn take(&mut self, entry: Entry, names: &mut Names) -> Option<Row> {
        let Entry { file, offset, record, .. } = entry;
        let id = record.id;
        match record.event {
            Event::Started(started) => {
                let call = Call { id, at: record.at, time: record.time, file, started, finished: None };
                let begun = Begun { call, offset };
                if let Some(ended) = self.ended.as_mut().and_then(|ended| ended.remove(&id)) {
                    return Some(self.whole(begun, ended, names));
                }
                let row = self.unfinished(&begun, names);
                self.begun.insert(id, begun);
                Some(row)
            }
            Event::Finished(finished) => {
                let ended = Ended { finished, file, offset };
                if let Some(begun) = self.begun.remove(&id) {
                    return Some(self.whole(begun, ended, names));
                }
                if let Some(waiting) = &mut self.ended {
                    waiting.insert(id, ended);
                }
                None
            }
            Event::Note(note) => {
                self.missing += match note.about {
                    About::FilesRemoved { files, bytes, .. } => Missing { files, bytes, ..Missing::default() },
                    About::CallsLeftOut { calls, .. } => Missing { calls, ..Missing::default() },
                };
                None
            }
        }
    }

    /// Nothing further back is left: ends without a beginning are of calls whose file is gone.
    pub(super) fn is_whole(&mut self) {
        self.ended = None;
    }

    /// Calls that run although their process has ended: `has_ended` says that of one that wrote in a file.
    pub(super) fn lost(&self, mut has_ended: impl FnMut(&str, u32) -> bool) -> Vec<Uuid> {
        let mut writers = BTreeMap::new();
        let mut is_lost = |call: &Call| {
            let (file, pid) = (call.file.as_str(), call.started.pid);
            *writers.entry((file.to_owned(), pid)).or_insert_with(|| has_ended(file, pid))
        };
        self.begun.values().filter(|begun| is_lost(&begun.call)).map(|begun| begun.call.id).collect()
    }

    /// Gives up a call that will have no second record, if it has none by now.
    pub(super) fn give_up(&mut self, id: Uuid, names: &mut Names) -> Option<Row> {
        let begun = self.begun.remove(&id)?;
        Some(self.unfinished(&begun, names).lost())
    }

    fn unfinished(&self, begun: &Begun, names: &mut Names) -> Row {
        let place = self.place(&begun.call.file, begun.offset, None);
        Row::of(&begun.call, &self.store, place, names)
    }

    fn whole(&self, begun: Begun, ended: Ended, names: &mut Names) -> Row {
        let Begun { mut call, offset } = begun;
        let place = self.place(&call.file, offset, Some((&ended.file, ended.offset)));
        call.finished = Some(ended.finished);
        Row::of(&call, &self.store, place, names)
    }

    fn place(&self, file: &str, started: u64, finished: Option<(&str, u64)>) -> Place {
        let files = Files {
            journal: self.journal.clone(),
            started: file.to_owned(),
            finished: finished.map_or(file, |(file, _)| file).to_owned(),
        };
        Place { file: self.places.number(files), started, finished: finished.map(|(_, offset)| offset) }
    }
}
