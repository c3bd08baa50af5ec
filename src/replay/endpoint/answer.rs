//! What came of a call at the endpoint: as the journal has it, and as it is compared.

use serde_json::{Map, Value, json};

use super::request::{Request, Service};
use super::send::Raw;
use crate::emulator::s3;
use crate::journal::Outcome;
use crate::mcp::Answered;
use crate::replay::normal::is_list;

/// `raw` as the journal has an answer to `request`. `recorded` are the status and the end of the call that is made again: an
/// answer to HEAD has no more to tell them apart by.
pub(in crate::replay) fn answered(request: &Request, raw: &Raw, recorded: (Option<u16>, &Outcome)) -> Answered {
    let response = match &request.service {
        Service::S3 { .. } => of_s3(raw),
        Service::DynamoDb | Service::Streams => serde_json::from_slice(&raw.body).unwrap_or(Value::Null),
        Service::Sts => match text(raw) {
            Some(text) if !text.contains("<Credentials>") => json!({ "body": text }),
            _ => Value::Null,
        },
    };
    let outcome = match raw.status {
        ..400 => Outcome::Ok,
        status if request.method == "HEAD" && recorded.0.or_else(|| status_of(recorded.1)) == Some(status) => {
            recorded.1.clone()
        }
        status => {
            let (code, message) = error(&request.service, raw, &response).unwrap_or_default();
            let code = if code.is_empty() { status.to_string() } else { code };
            Outcome::Error { code, message }
        }
    };
    Answered { outcome, response }
}

/// The status of an error of S3 that an answer to HEAD can be, where the journal has it not, as of a replay.
fn status_of(outcome: &Outcome) -> Option<u16> {
    let Outcome::Error { code, .. } = outcome else { return None };
    match code.as_str() {
        "NoSuchBucket" | "NoSuchKey" | "NoSuchVersion" | "NotFound" => Some(404),
        "AccessDenied" | "Forbidden" => Some(403),
        "MethodNotAllowed" => Some(405),
        "PreconditionFailed" => Some(412),
        "InvalidRange" => Some(416),
        code => code.parse().ok(),
    }
}

/// Headers of an answer that say what was answered, `content-*` and `x-amz-*` apart.
const SAYING: [&str; 6] = ["accept-ranges", "cache-control", "etag", "expires", "last-modified", "location"];

fn of_s3(raw: &Raw) -> Value {
    let mut headers = Map::new();
    for (name, value) in &raw.headers {
        let is_id = matches!(name.as_str(), "x-amz-request-id" | "x-amz-id-2" | "content-security-policy");
        let says = name.starts_with("x-amz-") || name.starts_with("content-") || SAYING.contains(&name.as_str());
        if says && !is_id {
            headers.insert(name.clone(), json!(value));
        }
    }
    let mut answer = Map::new();
    if let Some(text) = text(raw) {
        answer.insert("body".to_owned(), json!(text));
    }
    if !headers.is_empty() {
        answer.insert("headers".to_owned(), Value::Object(headers));
    }
    if answer.is_empty() { Value::Null } else { Value::Object(answer) }
}

/// The body, where it is a text: as the journal writes one that it cut where not all of it was fetched.
fn text(raw: &Raw) -> Option<String> {
    let text = match std::str::from_utf8(&raw.body) {
        Ok(text) => text,
        Err(error) if raw.whole.is_some() => std::str::from_utf8(&raw.body[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    if text.is_empty() || text.contains('\0') {
        return None;
    }
    Some(match raw.whole {
        Some(bytes) => format!("{text}… [{bytes} bytes]"),
        None => text.to_owned(),
    })
}

/// Code and message of an error.
fn error(service: &Service, raw: &Raw, response: &Value) -> Option<(String, String)> {
    let member = |value: &Value, names: &[&str]| {
        names.iter().find_map(|name| value.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    match service {
        Service::DynamoDb | Service::Streams => {
            let code = member(response, &["__type"]);
            let code = code.rsplit('#').next().unwrap_or_default().to_owned();
            Some((code, member(response, &["message", "Message"])))
        }
        Service::S3 { .. } | Service::Sts => {
            let document = s3::document(std::str::from_utf8(&raw.body).ok()?, |_| false)?;
            let error = document.get("Error").unwrap_or(&document);
            Some((member(error, &["Code"]), member(error, &["Message"])))
        }
    }
}

/// An answer as it is compared: documents by their elements, without what is the transport's. `true` where the body of it
/// was not recorded whole, so that it is not there.
pub(in crate::replay) fn comparable(
    service: &str,
    operation: &str,
    outcome: &Outcome,
    answer: &Value,
) -> (Value, bool) {
    let mut answer = answer.clone();
    let failed = matches!(outcome, Outcome::Error { .. });
    let mut unread = false;
    if let Some(members) = answer.as_object_mut() {
        match service {
            // Code and message are compared by themselves.
            "dynamodb" => {
                for name in ["__type", "message", "Message"].into_iter().filter(|_| failed) {
                    members.remove(name);
                }
            }
            _ if failed => drop(members.remove("body")),
            _ if operation == "GetObject" => {}
            _ => {
                if let Some(body) = members.remove("body") {
                    match body.as_str().and_then(|text| s3::document(text, is_list)) {
                        Some(document) => drop(members.insert("document".to_owned(), document)),
                        None => unread = true,
                    }
                }
            }
        }
        if let Some(Value::Object(headers)) = members.get_mut("headers") {
            // Of anything but an object it is how the answer happens to be written.
            let has_length = matches!(operation, "GetObject" | "HeadObject") && !failed;
            headers.retain(|name, _| has_length || !matches!(name.as_str(), "content-length" | "content-type"));
        }
    }
    (answer, unread)
}
