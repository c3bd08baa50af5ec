//! What of a call's parameters and answer is recorded: without secrets, and short.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::expression;
use super::redaction::{REDACTED, Redactor};
use crate::emulator::access::Access;

/// Members that carry what is stored rather than where.
const BODIES: [&str; 9] = ["text", "json", "base64", "body", "item", "items", "values", "operations", "parameters"];

/// Levels of nesting that are recorded.
const DEPTH: usize = 32;

/// Bytes of one text beside parameters and answers: the longest key that there can be, with its bucket, and some air.
const TEXT: usize = 1200;

/// Bytes of all resources of one call, and of all that IAM is asked about for it.
const RESOURCES: usize = 16 << 10;

/// How much of a value is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Policy {
    /// Bytes of one string.
    string: usize,
    /// Elements of one array.
    elements: usize,
    /// Bytes of all names and strings.
    total: usize,
    /// Whether bodies are recorded, or their shape alone.
    bodies: bool,
}

impl Policy {
    /// On the local backend: enough to see and to repeat everyday calls.
    pub(super) fn local(body_bytes: usize) -> Self {
        let total = body_bytes.saturating_add(8 << 10);
        Self { string: body_bytes.max(1024), elements: 100, total, bodies: body_bytes > 0 }
    }

    /// All of it, to be compared with what is recorded.
    fn uncut() -> Self {
        Self { string: usize::MAX, elements: usize::MAX, total: usize::MAX, bodies: true }
    }

    /// Anywhere else.
    pub(super) fn remote() -> Self {
        Self { string: 1024, elements: 25, total: 4 << 10, bodies: false }
    }
}

/// A value as it is recorded.
#[derive(Debug, PartialEq)]
pub(super) struct Excerpt {
    pub(super) value: Value,
    /// Whether something was left out.
    pub(super) partial: bool,
}

/// Parameters, whose bodies are recorded as the policy says.
pub(super) fn parameters(value: &Value, policy: Policy, redactor: &Redactor) -> Excerpt {
    excerpt(value, policy, redactor, false)
}

/// An answer, which is a body as a whole.
pub(super) fn response(value: &Value, policy: Policy, redactor: &Redactor) -> Excerpt {
    excerpt(value, policy, redactor, !policy.bodies)
}

/// `answer` as it would be recorded on the local backend if nothing were cut.
#[must_use]
pub fn redacted(answer: &Value, redactor: &Redactor) -> Value {
    excerpt(answer, Policy::uncut(), redactor, false).value
}

/// `answer` as it would be recorded anywhere else if nothing were cut: its shape alone.
#[must_use]
pub fn shape(answer: &Value, redactor: &Redactor) -> Value {
    excerpt(answer, Policy::uncut(), redactor, true).value
}

/// One text beside parameters and answers: a name, a resource, an error's message. Callers choose what is in it.
pub(super) fn text(text: &str, redactor: &Redactor) -> String {
    cut(text, TEXT, redactor).0
}

/// What a call is about, as far as there is room.
pub(super) fn resources(resources: Vec<String>, redactor: &Redactor) -> Vec<String> {
    let (count, mut left) = (resources.len(), RESOURCES);
    let mut kept: Vec<String> = resources
        .into_iter()
        .map(|resource| text(&resource, redactor))
        .take_while(|shown| {
            let fits = shown.len() <= left;
            left = left.saturating_sub(shown.len());
            fits
        })
        .collect();
    if kept.len() < count {
        kept.push(format!("[{} more]", count - kept.len()));
    }
    kept
}

/// What IAM asks of a call. Of a resource that is too long, and of those that are too many, the bucket is left, whose keys
/// are then not known, or a note that there is more.
pub(super) fn access(access: Access, redactor: &Redactor) -> Access {
    let mut left = RESOURCES;
    let mut of_action = |of: BTreeSet<String>| {
        let (whole, rest): (Vec<_>, Vec<_>) = of.into_iter().partition(|resource| {
            let fits = resource.len() <= TEXT.min(left);
            left -= if fits { resource.len() } else { 0 };
            fits
        });
        let bucket = |path: &str| format!("s3://{}", path.split('/').next().unwrap_or_default());
        let rest = rest.iter().map(|of| of.strip_prefix("s3://").map_or_else(|| "[more]".to_owned(), bucket));
        let rest: BTreeSet<String> = rest.collect();
        whole.iter().chain(&rest).map(|resource| text(resource, redactor)).collect()
    };
    access.into_iter().map(|(action, of)| (action, of_action(of))).collect()
}

