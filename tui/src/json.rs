//! JSON as lines to read: coloured, with parts that fold.

use std::collections::HashSet;

use serde_json::Value;

use crate::look::{Look, Role};
use crate::text::clean;

/// Parts of more lines than this begin folded, the outermost aside.
const LONG: usize = 12;

/// Pieces of a line, each with its role.
pub type Pieces = Vec<(Role, String)>;

/// A line of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Columns that it is set in, also where it wraps.
    pub indent: usize,
    /// What it says.
    pub pieces: Pieces,
    /// The part that folds here, where one does.
    pub part: Option<usize>,
}

/// Which parts a person folded or unfolded, against what they began as.
pub type Flipped = HashSet<usize>;

/// `value` as lines.
#[must_use]
pub fn lines(value: &Value, flipped: &Flipped, look: Look) -> Vec<Line> {
    let mut writer = Writer { flipped, look, lines: Vec::new(), parts: 0 };
    writer.value(value, 0, Vec::new(), "");
    writer.lines
}

/// The parts of `value` that begin unfolded, the outermost aside, and those that begin folded.
#[must_use]
pub fn parts(value: &Value) -> (Vec<usize>, Vec<usize>) {
    let (mut open, mut folded, mut number) = (Vec::new(), Vec::new(), 0);
    visit(value, 0, &mut number, &mut |part, depth, lines| {
        if begins_folded(depth, lines) {
            folded.push(part);
        } else if depth > 0 {
            open.push(part);
        }
    });
    (open, folded)
}

fn visit(value: &Value, depth: usize, number: &mut usize, see: &mut impl FnMut(usize, usize, usize)) {
    if !is_part(value) {
        return;
    }
    see(*number, depth, height(value));
    *number += 1;
    for (_, child) in children(value) {
        visit(child, depth + 1, number, see);
    }
}

fn begins_folded(depth: usize, lines: usize) -> bool {
    depth > 0 && lines > LONG
}

struct Writer<'a> {
    flipped: &'a Flipped,
    look: Look,
    lines: Vec<Line>,
    parts: usize,
}

impl Writer<'_> {
    /// Writes `value` after `pieces` (its name), and `comma` after it.
    fn value(&mut self, value: &Value, depth: usize, mut pieces: Pieces, comma: &'static str) {
        let indent = depth * 2;
        if let Some((kind, inner)) = typed(value) {
            pieces.push((Role::Dim, format!("{{\"{kind}\": ")));
            let (role, text) = self.scalar(inner);
            pieces.push((if matches!(kind, "N" | "$n") { Role::Number } else { role }, text));
            pieces.push((Role::Dim, "}".to_owned()));
            pieces.push((Role::Plain, comma.to_owned()));
            self.lines.push(Line { indent, pieces, part: None });
            return;
        }
        if !is_part(value) {
            pieces.push(self.scalar(value));
            if !comma.is_empty() {
                pieces.push((Role::Plain, comma.to_owned()));
            }
            self.lines.push(Line { indent, pieces, part: None });
            return;
        }
        let part = self.parts;
        self.parts += 1;
        let (open, close, noun) = if value.is_object() { ("{", "}", "members") } else { ("[", "]", "elements") };
        if begins_folded(depth, height(value)) != self.flipped.contains(&part) {
            let count = children(value).count();
            self.parts += inner_parts(value);
            pieces.push((Role::Plain, open.to_owned()));
            pieces.push((Role::Dim, format!(" {} {count} {noun} ", self.look.signs().cut)));
            pieces.push((Role::Plain, format!("{close}{comma}")));
            self.lines.push(Line { indent, pieces, part: Some(part) });
            return;
        }
        pieces.push((Role::Plain, open.to_owned()));
        self.lines.push(Line { indent, pieces, part: Some(part) });
        let last = children(value).count();
        for (number, (name, child)) in children(value).enumerate() {
            let mut before = Vec::new();
            if let Some(name) = name {
                before.push((Role::Name, format!("\"{}\"", clean(name, self.look.ascii))));
                before.push((Role::Plain, ": ".to_owned()));
            }
            self.value(child, depth + 1, before, if number + 1 == last { "" } else { "," });
        }
        self.lines.push(Line { indent, pieces: vec![(Role::Plain, format!("{close}{comma}"))], part: None });
    }

    fn scalar(&self, value: &Value) -> (Role, String) {
        match value {
            Value::String(text) => (Role::Text, format!("\"{}\"", clean(text, self.look.ascii))),
            other => (Role::Number, other.to_string()),
        }
    }
}

