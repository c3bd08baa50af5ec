//! What is answered to a line that is no message for the protocol's library.

use rmcp::model::ErrorCode;
use serde_json::{Map, Value, json};

use super::glimpse::{self, DEEPEST, Glimpse};
use super::reader::LIMIT;

/// The most bytes of what is said about a fault: a message may quote what was sent.
const WORDS: usize = 400;

/// An error and the id of what it answers, `Null` where that is not known.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::mcp) struct Fault {
    id: Value,
    code: ErrorCode,
    words: String,
}

impl Fault {
    pub(in crate::mcp) fn new(id: Value, code: ErrorCode, words: &str) -> Self {
        let (head, rest) = words.split_at(words.floor_char_boundary(WORDS));
        let more = if rest.is_empty() { "" } else { "…" };
        Self { id, code, words: format!("{head}{more}") }
    }

    /// The answer as a line, with its end.
    pub(super) fn line(&self) -> Vec<u8> {
        let mut line = self.message().to_string().into_bytes();
        line.push(b'\n');
        line
    }

    /// The answer.
    pub(in crate::mcp) fn message(&self) -> Value {
        json!({ "jsonrpc": "2.0", "id": self.id, "error": { "code": self.code, "message": self.words } })
    }
}

/// Answers a line longer than [`LIMIT`].
pub(super) fn long(head: &[u8], tail: &[u8]) -> Option<Fault> {
    let seen = glimpse::of(head, Some(tail));
    let words = format!(
        "a message is one line of at most {} MiB, and this one is longer: send large content as a `file`",
        LIMIT >> 20
    );
    answer(seen, ErrorCode::INVALID_REQUEST, &words)
}

/// Answers what is not JSON, or JSON nested too deeply. `rule` is what a message is.
pub(in crate::mcp) fn unreadable(line: &[u8], error: &serde_json::Error, rule: &str) -> Option<Fault> {
    let seen = glimpse::of(line, None);
    if seen.deep {
        let words = format!("a message may be nested {DEEPEST} levels deep, and this one is nested deeper");
        return answer(seen, ErrorCode::INVALID_REQUEST, &words);
    }
    let words = format!("this is not JSON: {error}. {rule}");
    answer(seen, ErrorCode::PARSE_ERROR, &words)
}

fn answer(seen: Glimpse, code: ErrorCode, words: &str) -> Option<Fault> {
    seen.asks.then(|| Fault::new(seen.id.unwrap_or_default(), code, words))
}

/// Answers JSON that is no message of JSON-RPC. What is a notification or a response gets no answer.
pub(in crate::mcp) fn no_message(value: &Value) -> Option<Fault> {
    let invalid = |id: Value, words: &str| Some(Fault::new(id, ErrorCode::INVALID_REQUEST, words));
    let Value::Object(members) = value else {
        return invalid(Value::Null, "a message is a JSON object");
    };
    let id = members.get("id");
    let known = id.filter(|id| id.is_string() || id.is_number()).cloned().unwrap_or_default();
    if !members.contains_key("method") {
        if members.contains_key("result") || members.contains_key("error") {
            return None;
        }
        return invalid(known, "a request has a `method`");
    }
    id?;
    Some(match request_fault(members) {
        Some(words) => Fault::new(known, ErrorCode::INVALID_REQUEST, &words),
        // All else is the library's to take, as long as the parameters are such.
        None => Fault::new(
            known,
            ErrorCode::INVALID_PARAMS,
            "the `params` of a request are an object, and so is their `_meta`",
        ),
    })
}

/// What keeps an object with an id and a method from being a request.
fn request_fault(members: &Map<String, Value>) -> Option<String> {
    let id = members.get("id").unwrap_or(&Value::Null);
    if members.get("jsonrpc") != Some(&json!("2.0")) {
        return Some("a request has `\"jsonrpc\": \"2.0\"`".to_owned());
    }
    if !(id.is_string() || id.is_i64()) {
        return Some(format!("the `id` of a request is a string or an integer, not {id}"));
    }
    if !members.get("method").is_some_and(Value::is_string) {
        return Some("the `method` of a request is a string".to_owned());
    }
    let of_responses = ["result", "error"].into_iter().find(|name| members.contains_key(*name))?;
    Some(format!("a request has no `{of_responses}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_cut_shows_it_and_what_was_not_does_not() {
        let whole = "a".repeat(WORDS);
        let edge = format!("{}é", "a".repeat(WORDS - 1));
        for (words, said) in [
            ("short", "short".to_owned()),
            (whole.as_str(), whole.clone()),
            (&format!("{whole}b"), format!("{whole}…")),
            (edge.as_str(), format!("{}…", "a".repeat(WORDS - 1))),
        ] {
            assert_eq!(Fault::new(Value::Null, ErrorCode::INVALID_REQUEST, words).words, said);
        }
    }
}
