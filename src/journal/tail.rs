//! Reads the whole lines of one file, which may be growing.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::lines::{self, CHUNK, LONGEST_LINE, Placed};
use super::{JournalError, Record};

/// One file's records that are still to be given. The file is open only while it is read: there may be hundreds.
#[derive(Debug)]
pub(super) struct Tail {
    path: PathBuf,
    /// Where the first line that was not read begins.
    offset: u64,
    /// Whether `offset` may stand inside a line, whose rest is passed over.
    inside_line: bool,
    records: VecDeque<Placed>,
    /// Whether the end was reached.
    drained: bool,
    unreadable: u64,
}

impl Tail {
    /// Reads `path` from its beginning, or from at most `last` bytes before its end.
    pub(super) fn new(path: &Path, last: Option<u64>) -> Self {
        let length = fs::metadata(path).map_or(0, |metadata| metadata.len());
        // From the byte before, so that a line which begins right there is not lost.
        let offset = last.map_or(0, |last| length.saturating_sub(last).saturating_sub(1));
        Self { inside_line: offset > 0, ..Self::at(path, offset) }
    }

    /// Reads what stands behind the last whole line that `path` has now.
    pub(super) fn behind(path: &Path) -> Result<Self, JournalError> {
        Ok(Self::at(path, lines::end(path).map_err(JournalError::io("read", path))?))
    }

    fn at(path: &Path, offset: u64) -> Self {
        Self {
            path: path.to_owned(),
            offset,
            inside_line: false,
            records: VecDeque::new(),
            drained: false,
            unreadable: 0,
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the first line that was not read begins.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether reading began at the file's beginning.
    pub(super) fn is_whole(&self) -> bool {
        !self.inside_line
    }

    /// Lines that were passed over because they are no records, since this was last asked.
    pub(super) fn take_unreadable(&mut self) -> u64 {
        std::mem::take(&mut self.unreadable)
    }

    /// Whether everything up to the end, as it was, has been given.
    pub(super) fn is_drained(&self) -> bool {
        self.drained && self.records.is_empty()
    }

    /// Goes on after the end was reached, where there is more.
    pub(super) fn resume(&mut self) {
        self.drained &= fs::metadata(&self.path).map_or(0, |metadata| metadata.len()) <= self.offset;
    }

    /// The next record, which stays; none at the end or before a line that is not whole yet.
    pub(super) fn peek(&mut self) -> Result<Option<&Record>, JournalError> {
        while self.records.is_empty() && !self.drained {
            self.fill().map_err(JournalError::io("read", &self.path))?;
        }
        Ok(self.records.front().map(|placed| &placed.record))
    }

    pub(super) fn pop(&mut self) -> Option<Placed> {
        self.records.pop_front()
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut file = match lines::open(&self.path) {
            Ok(file) => file,
            // Pruned, by this process or another.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.drained = true;
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(self.offset))?;
        loop {
            let wanted = bytes.len().max(CHUNK);
            let read = (&mut file).take(wanted as u64).read_to_end(&mut bytes)?;
            if let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') {
                self.take(&bytes[..end]);
                self.offset += end as u64 + 1;
                return Ok(());
            }
            if read < wanted {
                self.drained = true;
                return Ok(());
            }
            if bytes.len() >= LONGEST_LINE {
                self.unreadable += u64::from(!self.inside_line);
                self.inside_line = true;
                self.offset += bytes.len() as u64;
                return Ok(());
            }
        }
    }

    /// Takes lines that begin at `offset`, without the last line's end.
    fn take(&mut self, bytes: &[u8]) {
        let head = if std::mem::take(&mut self.inside_line) {
            bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1)
        } else {
            0
        };
        let records = &mut self.records;
        let offset = self.offset + head as u64;
        self.unreadable += lines::take(&bytes[head..], offset, |placed| records.push_back(placed));
    }
}