/// The kind and the value of what DynamoDB has in its typed form, `{"S": "a"}`, or natural JSON for want of a form of its own,
/// `{"$n": "1e100"}`: it reads best on one line.
fn typed(value: &Value) -> Option<(&str, &Value)> {
    let mut members = value.as_object()?.iter();
    let (Some((kind, inner)), None) = (members.next(), members.next()) else { return None };
    let scalar = matches!(kind.as_str(), "S" | "N" | "B" | "BOOL" | "NULL" | "$n" | "$b")
        && !inner.is_object()
        && !inner.is_array();
    scalar.then_some((kind.as_str(), inner))
}

/// Whether `value` takes lines of its own.
fn is_part(value: &Value) -> bool {
    if typed(value).is_some() {
        return false;
    }
    match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => false,
    }
}

fn children(value: &Value) -> Box<dyn Iterator<Item = (Option<&str>, &Value)> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter().map(|item| (None, item))),
        Value::Object(members) => Box::new(members.iter().map(|(name, value)| (Some(name.as_str()), value))),
        _ => Box::new(std::iter::empty()),
    }
}

/// Lines that `value` takes unfolded.
fn height(value: &Value) -> usize {
    if is_part(value) { 2 + children(value).map(|(_, child)| height(child)).sum::<usize>() } else { 1 }
}

fn inner_parts(value: &Value) -> usize {
    children(value).map(|(_, child)| usize::from(is_part(child)) + inner_parts(child)).sum()
}

#[cfg(test)]
mod tests {
    use super::{Flipped, lines, parts};
    use crate::look::Look;
    use serde_json::{Value, json};

    fn text(value: &Value, flipped: &[usize]) -> Vec<String> {
        let flipped: Flipped = flipped.iter().copied().collect();
        let all = lines(value, &flipped, Look { theme: crate::look::Theme::None, ascii: true });
        all.iter()
            .map(|line| {
                " ".repeat(line.indent) + &line.pieces.iter().map(|(_, text)| text.as_str()).collect::<String>()
            })
            .collect()
    }

    #[test]
    fn it_reads_as_json() {
        let value = json!({"table": "Shop", "keys": [{"pk": 1}], "none": {}});
        assert_eq!(
            text(&value, &[]),
            [
                "{",
                "  \"table\": \"Shop\",",
                "  \"keys\": [",
                "    {",
                "      \"pk\": 1",
                "    }",
                "  ],",
                "  \"none\": {}",
                "}"
            ]
        );
    }

    #[test]
    fn long_parts_begin_folded_and_parts_keep_their_numbers() {
        let long: Vec<_> = (0..20).map(|n| json!({ "n": n })).collect();
        let value = json!({ "items": long, "last": [1] });
        assert_eq!(text(&value, &[]), ["{", "  \"items\": [ ~ 20 elements ],", "  \"last\": [", "    1", "  ]", "}"]);
        // 0 is the whole, 1 the items, 2 to 21 the item objects, 22 the last.
        assert_eq!(text(&value, &[22])[2], "  \"last\": [ ~ 1 elements ]");
        assert_eq!(text(&value, &[1]).len(), 67);
        let (open, folded) = parts(&value);
        assert_eq!((open.len(), folded), (21, vec![1]));
    }

    #[test]
    fn what_stands_for_a_number_takes_no_lines_of_its_own() {
        assert_eq!(text(&json!({"big": {"$n": "123"}, "b": {"$b": [1]}}), &[])[1], "  \"big\": {\"$n\": \"123\"},");
    }

    #[test]
    fn typed_values_take_one_line() {
        let value = json!({"pk": {"S": "a"}, "n": {"M": {"x": {"N": "7"}}}, "S": {"S": {"S": "b"}}});
        assert_eq!(
            text(&value, &[]),
            [
                "{",
                "  \"pk\": {\"S\": \"a\"},",
                "  \"n\": {",
                "    \"M\": {",
                "      \"x\": {\"N\": \"7\"}",
                "    }",
                "  },",
                "  \"S\": {",
                "    \"S\": {\"S\": \"b\"}",
                "  }",
                "}"
            ]
        );
    }

    #[test]
    fn values_cannot_command_the_terminal() {
        assert_eq!(text(&json!({"a\u{1b}[2J": "\u{202e}"}), &[])[1], "  \"a\\u{1b}[2J\": \"\\u{202e}\"");
    }
}
