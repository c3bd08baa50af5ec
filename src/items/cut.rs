//! Cuts a text into its JSON values, without reading more than one of them at a time.

use std::io::{BufRead, Read};

use super::ReadError;

/// The longest value, in bytes. An item has 400 KB, all of it escaped six times that.
pub(super) const MOST: usize = 16 * 1024 * 1024;

/// How the values stand beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// In one array.
    Array,
    /// One after the other.
    Loose,
}

/// Gives the values of a text one after the other.
pub(super) struct Values<R> {
    source: R,
    layout: Layout,
    line: u64,
    opened: bool,
    closed: bool,
}

impl<R: BufRead> Values<R> {
    pub(super) fn new(source: R, layout: Layout) -> Self {
        Self { source, layout, line: 1, opened: layout == Layout::Loose, closed: false }
    }

    /// Reads the next value; gives the line where it begins. Whether it is JSON is for its reader to say, but its brackets
    /// close.
    pub(super) fn next(&mut self, value: &mut Vec<u8>) -> Result<Option<u64>, ReadError> {
        value.clear();
        let Some(first) = self.start()? else { return Ok(None) };
        let begun = self.line;
        let (mut depth, mut text, mut escaped) = (0_usize, false, false);
        let mut next = Some(first);
        while let Some(byte) = next {
            if !text && depth == 0 && !value.is_empty() && matches!(byte, b',' | b']' | b' ' | b'\t' | b'\r' | b'\n') {
                return Ok(Some(begun));
            }
            self.take();
            if byte == b'\n' {
                self.line += 1;
            }
            if value.len() == MOST {
                return Err(ReadError::content(begun, "a value of more than 16 MiB begins here"));
            }
            value.push(byte);
            match byte {
                _ if escaped => escaped = false,
                b'\\' if text => escaped = true,
                b'"' => text = !text,
                b'{' | b'[' if !text => depth += 1,
                b'}' | b']' if !text => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Ok(Some(begun));
                    }
                }
                _ => {}
            }
            next = self.peek()?;
        }
        if text || depth > 0 || self.layout == Layout::Array {
            return Err(ReadError::content(begun, "the file ends in the middle of what begins here"));
        }
        Ok(Some(begun))
    }

    /// The first byte of the next value.
    fn start(&mut self) -> Result<Option<u8>, ReadError> {
        while let Some(byte) = self.peek()? {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                b'[' if !self.opened => self.opened = true,
                b',' if self.layout == Layout::Array && !self.closed => {}
                b']' if self.layout == Layout::Array && !self.closed => self.closed = true,
                _ if self.closed => return Err(ReadError::content(self.line, "something stands behind the array")),
                _ => return Ok(Some(byte)),
            }
            self.take();
        }
        if self.layout == Layout::Array && !self.closed {
            return Err(ReadError::content(self.line, "the file ends before its array does"));
        }
        Ok(None)
    }

    fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        Ok(self.source.fill_buf()?.first().copied())
    }

    fn take(&mut self) {
        self.source.consume(1);
    }
}

/// A line of a text.
pub(super) enum Line {
    End,
    /// It is in the buffer.
    Read,
    /// It is longer than [`MOST`], and passed over.
    TooLong,
}

/// Reads the next line.
pub(super) fn line(source: &mut impl BufRead, line: &mut Vec<u8>) -> Result<Line, ReadError> {
    line.clear();
    let most = u64::try_from(MOST).unwrap_or(u64::MAX);
    if source.by_ref().take(most).read_until(b'\n', line)? == 0 {
        return Ok(Line::End);
    }
    if line.len() < MOST || line.ends_with(b"\n") {
        return Ok(Line::Read);
    }
    line.clear();
    source.skip_until(b'\n')?;
    Ok(Line::TooLong)
}
