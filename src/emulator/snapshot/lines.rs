//! The lines of a snapshot: writing them, and reading those of a file that may come from anybody.

use std::io::{BufRead, BufReader, Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::{Scope, SnapshotError, Trouble};
use crate::emulator::dynamodb::portable::TableEntry;
use crate::emulator::s3::portable::{BucketEntry, ObjectEntry};
use crate::emulator::unique;

/// The version of the format that is written, and the only one that is read.
const VERSION: u32 = 1;
/// The longest line, in bytes.
pub const MAX_LINE: usize = 8 << 20;
/// The most bytes of all lines of one snapshot.
pub const MOST: u64 = 16 << 30;
/// The most bytes of a body in one line.
const PIECE: usize = 48 << 10;
/// What a compressed file begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];
const ITEM: &[u8] = b"{\"item\":";
/// How the lines of bytes begin, which are long and many: of these nothing but the bytes is to be known.
const BYTES: [&[u8]; 2] = [b"{\"text\":", b"{\"data\":"];

/// What a snapshot says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The format's version.
    pub version: u32,
    /// Its name; not in text, so that the same state gives the same file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When it was taken, in milliseconds since the Unix epoch; not in text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<u64>,
    /// What it was taken before, where it was taken by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it covers.
    pub scope: Scope,
}

impl Header {
    /// Of a snapshot that is taken now.
    #[must_use]
    pub fn new(scope: Scope) -> Self {
        Self { version: VERSION, name: None, taken: None, before: None, scope }
    }
}

/// How a snapshot ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// The SHA-256 of all lines before, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

/// A line.
#[derive(Debug)]
pub enum Entry {
    /// The first.
    Header(Header),
    /// A table.
    Table(Box<TableEntry>),
    /// An item of the table before, in DynamoDB JSON.
    Item(Vec<u8>),
    /// A bucket.
    Bucket(Box<BucketEntry>),
    /// A version of an object of the bucket before.
    Object(Box<ObjectEntry>),
    /// Bytes of the object before.
    Bytes(Vec<u8>),
    /// The last.
    End,
}

/// A line as JSON has it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line<'a> {
    FootbridgeSnapshot(Header),
    Table(Box<TableEntry>),
    Item(Json),
    Bucket(Box<BucketEntry>),
    Object(Box<ObjectEntry>),
    Text(std::borrow::Cow<'a, str>),
    Data(std::borrow::Cow<'a, str>),
    End(End),
}

/// Writes lines.
pub struct Writer<W: Write> {
    out: Out<W>,
    hash: Sha256,
    bytes: u64,
}

enum Out<W: Write> {
    Text(W),
    Compressed(GzEncoder<W>),
}

impl<W: Write> Write for Out<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Text(out) => out.write(bytes),
            Self::Compressed(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Text(out) => out.flush(),
            Self::Compressed(out) => out.flush(),
        }
    }
}

impl<W: Write> Writer<W> {
    /// Writes to `out`, as text or compressed, and the header.
    pub fn begin(out: W, text: bool, header: Header) -> Result<Self, SnapshotError> {
        let out = if text { Out::Text(out) } else { Out::Compressed(GzEncoder::new(out, Compression::fast())) };
        let mut writer = Self { out, hash: Sha256::new(), bytes: 0 };
        writer.line(&Line::FootbridgeSnapshot(header))?;
        Ok(writer)
    }

    /// A table.
    pub fn table(&mut self, table: TableEntry) -> Result<(), SnapshotError> {
        self.line(&Line::Table(Box::new(table)))
    }

    /// An item, which is DynamoDB JSON.
    pub fn item(&mut self, json: &[u8]) -> Result<(), SnapshotError> {
        let mut line = Vec::with_capacity(json.len() + 16);
        line.extend_from_slice(ITEM);
        line.extend_from_slice(json);
        line.extend_from_slice(b"}\n");
        self.write(&line)
    }

    /// A bucket.
    pub fn bucket(&mut self, bucket: BucketEntry) -> Result<(), SnapshotError> {
        self.line(&Line::Bucket(Box::new(bucket)))
    }

