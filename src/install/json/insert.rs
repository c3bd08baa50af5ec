//! A member put into an object, after its last one.
//!
//! Nothing that was there is changed, and each form of what is put in belongs to one form of what was there:
//!
//! | the object | what is put in |
//! |---|---|
//! | has members on lines of their own | `,` after the last one; line break, member |
//! | has members on its own line | `,` after the last one; space, member on one line |
//! | is `{}` or has blanks alone in it | after `{`: line break, member, line break |
//! | has line breaks alone in it | after `{`: space, member on one line |
//! | has comments alone in it | after the last one: line break, member |
//! | is not there | as a member, on one line, with no blank after its `{` |
//!
//! What stands behind the last member on its line, a comment, goes on standing there. Where the last member has a comma
//! behind it, the new one gets it in its place.

use jsonc_parser::ast::Object;
use serde_json::Value;

use super::spans::{Document, Edit, on_one_line as one_line};

/// Puts in a member, on several lines where its neighbours have lines of their own.
pub(super) fn member(document: &Document<'_>, object: &Object<'_>, name: &str, value: &Value) -> Vec<Edit> {
    put(document, object, name, value, false)
}

/// Puts in a member whose value is on one line.
pub(super) fn on_one_line(document: &Document<'_>, object: &Object<'_>, name: &str, value: &Value) -> Vec<Edit> {
    put(document, object, name, value, true)
}

fn put(document: &Document<'_>, object: &Object<'_>, name: &str, value: &Value, flat: bool) -> Vec<Edit> {
    let open = object.range.start;
    let inside = open + 1;
    let newline = document.newline();
    let outer = document.indent(open);
    let deeper = format!("{outer}{}", document.unit());
    let name = Value::from(name).to_string();
    let line = format!(" {name}: {}", one_line(value));
    let lines = |indent: &str| {
        let value = if flat { one_line(value) } else { on_lines(value, indent, document.unit(), newline) };
        format!("{newline}{indent}{name}: {value}")
    };
    let Some(last) = object.properties.last() else {
        let trivia = document.trivia(inside);
        if let Some(comment) = trivia.last_comment {
            return vec![(comment..comment, lines(&deeper))];
        }
        let has_lines = document.text[inside..trivia.end].contains(['\n', '\r']);
        let piece = if has_lines { line } else { format!("{}{newline}{outer}", lines(&deeper)) };
        return vec![(inside..inside, piece)];
    };
    let after = last.range.end;
    let behind = document.trivia(after).end;
    let comma = document.text[behind..].starts_with(',').then_some(behind);
    let base = comma.map_or(after, |comma| comma + 1);
    let place = document.trivia(base).same_line;
    let own_line = document.text[open..last.range.start].contains(['\n', '\r']);
    let piece = if own_line || place != base {
        let alone = own_line && starts_line(document, last.range.start);
        lines(if alone { document.indent(last.range.start) } else { &deeper })
    } else {
        line
    };
    match comma {
        Some(_) => vec![(place..place, format!("{piece},"))],
        None => vec![(after..after, ",".to_owned()), (place..place, piece)],
    }
}

/// Whether nothing but blanks stands before it on its line.
fn starts_line(document: &Document<'_>, at: usize) -> bool {
    document.text[..at].trim_end_matches([' ', '\t']).ends_with(['\n', '\r'])
}

/// An object with each member on a line of its own; anything else on one.
fn on_lines(value: &Value, indent: &str, unit: &str, newline: &str) -> String {
    let Value::Object(members) = value else { return one_line(value) };
    let members: Vec<_> = members
        .iter()
        .map(|(name, value)| format!("{newline}{indent}{unit}{}: {}", Value::from(name.as_str()), one_line(value)))
        .collect();
    format!("{{{}{newline}{indent}}}", members.join(","))
}
