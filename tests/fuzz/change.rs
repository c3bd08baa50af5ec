//! What becomes of valid bytes on their way.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A change of some bytes.
#[derive(Debug, Clone)]
pub enum Change {
    /// A byte is another.
    Set(Index, u8),
    /// So many bytes are missing.
    Remove(Index, usize),
    /// All from here on is missing.
    Cut(Index),
    /// So many bytes come so many times more.
    Repeat(Index, usize, usize),
    /// Something stands between.
    Insert(Index, &'static str),
    /// Bytes that are no text stand between.
    Raw(Index, &'static [u8]),
    /// Something stands between, very often.
    Deep(Index, &'static str, usize),
    /// What is behind stands before.
    Turn(Index),
}

const PIECES: &[&str] = &[
    "\r\n",
    "\r\n\r\n",
    "\n",
    "\0",
    "\"",
    "'",
    "\\",
    "<",
    ">",
    "&",
    "%",
    "%00",
    "%2e%2e%2f",
    "%zz",
    "+",
    "=",
    ";",
    ":",
    ",",
    " ",
    "\t",
    "/",
    "//",
    "../",
    "?",
    "#",
    "-1",
    "0",
    "00",
    "18446744073709551616",
    "9223372036854775807",
    "99999999999999999999",
    "1e999",
    "-0",
    "0x10",
    "NaN",
    "null",
    "true",
    "{",
    "}",
    "[",
    "]",
    "{}",
    "[]",
    "é",
    "\u{202e}",
    "\u{feff}",
    "😀",
    "]]>",
    "<![CDATA[",
    "<!--",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "&a;",
    "&#0;",
    "&lt;",
    "<?xml?>",
    "</",
    "/>",
    "${filename}",
    "${",
    "$(",
    "`",
    "--",
    "chunk-signature=",
    "0;chunk-signature=",
    "aws-chunked",
    "AWS4-HMAC-SHA256",
    "Signature=",
    "aws4_request",
    ":a",
    "#a",
    "(",
    ")",
    "AND",
    "NOT",
    "SET",
    "\u{7f}",
    "\u{1b}[2J",
];

/// What is no UTF-8.
const NO_TEXT: &[&[u8]] = &[b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x80"];

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        3 => (at(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        2 => (at(), 1..9_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        1 => at().prop_map(Change::Cut),
        2 => (at(), 1..30_usize, 1..4_usize).prop_map(|(at, count, times)| Change::Repeat(at, count, times)),
        6 => (at(), select(PIECES)).prop_map(|(at, piece)| Change::Insert(at, piece)),
        1 => (at(), select(NO_TEXT))
            .prop_map(|(at, bytes)| Change::Raw(at, bytes)),
        1 => (at(), select(PIECES), 100..3000_usize).prop_map(|(at, piece, times)| Change::Deep(at, piece, times)),
        1 => at().prop_map(Change::Turn),
    ]
}

/// None or a few changes.
pub fn changes() -> impl Strategy<Value = Vec<Change>> {
    prop_oneof![1 => Just(Vec::new()), 2 => vec(change(), 1..4)]
}

/// `bytes` after the changes.
pub fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes {
        apply(&mut bytes, change);
    }
    bytes
}

/// `text` after the changes; what is no longer UTF-8 is replaced.
pub fn text(text: &str, changes: &[Change]) -> String {
    String::from_utf8_lossy(&changed(text.as_bytes(), changes)).into_owned()
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let length = bytes.len();
    let before = |at: &Index| at.index(length + 1);
    let range = |at: &Index, count: usize| before(at)..(before(at) + count).min(length);
    match change {
        Change::Set(at, byte) if length > 0 => bytes[at.index(length)] = *byte,
        Change::Remove(at, count) => drop(bytes.drain(range(at, *count))),
        Change::Cut(at) => bytes.truncate(before(at)),
        Change::Repeat(at, count, times) => {
            let piece = bytes[range(at, *count)].repeat(*times);
            bytes.splice(before(at)..before(at), piece);
        }
        Change::Insert(at, piece) => drop(bytes.splice(before(at)..before(at), piece.bytes())),
        Change::Raw(at, piece) => drop(bytes.splice(before(at)..before(at), piece.iter().copied())),
        Change::Deep(at, piece, times) => drop(bytes.splice(before(at)..before(at), piece.repeat(*times).into_bytes())),
        Change::Turn(at) if length > 0 => bytes.rotate_left(at.index(length)),
        Change::Set(..) | Change::Turn(_) => {}
    }
}
