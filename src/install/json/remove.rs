//! A member taken out of an object: the other way round of [`insert`](super::insert).

use std::ops::Range;

use jsonc_parser::ast::Object;

use super::spans::{Document, Edit, Member};

/// The edits that take out the server `name`, the usual ones first, and some that keep more blanks, for where a comment
/// would swallow what follows.
pub(super) fn member(document: &Document<'_>, servers: &Member<'_>, name: &str) -> Vec<Vec<Edit>> {
    let Ok(object) = servers.object() else { return Vec::new() };
    let Some(there) = servers.member(name) else { return Vec::new() };
    // What `insert` makes where there are no servers.
    let brought = object.properties.len() == 1 && there.range().start == object.range.start + 1;
    let (object, range) = if brought { (document.root(), servers.range()) } else { (object, there.range()) };
    [true, false].map(|blanks| take(document, object, range.clone(), blanks)).into()
}

fn take(document: &Document<'_>, object: &Object<'_>, range: Range<usize>, blanks: bool) -> Vec<Edit> {
    let text = document.text;
    let gone = |range: Range<usize>| (range, String::new());
    let is_blank = [' ', '\t', '\r', '\n'];
    let start = if blanks { text[..range.start].trim_end_matches(is_blank).len() } else { range.start };
    let behind = document.trivia(range.end).end;
    let comma = text[behind..].starts_with(',').then_some(behind..behind + 1);
    let mut edits = vec![gone(start..range.end)];
    edits.extend(comma.clone().map(gone));
    let before = object.properties.iter().rfind(|prop| prop.range.end <= range.start);
    match before {
        // The first and only one, on lines that came with it.
        None if object.properties.len() == 1 => {
            let closing = format!("{}{}", document.newline(), document.indent(object.range.start));
            let came = start == object.range.start + 1 && text[start..range.start].contains(['\n', '\r']);
            if came && comma.is_none() && text[range.end..].starts_with(&closing) {
                edits[0].0.end += closing.len();
            }
        }
        Some(before) if comma.is_none() => {
            let between = document.trivia(before.range.end).end;
            edits.push(gone(between..between + 1));
        }
        _ => {}
    }
    edits
}
