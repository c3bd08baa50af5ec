//! A call as a command of the AWS CLI.

mod by_tool;
mod s3;

use footbridge_record::{Call, Subject};
use serde_json::{Map, Value};

use super::shell::Command;
use crate::command::Endpoint;

/// The command that makes `call`, where the AWS CLI can make it.
pub(super) fn command(call: &Call, endpoint: &Endpoint) -> Option<Command> {
    match &call.started.subject {
        Subject::Tool { tool } => by_tool::command(tool, &call.started.parameters, endpoint),
        Subject::Operation { service, operation } => match service.as_str() {
            "s3" => s3::command(operation, &call.started.parameters, endpoint),
            "dynamodb" | "dynamodbstreams" | "sts" => json(service, operation, &call.started.parameters, endpoint),
            _ => None,
        },
    }
}

/// A command with the options that say where it goes.
fn new(words: &str, endpoint: &Endpoint) -> Command {
    Command::new(format!("{} {words}{}", endpoint.aws(), endpoint.options()))
}

/// A call whose request is JSON: an option for each member.
fn json(service: &str, operation: &str, parameters: &Value, endpoint: &Endpoint) -> Option<Command> {
    let none = Map::new();
    let members = if parameters.is_null() { &none } else { parameters.as_object()? };
    let mut command = new(&format!("{service} {}", named(operation)?), endpoint);
    for (name, value) in members {
        // What STS is asked stands in a form, which names the operation too.
        if service == "sts" && matches!(name.as_str(), "Action" | "Version") {
            continue;
        }
        let name = named(name)?;
        if OF_ALL.contains(&name.as_str()) || name.starts_with("cli-") || name.starts_with("no-") {
            return None;
        }
        option(&mut command, &name, value);
    }
    Some(command)
}

fn option(command: &mut Command, name: &str, value: &Value) {
    let name = format!("--{name}");
    match value {
        Value::Null => {}
        Value::Bool(true) => drop(command.flag(&name)),
        Value::Bool(false) => drop(command.flag(&name.replacen("--", "--no-", 1))),
        Value::String(text) => drop(command.option(&name, text)),
        other => drop(command.option(&name, &other.to_string())),
    }
}

/// Options of every command, which no member of a request may become.
const OF_ALL: [&str; 10] = [
    "ca-bundle",
    "color",
    "debug",
    "endpoint-url",
    "generate-cli-skeleton",
    "output",
    "profile",
    "query",
    "region",
    "version",
];

/// [`kebab`] of a name that is one: a stranger may have sent anything.
fn named(name: &str) -> Option<String> {
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
    is_name.then(|| kebab(name))
}

/// A name as the AWS CLI writes it: `ListObjectsV2` is `list-objects-v2`, `SSESpecification` is `sse-specification`.
pub(super) fn kebab(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(at + 1);
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase() || before.is_ascii_digit() || after.is_some_and(char::is_ascii_lowercase)
            });
        if begins {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::kebab;

    #[test]
    fn names_are_written_as_the_cli_has_them() {
        for (name, wanted) in [
            ("ListObjectsV2", "list-objects-v2"),
            ("SSESpecification", "sse-specification"),
            ("KeyConditionExpression", "key-condition-expression"),
            ("UpdateTimeToLive", "update-time-to-live"),
            ("TableName", "table-name"),
        ] {
            assert_eq!(kebab(name), wanted);
        }
    }
}
