//! Document paths.

use crate::emulator::dynamodb::value::{Item, Value};

/// One step of a document path.
#[derive(Debug, Clone, PartialEq)]
pub enum Segment {
    /// A map's member (or the item's attribute).
    Name(String),
    /// A list's element.
    Index(usize),
}

/// A document path, its `#names` resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    segments: Vec<Segment>,
}

impl Path {
    /// The top-level attribute's name.
    pub fn root(&self) -> &str {
        todo!()
    }
    /// All steps, the top-level attribute first.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }
    /// What stands at the path.
    pub fn get<'a>(&self, item: &'a Item) -> Option<&'a Value> {
        todo!()
    }
}
