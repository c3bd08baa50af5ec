//! What one call's repairs have in common.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::mcp::error::ToolError;
use crate::mcp::quoted;

/// The longest arguments that an error gives back to be sent, in bytes.
const MOST_STATED: usize = 4096;
/// The most names in one note.
const MOST_NAMES: usize = 6;
/// The most that a note tells of what names were read as.
const MOST_GROUPS: usize = 8;
/// The most repairs of a call that are remembered to be told of.
const MOST_READ: usize = 100;

/// What the repairs know beside the arguments.
#[derive(Debug, Clone, Copy)]
pub(in crate::mcp) struct Facts<'a> {
    /// The tool's name.
    pub(in crate::mcp) tool: &'a str,
    /// The region that the tools work in.
    pub(in crate::mcp) region: &'a str,
    /// Whether they speak to the embedded emulator.
    pub(in crate::mcp) local: bool,
    /// Whether the tool changes what is stored.
    pub(in crate::mcp) writes: bool,
}

/// The repairs of one call so far.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub(super) facts: Facts<'a>,
    /// What was read as what.
    read: Vec<(String, String)>,
    /// How many more were read as something else.
    more: usize,
    /// What was left out, as it is empty.
    empty: Vec<String>,
    /// What was left out otherwise.
    left: Vec<String>,
    /// The parameters that came under a name of AWS's, by their place.
    pub(super) from_aws: Vec<String>,
}

impl<'a> Work<'a> {
    pub(super) fn new(facts: Facts<'a>) -> Self {
        Self { facts, read: Vec::new(), more: 0, empty: Vec::new(), left: Vec::new(), from_aws: Vec::new() }
    }

    pub(super) fn read(&mut self, what: impl Into<String>, to: impl Into<String>) {
        if self.read.len() >= MOST_READ {
            self.more += 1;
            return;
        }
        let both = (what.into(), to.into());
        if !self.read.contains(&both) {
            self.read.push(both);
        }
    }

    pub(super) fn left_empty(&mut self, what: impl Into<String>) {
        self.empty.push(what.into());
    }

    pub(super) fn left_out(&mut self, what: &str) {
        self.left.push(shown(what));
    }

    /// What was done, in few words.
    pub(super) fn notes(self) -> Vec<String> {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for (what, to) in self.read {
            match groups.iter_mut().find(|(known, _)| *known == to) {
                Some((_, whats)) => whats.push(what),
                None => groups.push((to, vec![what])),
            }
        }
        let mut notes = Vec::new();
        if !groups.is_empty() {
            let of = |(to, whats): &(String, Vec<String>)| format!("{} as {to}", listed(whats, " and "));
            let untold: usize = groups.iter().skip(MOST_GROUPS).map(|(_, whats)| whats.len()).sum();
            let told = groups.iter().take(MOST_GROUPS).map(of).collect::<Vec<_>>().join(", ");
            let more = match self.more + untold {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            notes.push(format!("read {told}{more}"));
        }
        if !self.empty.is_empty() {
            notes.push(format!("left out empty {}", listed(&self.empty, ", ")));
        }
        if !self.left.is_empty() {
            notes.push(format!("left out {}", listed(&self.left, ", ")));
        }
        notes
    }
}

/// An error with the arguments to send in place of these.
pub(super) fn refused(problem: impl Into<String>, send: &Map<String, Value>) -> ToolError {
    let error = ToolError::arguments(problem);
    match stated(send) {
        Some(text) => error.hint(format!("send {text}")),
        None => error,
    }
}

/// An error with two calls, of which one was meant.
pub(super) fn either(problem: impl Into<String>, first: &Map<String, Value>, second: &Map<String, Value>) -> ToolError {
    match (stated(first), stated(second)) {
        (Some(first), Some(second)) => ToolError::arguments(problem).hint(format!("send {first} or {second}")),
        _ => ToolError::arguments(problem),
    }
}

/// Arguments as text to send, where they are short enough for it.
pub(super) fn stated(arguments: &Map<String, Value>) -> Option<String> {
    let text = serde_json::to_string(arguments).ok()?;
    (text.len() <= MOST_STATED).then_some(text)
}

/// What a caller wrote, so that nothing in it can be taken for our own words.
pub(super) fn shown(text: &str) -> String {
    let plain = text.len() <= 100 && text.bytes().all(|byte| byte.is_ascii_graphic());
    if plain { text.to_owned() } else { quoted(text) }
}

fn listed(names: &[String], between: &str) -> String {
    let mut text = names.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join(between);
    if let Some(more) = names.len().checked_sub(MOST_NAMES).filter(|more| *more > 0) {
        let _ = write!(text, " and {more} more");
    }
    text
}

/// The place of a member, as an error names it.
pub(super) fn place(outer: &str, name: &str) -> String {
    if outer.is_empty() { shown(name) } else { format!("{outer}.{}", shown(name)) }
}

/// Whether a value is one that strict clients send for what is unused.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
