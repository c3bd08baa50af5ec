//! What a source file or a journal is found to use.

use std::collections::BTreeMap;

/// A value as far as it can be read off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A name or a number: the last word of what stands there, such as a constant's name.
    Word(String),
    /// Members.
    Members(Given),
    /// Elements.
    List(Vec<Value>),
    /// Anything else.
    Unknown,
}

/// The members of a request, or of a part of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// The members, as they are spelled where they were found.
    pub members: Vec<(String, Value)>,
    /// Whether there may be more, which cannot be read off.
    pub more: bool,
}

impl Given {
    /// Nothing can be read off.
    #[must_use]
    pub fn hidden() -> Self {
        Self { members: Vec::new(), more: true }
    }

    /// Adds what another has.
    pub fn extend(&mut self, other: Self) {
        self.members.extend(other.members);
        self.more |= other.more;
    }
}

/// One use of an operation.
#[derive(Debug, Clone)]
pub struct Use {
    /// AWS's name of it.
    pub operation: &'static str,
    /// What it is given.
    pub given: Given,
    /// The line, where it is in a file.
    pub line: u32,
    /// What the emulator answered, where it was asked.
    pub answered: Option<Answered>,
}

/// What the emulator answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// As AWS would, an error perhaps.
    AsAws,
    /// That it is not emulated.
    NotEmulated,
}

/// All that is used in one place.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Uses, in the order of the place.
    pub uses: Vec<Use>,
    /// Other services of AWS, by the name that the place has for them, with the first line of each.
    pub others: BTreeMap<String, u32>,
}

impl Found {
    /// Adds a use.
    pub fn add(&mut self, operation: &'static str, given: Given, line: u32) {
        self.uses.push(Use { operation, given, line, answered: None });
    }

    /// Notes another service.
    pub fn other(&mut self, service: &str, line: u32) {
        self.others.entry(service.to_owned()).or_insert(line);
    }
}