    /// A version of an object; its bytes follow in a [`BodyLines`].
    pub fn object(&mut self, object: ObjectEntry) -> Result<(), SnapshotError> {
        self.line(&Line::Object(Box::new(object)))
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), SnapshotError> {
        let mut text = serde_json::to_vec(line).map_err(|error| SnapshotError::damaged(error.to_string()))?;
        text.push(b'\n');
        self.write(&text)
    }

    fn write(&mut self, line: &[u8]) -> Result<(), SnapshotError> {
        self.bytes += line.len() as u64;
        if self.bytes > MOST {
            let message = "a snapshot holds at most 16 GiB: name fewer tables and prefixes";
            return Err(SnapshotError::new(Trouble::TooLarge, message));
        }
        if line.len() > MAX_LINE {
            let message = "what a snapshot covers is named in at most 8 MiB: name fewer keys, or a prefix of them";
            return Err(SnapshotError::new(Trouble::TooLarge, message));
        }
        self.hash.update(line);
        Ok(self.out.write_all(line)?)
    }

    /// Writes the end, and gives what was written to.
    pub fn end(mut self) -> Result<W, SnapshotError> {
        let sha256 = match self.out {
            Out::Text(_) => None,
            Out::Compressed(_) => Some(hex(&self.hash.clone().finalize())),
        };
        self.line(&Line::End(End { sha256 }))?;
        match self.out {
            Out::Text(mut out) => {
                out.flush()?;
                Ok(out)
            }
            Out::Compressed(out) => Ok(out.finish()?),
        }
    }
}

/// A body on its way into lines: of text a line of its own each, else pieces of one length. Which of the two is decided by
/// its beginning alone, so that the same body always gives the same lines.
#[derive(Debug, Default)]
pub struct BodyLines {
    held: Vec<u8>,
    text: Option<bool>,
}

impl BodyLines {
    /// Takes more of the body.
    pub fn take<W: Write>(&mut self, bytes: &[u8], writer: &mut Writer<W>) -> Result<(), SnapshotError> {
        self.held.extend_from_slice(bytes);
        // Not often for a few bytes: what is held is moved each time.
        if self.held.len() > 4 * PIECE { self.emit(PIECE, writer) } else { Ok(()) }
    }

    /// Writes what is left.
    pub fn end<W: Write>(mut self, writer: &mut Writer<W>) -> Result<(), SnapshotError> {
        self.emit(0, writer)
    }

    /// Writes pieces until at most so many bytes are left.
    fn emit<W: Write>(&mut self, leave: usize, writer: &mut Writer<W>) -> Result<(), SnapshotError> {
        let mut held = std::mem::take(&mut self.held);
        let mut rest = held.as_slice();
        while rest.len() > leave {
            let text = *self.text.get_or_insert_with(|| is_text(rest));
            let (piece, more) = rest.split_at(if text { text_piece(rest) } else { rest.len().min(PIECE) });
            match std::str::from_utf8(piece) {
                Ok(piece) if text => writer.line(&Line::Text(piece.into()))?,
                _ => writer.line(&Line::Data(STANDARD.encode(piece).into()))?,
            }
            rest = more;
        }
        let done = held.len() - rest.len();
        held.drain(..done);
        self.held = held;
        Ok(())
    }
}

/// Whether what begins so is taken for text.
fn is_text(rest: &[u8]) -> bool {
    match std::str::from_utf8(&rest[..rest.len().min(PIECE)]) {
        Ok(_) => true,
        // A character may be cut in two at the end.
        Err(error) => error.error_len().is_none() && rest.len() > PIECE,
    }
}

/// How long the next piece of a text is: a line, or what of it fits.
fn text_piece(rest: &[u8]) -> usize {
    let head = &rest[..rest.len().min(PIECE)];
    if let Some(end) = head.iter().position(|byte| *byte == b'\n') {
        return end + 1;
    }
    match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 && rest.len() > PIECE => {
            error.valid_up_to()
        }
        _ => head.len(),
    }
}

/// A file of one compressed stream, behind which nothing follows.
struct Compressed<R>(GzDecoder<R>);