fn excerpt(value: &Value, policy: Policy, redactor: &Redactor, veiled: bool) -> Excerpt {
    let mut walk = Walk { policy, redactor, left: policy.total, partial: false };
    let value = walk.value(value, veiled, 0);
    Excerpt { value, partial: walk.partial }
}

struct Walk<'a> {
    policy: Policy,
    redactor: &'a Redactor,
    left: usize,
    partial: bool,
}

impl Walk<'_> {
    fn value(&mut self, value: &Value, veiled: bool, depth: usize) -> Value {
        if depth > DEPTH {
            return self.omitted("[nested deeper]".to_owned());
        }
        match value {
            Value::Number(_) if veiled => self.omitted("[number]".to_owned()),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
            Value::String(text) if veiled => self.omitted(format!("[{} bytes]", text.len())),
            Value::String(text) => self.string(text),
            Value::Array(elements) => self.array(elements, veiled, depth),
            Value::Object(members) => self.object(members, veiled, depth),
        }
    }

    fn omitted(&mut self, note: String) -> Value {
        self.partial = true;
        self.spend(note.len());
        Value::String(note)
    }

    fn spend(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }

    fn string(&mut self, text: &str) -> Value {
        let (text, changed) = cut(text, self.policy.string.min(self.left), self.redactor);
        self.partial |= changed;
        self.spend(text.len());
        Value::String(text)
    }

    fn array(&mut self, elements: &[Value], veiled: bool, depth: usize) -> Value {
        let mut kept = Vec::new();
        for element in elements {
            if kept.len() == self.policy.elements || self.left == 0 {
                kept.push(self.omitted(format!("[{} more]", elements.len() - kept.len())));
                break;
            }
            self.spend(2);
            kept.push(self.value(element, veiled, depth + 1));
        }
        Value::Array(kept)
    }

    fn object(&mut self, members: &Map<String, Value>, veiled: bool, depth: usize) -> Value {
        let mut kept = Map::new();
        let bound = expression::secret_values(members, self.redactor);
        for (name, value) in members {
            if self.left == 0 {
                let note = self.omitted(format!("[{} more]", members.len() - kept.len()));
                kept.insert("…".to_owned(), note);
                break;
            }
            self.spend(name.len() + 4);
            let value = if self.redactor.is_secret_name(name) && !matches!(value, Value::Null | Value::Bool(_)) {
                self.omitted(REDACTED.to_owned())
            } else {
                let body = !self.policy.bodies && BODIES.contains(&name.as_str());
                match value {
                    Value::Object(values) if !bound.is_empty() && expression::is_values(values) => {
                        let secret = |name: &String| bound.contains(name.as_str());
                        let seen = values.iter().map(|(name, value)| {
                            (name.clone(), if secret(name) { Value::from(REDACTED) } else { value.clone() })
                        });
                        self.partial = true;
                        self.value(&seen.collect(), veiled || body, depth + 1)
                    }
                    value => self.value(value, veiled || body, depth + 1),
                }
            };
            kept.insert(name.clone(), value);
        }
        Value::Object(kept)
    }
}

/// `text` without secrets and of at most `limit` bytes, and whether that changed it.
fn cut(text: &str, limit: usize, redactor: &Redactor) -> (String, bool) {
    // A secret that the cut would split is looked at whole.
    const MARGIN: usize = 2048;
    let window = &text[..text.floor_char_boundary(limit.saturating_add(MARGIN))];
    let clean = redactor.text(window);
    if window.len() == text.len() && clean.len() <= limit {
        let changed = matches!(clean, Cow::Owned(_));
        return (clean.into_owned(), changed);
    }
    let head = &clean[..clean.floor_char_boundary(limit)];
    (format!("{head}… [{} bytes]", text.len()), true)
}
