//! JSON in a text: an object's body, an attribute that holds a document. Its names say what is secret, as anywhere else.

use super::excerpt::{self, Excerpt};
use super::redaction::Redactor;
use super::tree::{Node, Room};

/// Texts within texts that are read.
const NESTED: usize = 4;

/// Room for all of a text.
const ROOM: Room = Room { total: usize::MAX, string: usize::MAX, elements: usize::MAX };

/// The JSON that `text`, which begins one of `length` bytes, is, without secrets; `None` where it is none or has none. Of
/// several documents, a line each, all are looked at. Of what is cut, what was whole is left.
pub(super) fn clean(text: &str, length: u64, redactor: &Redactor, nested: usize) -> Option<String> {
    if nested == NESTED || !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let is_whole = text.len() as u64 == length;
    if let Some(excerpt) = read(text, redactor, nested) {
        return excerpt.partial.then(|| String::from_utf8(excerpt.json).ok()).flatten();
    }
    let mut changed = false;
    let mut lines = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let Some(excerpt) = read(line, redactor, nested) else { break };
        changed |= excerpt.partial;
        let shown = if excerpt.partial { String::from_utf8(excerpt.json).ok()? + "\n" } else { line.to_owned() };
        lines.push_str(&shown);
        if line.len() == text.len() {
            break;
        }
    }
    let read_lines = lines.lines().count();
    let rest: usize = text.split_inclusive('\n').skip(read_lines).map(str::len).sum();
    let rest = &text[text.len() - rest..];
    if rest.is_empty() || (read_lines == 0 && is_whole) {
        return changed.then_some(lines);
    }
    // Ends within a document.
    let cut = closed(rest).and_then(|(whole, closed)| {
        let Excerpt { json, partial } = read(&whole, redactor, nested)?;
        let json = String::from_utf8(json).ok()?;
        Some((json.get(..json.len().checked_sub(closed)?)?.to_owned(), partial))
    });
    match cut {
        Some((json, partial)) if changed || partial => Some(lines + &json),
        // What is not searched is not kept.
        None if changed => Some(if is_whole { lines + &*redactor.text(rest) } else { lines }),
        _ => None,
    }
}

fn read(text: &str, redactor: &Redactor, nested: usize) -> Option<Excerpt> {
    let node = Node::read(text.as_bytes(), ROOM)?;
    Some(excerpt::within(&node, redactor, nested + 1))
}

/// The JSON that a cut one is up to its last comma, with its brackets closed, and how many there are.
fn closed(text: &str) -> Option<(String, usize)> {
    let (mut open, mut in_string, mut escaped) = (Vec::new(), false, false);
    let mut comma = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' => open.push('}'),
            b'[' => open.push(']'),
            b'}' | b']' => {
                open.pop();
            }
            b',' => comma = Some((at, open.clone())),
            _ => {}
        }
    }
    let (at, open) = comma?;
    let closing: String = open.iter().rev().collect();
    Some((format!("{}{closing}", &text[..at]), open.len()))
}
