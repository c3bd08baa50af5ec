//! An entry put into a client's JSON and taken out again, with every other byte as it was.
//!
//! What is put in can be told by its form from what was there, so that exactly that is taken out: see [`insert`].

mod insert;
mod remove;
mod spans;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use self::spans::{Document, Edit, Member, apply};
use super::client::Json;
use super::entry::Entry;
use super::error::InstallError;

/// The text with the entry in it.
pub(super) fn with(format: Json, text: &str, name: &str, entry: &Entry) -> Result<String, InstallError> {
    if text.trim().is_empty() {
        // Some clients make an empty file. What is left by `without` is a file that every client reads.
        let empty = format!("{{\n  {}: {{}}\n}}\n", Value::from(format.servers));
        return with(format, &empty, name, entry);
    }
    let document = Document::parse(format, text)?;
    let edits = if let Some(servers) = document.servers()? {
        match servers.member(name) {
            Some(there) => changed(&document, &there, name, entry)?,
            None => insert::member(&document, servers.object()?, name, &value(format, entry)),
        }
    } else {
        let servers: Map<_, _> = [(name.to_owned(), value(format, entry))].into_iter().collect();
        insert::on_one_line(&document, document.root(), format.servers, &Value::Object(servers))
    };
    let new = apply(text, edits);
    document.same_but(&new, name)?;
    Ok(new)
}

/// The text without the entry.
pub(super) fn without(format: Json, text: &str, name: &str) -> Result<String, InstallError> {
    if text.trim().is_empty() {
        return Ok(text.to_owned());
    }
    let document = Document::parse(format, text)?;
    let Some(servers) = document.servers()? else { return Ok(text.to_owned()) };
    let Some(there) = servers.member(name) else { return Ok(text.to_owned()) };
    ours(&there, name)?;
    let mut last = None;
    for edits in remove::member(&document, &servers, name) {
        let new = apply(text, edits);
        match document.same_but(&new, name) {
            Ok(()) => return Ok(new),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| InstallError::Content(format!("{name} cannot be taken out: do it by hand"))))
}

/// What the client is told.
fn value(format: Json, entry: &Entry) -> Value {
    let mut value = Map::new();
    if format.typed {
        value.insert("type".to_owned(), "stdio".into());
    }
    value.insert("command".to_owned(), entry.command.as_str().into());
    value.insert("args".to_owned(), json!(entry.args));
    Value::Object(value)
}

/// What an entry that is there starts.
fn ours(there: &Member<'_>, name: &str) -> Result<(String, Vec<String>), InstallError> {
    let foreign = |starts: String| InstallError::Foreign { name: name.to_owned(), starts };
    let found = spans::value_of(there.text());
    let command = found["command"].as_str().ok_or_else(|| foreign(found.to_string()))?.to_owned();
    let args: Vec<String> = match &found["args"] {
        Value::Array(words) => words.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    if Entry::is_ours(&command, &args) { Ok((command, args)) } else { Err(foreign(Entry::shown(&command, &args))) }
}

/// An entry of ours that is there, made to say the same: what else it has stays.
fn changed(document: &Document<'_>, there: &Member<'_>, name: &str, entry: &Entry) -> Result<Vec<Edit>, InstallError> {
    let (command, args) = ours(there, name)?;
    let mut edits = Vec::new();
    for (key, same, wanted) in
        [("command", command == entry.command, json!(entry.command)), ("args", args == entry.args, json!(entry.args))]
    {
        if same {
            continue;
        }
        match there.member(key) {
            Some(old) => edits.push((old.value(), spans::on_one_line(&wanted))),
            None => edits.extend(insert::member(document, there.object()?, key, &wanted)),
        }
    }
    Ok(edits)
}
