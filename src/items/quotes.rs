//! The bytes of a CSV file on their way to its reader: how many of them may be one row, and where a quotation mark is out of
//! place. The reader itself takes any: after a mark that does not close, all that follows would be one field.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use super::cut::MOST;

/// What is behind the last byte.
#[derive(Debug, Clone, Copy)]
enum Place {
    FieldStart,
    /// Blanks at the start of a field.
    Blanks,
    Plain,
    /// A quotation mark of this line is open.
    Quoted(u64),
    /// A mark that closes the field, or is the first of two that stand for one.
    Mark(u64),
    /// Blanks behind a closing mark.
    Behind,
}

/// What came by so far.
#[derive(Debug)]
pub(super) struct Seen {
    place: Place,
    /// How many bytes the row may still have.
    left: usize,
    line: u64,
    at: u64,
    /// Where marks are out of place, in bytes from the start.
    misplaced: VecDeque<u64>,
    ended: bool,
}

impl Seen {
    /// Allows another row.
    pub(super) fn next_row(&mut self) {
        self.left = MOST;
    }

    /// The line of the quotation mark that was open when the file ended.
    pub(super) fn open_at_end(&self) -> Option<u64> {
        match self.place {
            Place::Quoted(line) if self.ended => Some(line),
            _ => None,
        }
    }

    /// Whether a mark before this byte is out of place, since this was asked last.
    pub(super) fn misplaced_before(&mut self, end: u64) -> bool {
        let before = self.misplaced.len();
        self.misplaced.retain(|at| *at >= end);
        self.misplaced.len() < before
    }

    fn see(&mut self, byte: u8, delimiter: u8) {
        let ends = byte == delimiter || matches!(byte, b'\n' | b'\r');
        self.place = match (self.place, byte) {
            (Place::Quoted(line), b'"') => Place::Mark(line),
            (Place::Quoted(_), _) => self.place,
            (Place::Mark(line), b'"') => Place::Quoted(line),
            _ if ends => Place::FieldStart,
            (Place::FieldStart, b'"') => Place::Quoted(self.line),
            (Place::FieldStart | Place::Blanks, b' ' | b'\t') => Place::Blanks,
            (Place::Mark(_) | Place::Behind, b' ' | b'\t') => Place::Behind,
            (Place::Mark(_) | Place::Behind, _) | (Place::Blanks, b'"') => {
                self.misplaced.push_back(self.at);
                Place::Plain
            }
            _ => Place::Plain,
        };
        self.line += u64::from(byte == b'\n');
        self.at += 1;
    }
}

/// A source whose bytes are seen.
pub(super) struct Watched<R> {
    source: R,
    delimiter: u8,
    seen: Rc<RefCell<Seen>>,
}

impl<R> Watched<R> {
    pub(super) fn new(source: R, delimiter: u8) -> (Self, Rc<RefCell<Seen>>) {
        let seen =
            Seen { place: Place::FieldStart, left: MOST, line: 1, at: 0, misplaced: VecDeque::new(), ended: false };
        let seen = Rc::new(RefCell::new(seen));
        (Self { source, delimiter, seen: Rc::clone(&seen) }, seen)
    }
}

/// The error of a row that has more than [`MOST`] bytes.
#[derive(Debug, thiserror::Error)]
#[error("too long")]
pub(super) struct TooLong;

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        let mut seen = self.seen.borrow_mut();
        seen.left = seen.left.checked_sub(read).ok_or_else(|| io::Error::other(TooLong))?;
        seen.ended |= read == 0 && !buffer.is_empty();
        for byte in &buffer[..read] {
            seen.see(*byte, self.delimiter);
        }
        Ok(read)
    }
}
