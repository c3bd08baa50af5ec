//! What can be copied of a call: itself, a command that makes it again, what it is about.

mod cli;
mod curl;
mod shell;
mod tool;
mod typed;

use footbridge_record::text::visible_json;
use footbridge_record::{Call, Subject, time};
use serde_json::Value;

use super::Calls;
use crate::app::desk::Desk;
use crate::app::dialog::{Dialog, Menu};
use crate::command::{Endpoint, has_binary};
use crate::text::{fit, pad};

/// An entry of the menu: its key, what it is, and the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    key: char,
    what: &'static str,
    text: String,
}

/// Why a call has no command.
const PARTIAL: &str = "no command, since the request is cut or redacted";
const A_FILE: &str = "no AWS CLI command, since it would read a file or a URL";

/// What can be copied of `call`, where this process's endpoint is `local`, and why something cannot.
fn entries(call: &Call, local: Option<&str>) -> (Vec<Entry>, Option<&'static str>) {
    let endpoint = Endpoint::of(&call.started.target, local);
    let mut entries = vec![Entry { key: 'y', what: "JSON", text: json(call) }];
    let mut put = |key, what, text: Option<String>| {
        entries.extend(text.map(|text| Entry { key, what, text }));
    };
    let mut why = None;
    if call.started.partial {
        why = Some(PARTIAL);
    } else {
        match cli::command(call, &endpoint) {
            Some(command) if command.reads_a_file() => why = Some(A_FILE),
            command => {
                let newer = call.service().starts_with("dynamodb") && has_binary(&call.started.parameters);
                let what = if newer { "AWS CLI 2 command" } else { "AWS CLI command" };
                put('a', what, command.map(|command| command.text()));
            }
        }
        match &call.started.subject {
            Subject::Tool { tool } => put('f', "footbridge command", Some(tool::command(call, tool))),
            Subject::Operation { .. } => put('c', "curl command", curl::command(call, &endpoint)),
        }
    }
    put('k', "key", key(call));
    put('r', "ARN", arn(call, &endpoint));
    (entries, why)
}

/// `call` as JSON over several lines.
fn json(call: &Call) -> String {
    let text = serde_json::to_value(call).map_or_else(|error| error.to_string(), |value| format!("{value:#}"));
    text.lines().map(visible_json).collect::<Vec<_>>().join("\n")
}

/// The key of the object or the item that `call` is about, where it is about one.
fn key(call: &Call) -> Option<String> {
    let parameters = &call.started.parameters;
    match call.service() {
        "s3" => {
            let of_resource = || {
                let mut resources = call.started.resources.iter();
                let (_, key) = resources.next()?.strip_prefix("s3://")?.split_once('/')?;
                (resources.next().is_none() && !key.ends_with('*')).then(|| key.to_owned())
            };
            let given = parameters.get("key").and_then(Value::as_str).map(str::to_owned);
            given.or_else(of_resource).filter(|key| !key.is_empty())
        }
        "dynamodb" => {
            let one = |name: &str| match parameters.get(name).and_then(Value::as_array).map(Vec::as_slice) {
                Some([only]) => Some(only.clone()),
                _ => None,
            };
            let key = parameters.get("Key").or_else(|| parameters.get("key")).cloned().or_else(|| one("keys"));
            key.filter(Value::is_object).map(|key| visible_json(&key.to_string()).into_owned())
        }
        _ => None,
    }
}

/// The ARN of the first resource that `call` is about.
fn arn(call: &Call, endpoint: &Endpoint) -> Option<String> {
    let resource = call.started.resources.first()?;
    if let Some(name) = resource.strip_prefix("s3://") {
        return (!name.is_empty()).then(|| format!("arn:aws:s3:::{name}"));
    }
    let name = resource.strip_prefix("dynamodb://").filter(|name| !name.is_empty())?;
    let (region, account) = (endpoint.region.as_deref()?, endpoint.account.as_deref()?);
    Some(format!("arn:aws:dynamodb:{region}:{account}:table/{name}"))
}

impl Calls {
    /// Opens the menu of what can be copied of `call`.
    pub(super) fn offer(&mut self, call: &Call, desk: &mut Desk<'_>) {
        let local = desk.glance.facts.as_ref().and_then(|facts| facts.endpoint.as_deref());
        let (copies, why) = entries(call, local);
        self.copies = copies;
        let line = |entry: &Entry| {
            let text = entry.text.split_whitespace().collect::<Vec<_>>().join(" ");
            (entry.key, format!("{} {}", pad(entry.what, 18, ""), fit(&text, 44, desk.glance.look.signs().cut)))
        };
        let entries = self.copies.iter().map(line).collect();
        let title = why.map_or_else(|| "Copy".to_owned(), |why| format!("Copy: {why}"));
        desk.open(Dialog::Menu(Menu { tag: "copy", title, entries, at: 0 }));
    }

    pub(super) fn copy_entry(&mut self, at: usize, desk: &mut Desk<'_>) {
        if at >= self.copies.len() {
            return;
        }
        let Entry { what, text, .. } = self.copies.swap_remove(at);
        let size = time::bytes(text.len() as u64);
        desk.say(format!("{what} offered to the clipboard, {size}"));
        desk.copy(text);
    }

    /// Where there are no calls, what makes some can be copied.
    pub(super) fn copy_hint(&mut self, desk: &mut Desk<'_>) -> bool {
        let hint = desk.glance.facts.as_ref().and_then(|facts| facts.hints.first());
        let Some(hint) = hint.filter(|_| self.list.store.len() == 0) else { return false };
        desk.copy(hint.paste.clone());
        desk.say("The first of these was offered to the clipboard");
        true
    }
}

#[cfg(test)]
mod tests;
