//! A recorded call, looked at without trust in its form.

use serde_json::{Map, Value};

use super::value::{is_note, more_of};
use crate::{Call, Subject};

/// A recorded call, and where in it things are.
pub(super) struct View<'a> {
    pub(super) call: &'a Call,
    pub(super) service: &'a str,
    /// AWS's name of the operation, or the tool's written like one: `PutItems`.
    pub(super) name: String,
    /// Whether a tool was called, whose values are natural JSON.
    pub(super) is_tool: bool,
    pub(super) parameters: &'a Value,
    pub(super) response: &'a Value,
}

impl<'a> View<'a> {
    pub(super) fn of(call: &'a Call) -> Self {
        let (name, is_tool) = match &call.started.subject {
            Subject::Operation { operation, .. } => (operation.clone(), false),
            Subject::Tool { tool } => (camel(tool), true),
        };
        let response = call.finished.as_ref().map_or(&Value::Null, |end| &end.response);
        Self { call, service: call.service(), name, is_tool, parameters: &call.started.parameters, response }
    }

    /// The parameter by the first of these names that there is.
    pub(super) fn parameter(&self, names: &[&str]) -> Option<&'a Value> {
        find(self.parameters, names)
    }

    /// The member of the answer by the first of these names that there is.
    pub(super) fn answer(&self, names: &[&str]) -> Option<&'a Value> {
        find(self.response, names)
    }

    pub(super) fn text(&self, names: &[&str]) -> Option<&'a str> {
        self.parameter(names).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    pub(super) fn object(&self, names: &[&str]) -> Option<&'a Map<String, Value>> {
        self.parameter(names).and_then(Value::as_object)
    }

    pub(super) fn is_true(&self, names: &[&str]) -> bool {
        self.parameter(names).and_then(Value::as_bool) == Some(true)
    }

    pub(super) fn is_false(&self, names: &[&str]) -> bool {
        self.parameter(names).and_then(Value::as_bool) == Some(false)
    }

    /// What follows `scheme` in each of the call's resources.
    pub(super) fn resources(&self, scheme: &str) -> impl Iterator<Item = &'a str> {
        self.call.started.resources.iter().filter_map(move |resource| {
            resource.strip_prefix(scheme).or_else(|| is_note(resource).then_some(resource.as_str()))
        })
    }
}

/// The member of an object by the first of these names under which something stands.
pub(super) fn find<'a>(value: &'a Value, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| value.get(name)).filter(|value| !value.is_null())
}

/// The elements of an array; none of anything else.
pub(super) fn elements(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// How many elements there were before an array was cut.
pub(super) fn count(elements: &[Value]) -> u64 {
    match elements.split_last() {
        Some((last, kept)) => (kept.len() as u64).saturating_add(more_of(last).unwrap_or(1)),
        None => 0,
    }
}

/// The same of a value, where it is an array.
pub(super) fn length(value: &Value) -> Option<u64> {
    value.as_array().map(|elements| count(elements))
}

/// `3 items`, `1 item`; `things` in the plural.
pub(super) fn counted(count: u64, thing: &str, things: &str) -> String {
    format!("{count} {}", if count == 1 { thing } else { things })
}

/// A tool's name as AWS writes those of operations, without its service: `dynamodb_put_items` is `PutItems`.
fn camel(tool: &str) -> String {
    let name = tool.strip_prefix("dynamodb_").or_else(|| tool.strip_prefix("s3_")).unwrap_or(tool);
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    name.split('_').map(capital).collect()
}
