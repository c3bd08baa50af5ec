//! Reads lines of a bounded length.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// The most bytes of a line, its end left out.
pub(super) const LIMIT: usize = 16 * 1024 * 1024;
/// How many bytes are kept of the beginning of a longer line.
const HEAD: usize = 4096;
/// How many bytes are kept of its end.
pub(super) const TAIL: usize = 1024;
/// What the buffer may keep between lines.
const SPARE: usize = 64 * 1024;

/// A line that was read; [`Reader::bytes`] has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// It is there, without its end.
    Whole,
    /// It was longer than [`LIMIT`]: its first bytes are there, and [`Reader::tail`] has its last.
    Long,
}

/// Reads lines. What a dropped call has read is kept for the next.
#[derive(Debug)]
pub(super) struct Reader<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    tail: Vec<u8>,
    long: bool,
    /// Whether `line` was given out, and is to be forgotten.
    given: bool,
}

impl<R: AsyncRead + Unpin> Reader<R> {
    pub(super) fn new(input: R) -> Self {
        let input = BufReader::with_capacity(SPARE, input);
        Self { input, line: Vec::new(), tail: Vec::new(), long: false, given: false }
    }

    /// The next line; `None` at the end. A last line needs no end of its own.
    pub(super) async fn next(&mut self) -> io::Result<Option<Line>> {
        if self.given {
            self.forget();
        }
        loop {
            let chunk = self.input.fill_buf().await?;
            if chunk.is_empty() {
                return Ok((!self.line.is_empty()).then(|| self.give()));
            }
            let end = chunk.iter().position(|&byte| byte == b'\n');
            let piece = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            let taken = piece.len() + usize::from(end.is_some());
            if !self.long && self.line.len() + piece.len() > LIMIT {
                self.long = true;
                let from = self.line.len().saturating_sub(TAIL);
                self.tail.extend_from_slice(self.line.get(from..).unwrap_or_default());
                self.line.truncate(HEAD);
                self.line.shrink_to(HEAD);
            }
            if self.long {
                self.tail.extend_from_slice(piece);
                let surplus = self.tail.len().saturating_sub(TAIL);
                self.tail.drain(..surplus);
            } else {
                self.line.extend_from_slice(piece);
            }
            self.input.consume(taken);
            if end.is_some() {
                return Ok(Some(self.give()));
            }
        }
    }

    /// The line that was read last, or the first bytes of it.
    pub(super) fn bytes(&self) -> &[u8] {
        self.line.strip_suffix(b"\r").unwrap_or(&self.line)
    }

    /// The last bytes of the long line that was read last.
    pub(super) fn tail(&self) -> &[u8] {
        &self.tail
    }

    fn give(&mut self) -> Line {
        self.given = true;
        if self.long { Line::Long } else { Line::Whole }
    }

    fn forget(&mut self) {
        self.line.clear();
        self.line.shrink_to(SPARE);
        self.tail.clear();
        (self.long, self.given) = (false, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_long_line_leaves_its_two_ends_and_no_more_memory() {
        let mut input = b"first\r\n".to_vec();
        input.extend_from_slice(b"{\"id\":7,");
        input.resize(input.len() + LIMIT, b' ');
        input.extend_from_slice(b"the end\nlast");
        let mut reader = Reader::new(&input[..]);
        assert_eq!(reader.next().await.unwrap(), Some(Line::Whole));
        assert_eq!(reader.bytes(), b"first");
        assert_eq!(reader.next().await.unwrap(), Some(Line::Long));
        assert!(reader.bytes().starts_with(b"{\"id\":7,") && reader.tail().ends_with(b"the end"));
        assert!(reader.line.capacity() <= SPARE && reader.tail.len() <= TAIL);
        assert_eq!(reader.next().await.unwrap(), Some(Line::Whole));
        assert_eq!(reader.bytes(), b"last");
        assert_eq!(reader.next().await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_line_of_exactly_the_limit_is_whole() {
        let mut input = vec![b'x'; LIMIT];
        input.push(b'\n');
        let mut reader = Reader::new(&input[..]);
        assert_eq!(reader.next().await.unwrap(), Some(Line::Whole));
        assert_eq!(reader.bytes().len(), LIMIT);
    }
}
