//! What the calls of a journal use.

use serde_json::Value as Json;

use super::found::{Answered, Found, Given, Use, Value};
use super::model::{Model, Operation};
use crate::journal::{Call, Subject, Target};

/// What a call uses. The AWS calls of a tool are on record without their parameters.
#[must_use]
pub fn read(model: &Model, call: &Call) -> Found {
    let mut found = Found::default();
    let is_local = matches!(call.started.target, Target::Local { .. });
    let mut add = |service: &str, operation: &str, given: Given, status: Option<u16>| match model.operation(operation) {
        Some(known) if is_of(service, known.service) => {
            let answered = status.filter(|_| is_local).map(|status| match status {
                501 => Answered::NotEmulated,
                _ => Answered::AsAws,
            });
            found.uses.push(Use { operation: known.name, given, line: 0, answered });
        }
        // What is no operation of ours, somebody made up.
        _ if is_ours(service) => {}
        _ => found.other(service, 0),
    };
    match &call.started.subject {
        Subject::Operation { service, operation } => {
            let asked = &call.started.parameters;
            let mut given = match model.operation(operation) {
                Some(known) if known.service == "s3" => of_s3(known, asked),
                _ => members(asked),
            };
            given.more |= call.started.partial;
            add(service, operation, given, call.finished.as_ref().and_then(|end| end.http_status));
        }
        Subject::Tool { .. } => {
            for made in call.finished.iter().flat_map(|end| &end.aws_calls) {
                add(&made.service, &made.operation, Given::hidden(), made.status);
            }
        }
    }
    found
}

/// The members of a request of S3, by the headers and parameters that carry them; its document is not read.
fn of_s3(operation: &Operation, asked: &Json) -> Given {
    let mut given = Given::default();
    for name in ["bucket", "key"] {
        given.members.extend(asked.get(name).map(|json| (name.to_owned(), value(json))));
    }
    let carried = ["query", "headers"].iter().filter_map(|place| asked.get(*place)?.as_object()).flatten();
    for (name, json) in carried {
        let name = name.to_ascii_lowercase();
        let by = |carrier: &str| carrier == name || (carrier.ends_with('-') && name.starts_with(carrier));
        let member = operation.members.iter().find(|member| member.carrier.is_some_and(by));
        given.members.extend(member.map(|member| (member.name.to_owned(), value(json))));
    }
    given.more = asked.get("body").is_some()
        && operation.members.iter().any(|member| member.carrier.is_none() && !PLAIN.contains(&member.name));
    given
}

/// Members that no header carries and that say nothing of what is asked.
const PLAIN: [&str; 3] = ["Bucket", "Key", "Body"];

fn members(asked: &Json) -> Given {
    match value(asked) {
        Value::Members(given) => given,
        _ => Given::default(),
    }
}

fn is_ours(service: &str) -> bool {
    matches!(service, "s3" | "dynamodb" | "dynamodbstreams" | "sts")
}

/// The journal may have one name for DynamoDB and its streams.
fn is_of(called: &str, service: &str) -> bool {
    called == service || (called.starts_with("dynamodb") && service.starts_with("dynamodb"))
}

fn value(json: &Json) -> Value {
    match json {
        Json::String(text) => Value::Text(text.clone()),
        Json::Bool(_) | Json::Number(_) => Value::Word(json.to_string()),
        Json::Array(values) => Value::List(values.iter().map(value).collect()),
        Json::Object(members) => {
            let members = members.iter().map(|(name, json)| (name.clone(), value(json))).collect();
            Value::Members(Given { members, more: false })
        }
        Json::Null => Value::Unknown,
    }
}