impl<R: BufRead> Read for Compressed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(buffer)?;
        if read == 0 && !buffer.is_empty() && !self.0.get_mut().fill_buf()?.is_empty() {
            return Err(std::io::Error::other("there is more behind its end"));
        }
        Ok(read)
    }
}

/// Reads lines, text and compressed alike.
pub struct Reader {
    from: BufReader<Box<dyn Read + Send>>,
    hash: Sha256,
    bytes: u64,
    number: u64,
    ended: bool,
    /// Whether a line said that it is the header of such a file.
    named: bool,
}

impl Reader {
    /// Reads from `from`, which is at its beginning.
    pub fn new<R: Read + Send + 'static>(mut from: R) -> Result<Self, SnapshotError> {
        let mut head = Vec::new();
        Read::by_ref(&mut from).take(2).read_to_end(&mut head)?;
        let compressed = head == GZIP;
        let whole = std::io::Cursor::new(head).chain(from);
        let from: Box<dyn Read + Send> =
            if compressed { Box::new(Compressed(GzDecoder::new(BufReader::new(whole)))) } else { Box::new(whole) };
        Ok(Self { from: BufReader::new(from), hash: Sha256::new(), bytes: 0, number: 0, ended: false, named: false })
    }

    /// The header, which is the first line.
    pub fn header(&mut self) -> Result<Header, SnapshotError> {
        match self.next() {
            Ok(Some(Entry::Header(header))) => Ok(header),
            Err(error) if error.trouble == Trouble::TooLarge || self.named => Err(error),
            _ => Err(SnapshotError::damaged("this is no snapshot of footbridge's: its first line is no header")),
        }
    }

    /// The next line; none after the end, which was checked then.
    pub fn next(&mut self) -> Result<Option<Entry>, SnapshotError> {
        let mut line = Vec::new();
        let limit = MAX_LINE as u64 + 1;
        let read = Read::by_ref(&mut self.from).take(limit).read_until(b'\n', &mut line);
        let read = read.map_err(|error| self.wrong(&format!("it cannot be read: {error}")))?;
        if read == 0 {
            return if self.ended { Ok(None) } else { Err(self.wrong("it ends before its end: it was cut short")) };
        }
        self.number += 1;
        self.bytes += read as u64;
        if self.ended {
            return Err(self.wrong("there is more behind its end"));
        }
        if read as u64 == limit {
            return Err(self.wrong("a line is longer than 8 MiB"));
        }
        if self.bytes > MOST {
            return Err(SnapshotError::new(Trouble::TooLarge, "the snapshot has more than 16 GiB of lines"));
        }
        let entry = self.parse(&line)?;
        self.hash.update(&line);
        Ok(Some(entry))
    }

    fn parse(&mut self, line: &[u8]) -> Result<Entry, SnapshotError> {
        let trimmed = line.trim_ascii();
        if let Some(item) = trimmed.strip_prefix(ITEM).and_then(|rest| rest.strip_suffix(b"}")) {
            return Ok(Entry::Item(item.to_vec()));
        }
        let read: Result<Line<'_>, _> = if BYTES.iter().any(|beginning| trimmed.starts_with(beginning)) {
            serde_json::from_slice(trimmed)
        } else {
            let line = unique::read(trimmed).map_err(|error| self.wrong(&error.to_string()))?;
            self.know(&line)?;
            serde_json::from_value(line)
        };
        Ok(match read.map_err(|error| self.wrong(&error.to_string()))? {
            Line::FootbridgeSnapshot(header) => Entry::Header(header),
            Line::Table(table) => Entry::Table(table),
            Line::Item(item) => Entry::Item(item.to_string().into_bytes()),
            Line::Bucket(bucket) => Entry::Bucket(bucket),
            Line::Object(object) => Entry::Object(object),
            Line::Text(text) => Entry::Bytes(text.into_owned().into_bytes()),
            Line::Data(data) => {
                Entry::Bytes(STANDARD.decode(data.as_bytes()).map_err(|_| self.wrong("data that is no base64"))?)
            }
            Line::End(end) => {
                let sum = hex(&self.hash.clone().finalize());
                if end.sha256.is_some_and(|expected| expected != sum) {
                    return Err(self.wrong("its checksum is not that of its lines: the file is damaged"));
                }
                self.ended = true;
                Entry::End
            }
        })
    }

    /// Refuses the header of another version, of which nothing else can be known.
    fn know(&mut self, line: &Json) -> Result<(), SnapshotError> {
        let Some(version) = line.get("footbridge_snapshot").map(|header| &header["version"]) else { return Ok(()) };
        self.named = true;
        if *version == VERSION {
            return Ok(());
        }
        Err(SnapshotError::damaged(format!(
            "the snapshot has version {version}, and only {VERSION} is known: use a newer footbridge"
        )))
    }

    /// Something is wrong where this reads.
    pub fn wrong(&self, what: &str) -> SnapshotError {
        SnapshotError::damaged(format!("line {} of the snapshot: {what}", self.number))
    }
}

