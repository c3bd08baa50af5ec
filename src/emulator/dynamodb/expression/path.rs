//! Document paths.

use std::fmt;

use crate::emulator::dynamodb::value::{Item, Value};

/// One step of a document path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// A list's element.
    Index(usize),
    /// A map's member (or the item's attribute).
    Name(String),
}

/// A document path, its `#names` resolved. Prints as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Never empty; the first is a name.
    segments: Vec<Segment>,
    written: String,
}

impl Path {
    /// The path of a top-level attribute.
    #[must_use]
    pub fn attribute(name: impl Into<String>) -> Self {
        let name = name.into();
        Self { segments: vec![Segment::Name(name.clone())], written: name }
    }

    /// A path that starts with the attribute `name`, written as `written`.
    pub(super) fn start(name: String, written: &str) -> Self {
        Self { segments: vec![Segment::Name(name)], written: written.to_owned() }
    }

    /// Goes on to the member `name`, written as `written`.
    pub(super) fn push_name(&mut self, name: String, written: &str) {
        self.segments.push(Segment::Name(name));
        self.written.push('.');
        self.written.push_str(written);
    }

    /// Goes on to the element `index`.
    pub(super) fn push_index(&mut self, index: usize) {
        self.segments.push(Segment::Index(index));
        self.written.push('[');
        self.written.push_str(&index.to_string());
        self.written.push(']');
    }

    /// The top-level attribute's name.
    #[must_use]
    pub fn root(&self) -> &str {
        match self.segments.first() {
            Some(Segment::Name(name)) => name,
            _ => "",
        }
    }

    /// Whether it is the path of the top-level attribute `name`, and not of something in it.
    #[must_use]
    pub fn is_attribute(&self, name: &str) -> bool {
        matches!(self.segments.as_slice(), [Segment::Name(only)] if only == name)
    }

    /// All steps, the top-level attribute first.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// What stands at the path.
    #[must_use]
    pub fn get<'a>(&self, item: &'a Item) -> Option<&'a Value> {
        let mut value = item.get(self.root())?;
        for segment in &self.segments[1..] {
            value = match (segment, value) {
                (Segment::Name(name), Value::M(map)) => map.get(name)?,
                (Segment::Index(index), Value::L(list)) => list.get(*index)?,
                _ => return None,
            };
        }
        Some(value)
    }

    /// The path as AWS shows it in messages: resolved, as `[a, [0], b]`.
    pub(super) fn shown(&self) -> String {
        let steps: Vec<_> = self
            .segments
            .iter()
            .map(|segment| match segment {
                Segment::Name(name) => name.clone(),
                Segment::Index(index) => format!("[{index}]"),
            })
            .collect();
        format!("[{}]", steps.join(", "))
    }

    /// How two paths of one list get in each other's way.
    pub(super) fn clash(&self, other: &Self) -> Option<Clash> {
        for pair in self.segments.iter().zip(&other.segments) {
            match pair {
                (left, right) if left == right => {}
                (Segment::Name(_), Segment::Index(_)) | (Segment::Index(_), Segment::Name(_)) => {
                    return Some(Clash::Conflict);
                }
                _ => return None,
            }
        }
        Some(Clash::Overlap)
    }
}

/// How two paths get in each other's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clash {
    /// One is the other or leads to it.
    Overlap,
    /// What one takes for a map the other takes for a list.
    Conflict,
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}
