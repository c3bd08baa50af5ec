//! Where the records of calls stand, so that a call can be read again in full.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use footbridge_tui::row::Place;

use crate::journal::{Call, Event, JournalError, read_at};

/// The files that rows stand in, by the numbers that the rows have. A clone knows the same.
#[derive(Debug, Clone, Default)]
pub struct Places(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    files: Vec<Arc<Files>>,
    numbers: HashMap<Arc<Files>, u32>,
}

/// The files of a call's two records, which may differ: a process begins a new file when one is full.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Files {
    /// The journal's directory.
    pub(super) journal: PathBuf,
    /// The file of the first record, and that of the second.
    pub(super) started: String,
    pub(super) finished: String,
}

impl Places {
    /// The number of `files`.
    pub(super) fn number(&self, files: Files) -> u32 {
        let mut known = self.lock();
        if let Some(number) = known.numbers.get(&files) {
            return *number;
        }
        let (files, number) = (Arc::new(files), u32::try_from(known.files.len()).unwrap_or(u32::MAX));
        known.files.push(Arc::clone(&files));
        known.numbers.insert(files, number);
        number
    }

    /// The call whose row has `place`, as the journal has it by now; `None` where it no longer does.
    ///
    /// # Errors
    /// [`JournalError`] where the file cannot be read.
    pub fn call(&self, place: Place) -> Result<Option<Call>, JournalError> {
        let files = usize::try_from(place.file).ok().and_then(|number| self.lock().files.get(number).cloned());
        let Some(files) = files else { return Ok(None) };
        let Files { journal, started, finished } = &*files;
        let Some(record) = read_at(journal, started, place.started)? else { return Ok(None) };
        let Event::Started(first) = record.event else { return Ok(None) };
        let (id, at, time, file) = (record.id, record.at, record.time, started.clone());
        let mut call = Call { id, at, time, file, started: first, finished: None };
        if let Some(offset) = place.finished {
            match read_at(journal, finished, offset)? {
                Some(record) if record.id == id => {
                    let Event::Finished(last) = record.event else { return Ok(None) };
                    call.finished = Some(last);
                }
                _ => return Ok(None),
            }
        }
        Ok(Some(call))
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
