//! A call that failed, as those see it who say what to do next.

use aws_sdk_dynamodb::types::TableDescription;
use futures::future::BoxFuture;
use serde_json::{Map, Value};

use crate::mcp::calls::unrecorded;
use crate::mcp::context::Context;
use crate::mcp::current;
use crate::mcp::error::ToolError;
use crate::uri::S3Uri;

/// The most bytes that are kept of one text among the arguments.
const TEXT: usize = 4096;
/// The most elements that are kept of a list.
const ELEMENTS: usize = 100;
/// The deepest nesting that is kept.
const DEPTH: usize = 8;

/// The tools that describe their table anyway, so that on AWS a description asks for no further permission.
const DESCRIBING: [&str; 6] = [
    "dynamodb_create_table",
    "dynamodb_delete_table",
    "dynamodb_describe_table",
    "dynamodb_query",
    "dynamodb_scan",
    "dynamodb_update_table",
];

/// What AWS says of keys that it refused. Their repair has asked for the description by then, whatever the tool.
const REFUSED_KEYS: [&str; 2] = ["key element does not match the schema", "Type mismatch for"];

/// The arguments of a call without what is long in them: enough to see what was meant.
#[derive(Debug, Clone, Default)]
pub(in crate::mcp) struct Asked(pub(super) Map<String, Value>);

impl Asked {
    /// Of these arguments.
    pub(in crate::mcp) fn of(arguments: &Map<String, Value>) -> Self {
        Self(arguments.iter().filter_map(|(name, value)| Some((name.clone(), kept(value, 0)?))).collect())
    }
}

fn kept(value: &Value, depth: usize) -> Option<Value> {
    Some(match value {
        Value::String(text) if text.len() > TEXT => return None,
        Value::Array(_) | Value::Object(_) if depth > DEPTH => return None,
        Value::Array(elements) => elements.iter().take(ELEMENTS).filter_map(|each| kept(each, depth + 1)).collect(),
        Value::Object(members) => members
            .iter()
            .take(ELEMENTS)
            .filter_map(|(name, each)| Some((name.clone(), kept(each, depth + 1)?)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    })
}

/// A call that failed.
pub(super) struct Case<'a> {
    pub(super) context: &'a Context,
    pub(super) tool: &'a str,
    pub(super) asked: &'a Map<String, Value>,
    /// What it was about, as URIs.
    pub(super) resources: &'a [String],
    pub(super) error: &'a ToolError,
    /// The part of the message by which the teacher was found.
    pub(super) about: &'static str,
}

/// What is taught.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lesson {
    /// What to do.
    pub(super) hint: String,
    /// In place of a message that says nothing.
    pub(super) message: Option<String>,
}

impl From<String> for Lesson {
    fn from(hint: String) -> Self {
        Self { hint, message: None }
    }
}

impl Case<'_> {
    /// What stands in the message after the words by which the teacher was found, to the end of its line.
    pub(super) fn rest(&self) -> &str {
        let at = self.error.message.find(self.about).map_or(0, |at| at + self.about.len());
        let rest = &self.error.message[at..];
        rest.split(['\n', '\r']).next().unwrap_or(rest).trim()
    }

    /// The arguments that the message is about: those of one operation of a transaction, or all.
    pub(super) fn part(&self) -> (&Map<String, Value>, String) {
        let place = self.operation();
        let found = place.and_then(|place| self.asked.get("operations")?.get(place)?.as_object());
        match (found, place) {
            (Some(part), Some(place)) => (part, format!("operations[{place}].")),
            _ => (self.asked, String::new()),
        }
    }

    /// Which operation of a transaction the message is about. Where it does not say, it is the only one.
    fn operation(&self) -> Option<usize> {
        let operations = self.asked.get("operations")?.as_array()?;
        let message = &self.error.message;
        let line = message.lines().find(|line| line.contains("operations[") && line.contains(self.about));
        let said = line.and_then(|line| line.split_once("operations[")?.1.split(']').next()?.parse().ok());
        said.or_else(|| (operations.len() == 1).then_some(0))
    }

    /// The table that the message is about.
    pub(super) fn table(&self) -> Option<&str> {
        let named = self.part().0.get("table").and_then(Value::as_str);
        named.or_else(|| self.tables().next())
    }

    /// The tables of the call.
    pub(super) fn tables(&self) -> impl Iterator<Item = &str> {
        self.resources.iter().filter_map(|resource| resource.strip_prefix("dynamodb://"))
    }

    /// The buckets of the call, each with the key that goes with it.
    pub(super) fn objects(&self) -> impl Iterator<Item = (&str, &str)> {
        self.resources.iter().filter_map(|resource| S3Uri::parse(resource)).map(|uri| (uri.bucket, uri.rest))
    }

    /// The description of the table that the message is about.
    pub(super) async fn described(&self) -> Option<TableDescription> {
        self.describe(self.table()?).await
    }

    /// A table's description. On AWS it is asked for where the tool asks for it anyway.
    pub(super) async fn describe(&self, table: &str) -> Option<TableDescription> {
        let asked_before = REFUSED_KEYS.iter().any(|refusal| self.error.message.contains(refusal));
        if !self.context.is_local() && !asked_before && !DESCRIBING.contains(&self.tool) {
            return None;
        }
        describe(self.context, table).await
    }
}

/// A table's description, if it can be had. It is asked for once in a call.
pub(in crate::mcp) async fn describe(context: &Context, table: &str) -> Option<TableDescription> {
    if let Some(known) = current::described(table) {
        return Some(known);
    }
    let read = context.dynamodb.describe_table().table_name(table).send();
    look(context, read).await.ok()?.table.inspect(current::describes)
}

/// A read that only helps to teach. What goes to AWS is recorded as each call of the tool is; here at home it is
/// nobody's, so that a policy made of the journal allows nothing that only a mistake asked for.
///
/// Boxed: what an SDK's request takes would swell every future that waits for it.
pub(in crate::mcp) fn look<'a, F: Future + Send + 'a>(context: &Context, read: F) -> BoxFuture<'a, F::Output> {
    if context.is_local() { Box::pin(unrecorded(read)) } else { Box::pin(read) }
}