fn hex(bytes: &[u8]) -> String {
    crate::emulator::s3::hex(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: bool, body: &[u8], chunk: usize) -> Vec<u8> {
        let mut writer = Writer::begin(Vec::new(), text, Header::new(Scope::all())).unwrap();
        let mut lines = BodyLines::default();
        for part in body.chunks(chunk) {
            lines.take(part, &mut writer).unwrap();
        }
        lines.end(&mut writer).unwrap();
        writer.end().unwrap()
    }

    fn read(file: Vec<u8>) -> Result<Vec<u8>, SnapshotError> {
        let mut reader = Reader::new(std::io::Cursor::new(file))?;
        reader.header()?;
        let mut body = Vec::new();
        while let Some(entry) = reader.next()? {
            if let Entry::Bytes(bytes) = entry {
                body.extend(bytes);
            }
        }
        Ok(body)
    }

    proptest! {
        #[test]
        fn a_body_comes_back_and_its_lines_do_not_depend_on_how_it_was_read(
            body in prop_oneof![any::<Vec<u8>>(), any::<String>().prop_map(String::into_bytes)],
            chunk in 1_usize..50,
            times in 1_usize..3000,
        ) {
            let body = body.repeat(times);
            let one = written(true, &body, chunk);
            prop_assert_eq!(&one, &written(true, &body, body.len().max(1)));
            prop_assert_eq!(read(one).unwrap(), body.clone());
            prop_assert_eq!(read(written(false, &body, chunk)).unwrap(), body);
        }
    }

    #[test]
    fn a_file_that_was_cut_or_changed_is_refused() {
        let body = b"one\ntwo\nthree\n".repeat(20);
        let text = written(true, &body, 100);
        let compressed = written(false, &body, 100);
        for cut in 0..text.len() - 1 {
            assert!(read(text[..cut].to_vec()).is_err(), "{cut}");
        }
        for cut in 0..compressed.len() {
            assert!(read(compressed[..cut].to_vec()).is_err(), "{cut}");
        }
        for at in 0..compressed.len() {
            let mut changed = compressed.clone();
            changed[at] ^= 1;
            // The header of gzip has bytes that mean nothing.
            assert!(read(changed).is_err() || at < 10, "{at}");
        }
        let more = [text, b"{\"end\":{}}\n".to_vec()].concat();
        assert!(read(more).unwrap_err().message.contains("more behind its end"));
    }

    #[test]
    fn a_line_without_an_end_costs_no_memory() {
        let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
        bomb.write_all(b"{\"footbridge_snapshot\":{\"version\":1,\"scope\":{\"all\":true}}}\n{\"text\":\"").unwrap();
        for _ in 0..64 {
            bomb.write_all(&vec![b'x'; 1 << 20]).unwrap();
        }
        let error = read(bomb.finish().unwrap()).unwrap_err();
        assert!(error.message.contains("longer than 8 MiB"), "{error}");
        let error = read(b"{\"footbridge_snapshot\":{\"version\":2,\"scope\":{\"all\":true}}}\n".to_vec()).unwrap_err();
        assert!(error.message.contains("newer footbridge"), "{error}");
    }
}
