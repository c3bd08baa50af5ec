//! Reads the whole lines of one file from a place in it back to its beginning.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use super::lines::{self, CHUNK, LONGEST_LINE, Placed};
use super::{JournalError, Record};

/// Bytes read first: of hundreds of files, only the latest is wanted for a start.
const FIRST: u64 = 4 << 10;

/// One file's records before a place, the latest first.
#[derive(Debug)]
pub(super) struct Back {
    path: PathBuf,
    /// Where what was read begins, which is where a line begins.
    begins: u64,
    /// Whether the line before `begins` is the rest of one that is too long, and is passed over.
    inside_line: bool,
    /// In the file's order.
    records: VecDeque<Placed>,
    /// Bytes to be read at once next, which grow.
    wanted: u64,
    unreadable: u64,
}

impl Back {
    /// Reads what stands before `begins` in `path`, which is where a line begins.
    pub(super) fn new(path: &Path, begins: u64) -> Self {
        let records = VecDeque::new();
        Self { path: path.to_owned(), begins, inside_line: false, records, wanted: FIRST, unreadable: 0 }
    }

    /// Reads what `path` has now.
    pub(super) fn from_end(path: &Path) -> io::Result<Self> {
        Ok(Self::new(path, lines::end(path)?))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Lines that were passed over because they are no records, since this was last asked.
    pub(super) fn take_unreadable(&mut self) -> u64 {
        std::mem::take(&mut self.unreadable)
    }

    /// Whether nothing is left to be read.
    pub(super) fn is_done(&self) -> bool {
        self.begins == 0 && self.records.is_empty()
    }

    /// The next record back, which stays; none at the file's beginning.
    pub(super) fn peek(&mut self) -> Result<Option<&Record>, JournalError> {
        while self.records.is_empty() && self.begins > 0 {
            self.fill().map_err(JournalError::io("read", &self.path))?;
        }
        Ok(self.records.back().map(|placed| &placed.record))
    }

    pub(super) fn pop(&mut self) -> Option<Placed> {
        self.records.pop_back()
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut wanted = self.wanted;
        self.wanted = (wanted * 4).min(CHUNK as u64);
        loop {
            let from = self.begins.saturating_sub(wanted);
            let Some(bytes) = lines::part(&self.path, from, self.begins)? else {
                // Pruned, by this process or another.
                self.begins = 0;
                return Ok(());
            };
            // Where the part's first whole line begins.
            let head = match bytes[..bytes.len() - 1].iter().position(|byte| *byte == b'\n') {
                _ if from == 0 => Some(0),
                Some(end) => Some(end + 1),
                None => None,
            };
            if let Some(head) = head {
                self.take(&bytes[head..], from + head as u64);
                return Ok(());
            }
            if bytes.len() >= LONGEST_LINE {
                self.unreadable += u64::from(!self.inside_line);
                self.inside_line = true;
                self.begins = from;
                return Ok(());
            }
            wanted *= 4;
        }
    }

    /// Takes whole lines that begin at `from`.
    fn take(&mut self, bytes: &[u8], from: u64) {
        let end = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let end = if std::mem::take(&mut self.inside_line) {
            end.iter().rposition(|byte| *byte == b'\n').map_or(&[][..], |last| &end[..last])
        } else {
            end
        };
        let records = &mut self.records;
        self.unreadable += lines::take(end, from, |placed| records.push_back(placed));
        self.begins = from;
    }
}
