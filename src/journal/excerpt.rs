//! What of a call's parameters and answer is recorded: without secrets, and short.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Write as _;

use serde_json::Value;

use super::expression::{self, Secret};
use super::json_text;
use super::pairs;
use super::redaction::{REDACTED, Redactor};
use super::tree::{ALWAYS, DEPTH, Member, Node, Room};
use crate::emulator::access::Access;

/// Members that carry what is stored rather than where: of tool calls, then of DynamoDB's requests.
const BODIES: [&str; 18] = [
    "text",
    "json",
    "base64",
    "body",
    "item",
    "items",
    "values",
    "operations",
    "parameters",
    "Item",
    "AttributeUpdates",
    "Expected",
    "ExpressionAttributeValues",
    "KeyConditions",
    "Parameters",
    "Policy",
    "QueryFilter",
    "ScanFilter",
];

/// What is looked at behind a cut: a secret that it would split is seen whole.
const MARGIN: usize = 2048;

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

    /// Bytes of one text that are looked at.
    pub(super) fn looks_at(&self) -> usize {
        self.string.saturating_add(MARGIN)
    }

    /// What is worth reading of a value.
    pub(super) fn room(&self) -> Room {
        // Redaction makes some room.
        Room { total: self.total.saturating_add(self.total / 4), string: self.string, elements: self.elements }
    }

    /// `value`, as much as may be recorded of it.
    pub(super) fn node<'a>(&self, value: &'a Value) -> Node<'a> {
        Node::of(value, self.elements)
    }

    /// Whether bodies are recorded.
    pub(super) fn has_bodies(&self) -> bool {
        self.bodies
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
#[derive(Debug, Default, PartialEq)]
pub(super) struct Excerpt {
    /// Its JSON; empty for nothing.
    pub(super) json: Vec<u8>,
    /// Whether something was left out.
    pub(super) partial: bool,
}

/// Parameters, whose bodies are recorded as the policy says.
pub(super) fn parameters(node: &Node<'_>, policy: Policy, redactor: &Redactor) -> Excerpt {
    excerpt(node, policy, redactor, false)
}

/// An answer, which is a body as a whole.
pub(super) fn response(node: &Node<'_>, policy: Policy, redactor: &Redactor) -> Excerpt {
    excerpt(node, policy, redactor, !policy.bodies)
}

/// `answer` as it would be recorded on the local backend if nothing were cut.
#[must_use]
pub fn redacted(answer: &Value, redactor: &Redactor) -> Value {
    uncut(answer, redactor, false)
}

/// `answer` as it would be recorded anywhere else if nothing were cut: its shape alone.
#[must_use]
pub fn shape(answer: &Value, redactor: &Redactor) -> Value {
    uncut(answer, redactor, true)
}

fn uncut(answer: &Value, redactor: &Redactor, veiled: bool) -> Value {
    let Excerpt { json, .. } = excerpt(&Node::of(answer, usize::MAX), Policy::uncut(), redactor, veiled);
    // What was just written can be read, and nothing is null.
    serde_json::from_slice(&json).unwrap_or_default()
}

/// One text beside parameters and answers: a name, a resource, an error's message. Callers choose what is in it.
pub(super) fn text(text: &str, redactor: &Redactor) -> String {
    cut(text, text.len() as u64, TEXT, redactor).0.into_owned()
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

fn excerpt(node: &Node<'_>, policy: Policy, redactor: &Redactor, veiled: bool) -> Excerpt {
    if *node == Node::Null {
        return Excerpt::default();
    }
    walk(node, policy, redactor, veiled, 0)
}

/// `node` without secrets and uncut, as one of so many texts within each other.
pub(super) fn within(node: &Node<'_>, redactor: &Redactor, nested: usize) -> Excerpt {
    walk(node, Policy::uncut(), redactor, false, nested)
}

fn walk(node: &Node<'_>, policy: Policy, redactor: &Redactor, veiled: bool, nested: usize) -> Excerpt {
    let left = policy.total;
    let mut walk = Walk { policy, redactor, left, spare: SPARE, partial: false, json: Vec::new(), nested };
    walk.value(node, veiled, 0);
    Excerpt { json: walk.json, partial: walk.partial }
}

/// Bytes of what is [`ALWAYS`] recorded, where the rest has taken all others.
const SPARE: usize = 2 << 10;

struct Walk<'a> {
    policy: Policy,
    redactor: &'a Redactor,
    left: usize,
    spare: usize,
    partial: bool,
    json: Vec<u8>,
    /// Texts of JSON that this is within.
    nested: usize,
}

impl Walk<'_> {
    fn value(&mut self, node: &Node<'_>, veiled: bool, depth: usize) {
        if depth > DEPTH {
            return self.omitted("[nested deeper]");
        }
        match node {
            Node::Deep => self.omitted("[nested deeper]"),
            Node::Number(_) if veiled => self.omitted("[number]"),
            Node::Null => self.json.extend_from_slice(b"null"),
            Node::Bool(flag) => self.json.extend_from_slice(if *flag { b"true" } else { b"false" }),
            // Writing to a vector does not fail.
            Node::Number(number) => drop(write!(self.json, "{number}")),
            Node::Text(text) if veiled => self.omitted(&format!("[{} bytes]", text.len())),
            Node::Begun(_, length) if veiled => self.omitted(&format!("[{length} bytes]")),
            Node::Text(text) => self.text(text, text.len() as u64),
            Node::Begun(text, length) => self.text(text, *length),
            Node::Array(elements, more) => self.array(elements, *more, veiled, depth),
            Node::Object(members, more) => self.object(members, *more, veiled, depth),
        }
    }

    fn omitted(&mut self, note: &str) {
        self.partial = true;
        self.spend(note.len());
        self.quoted(note);
    }

    fn spend(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }

    fn quoted(&mut self, text: &str) {
        // Neither a text nor a vector fails.
        let _ = serde_json::to_writer(&mut self.json, text);
    }

    fn text(&mut self, text: &str, length: u64) {
        let limit = self.policy.string.min(self.left);
        let seen = &text[..text.floor_char_boundary(limit.saturating_add(MARGIN))];
        let (text, changed) = match json_text::clean(seen, length, self.redactor, self.nested) {
            Some(clean) if clean.len() <= limit && seen.len() as u64 == length => (Cow::Owned(clean), true),
            Some(clean) => (Cow::Owned(head(&clean, length, limit)), true),
            None => cut(text, length, limit, self.redactor),
        };
        self.partial |= changed;
        self.spend(text.len());
        self.quoted(&text);
    }

    fn array(&mut self, elements: &[Node<'_>], more: usize, veiled: bool, depth: usize) {
        self.json.push(b'[');
        let mut kept = 0;
        for element in elements {
            if kept == self.policy.elements || self.left == 0 {
                break;
            }
            self.comma(kept);
            self.spend(2);
            self.value(element, veiled, depth + 1);
            kept += 1;
        }
        let more = elements.len() + more - kept;
        if more > 0 {
            self.comma(kept);
            self.omitted(&format!("[{more} more]"));
        }
        self.json.push(b']');
    }

    fn comma(&mut self, before: usize) {
        if before > 0 {
            self.json.push(b',');
        }
    }

    fn object(&mut self, members: &[Member<'_>], mut more: usize, veiled: bool, depth: usize) {
        self.json.push(b'{');
        let secret = expression::secrets(members, more, self.redactor);
        let paired = pairs::secret_values(members, self.redactor);
        let mut kept = 0;
        for (name, node) in members {
            let spare = self.left == 0;
            if spare {
                if depth > 0 || self.spare == 0 || !ALWAYS.contains(&&**name) {
                    more += 1;
                    continue;
                }
                self.left = std::mem::take(&mut self.spare);
            }
            self.comma(kept);
            kept += 1;
            self.spend(name.len() + 4);
            let shown = self.redactor.text(name);
            self.partial |= matches!(shown, Cow::Owned(_));
            self.quoted(&shown);
            self.json.push(b':');
            if paired.contains(&**name) && !matches!(node, Node::Null | Node::Bool(_)) {
                self.omitted(REDACTED);
            } else {
                self.member(name, node, &secret, veiled, depth);
            }
            if spare {
                self.spare = std::mem::take(&mut self.left);
            }
        }
        if more > 0 {
            self.comma(kept);
            self.json.extend_from_slice("\"…\":".as_bytes());
            self.omitted(&format!("[{more} more]"));
        }
        self.json.push(b'}');
    }

    fn member(&mut self, name: &str, node: &Node<'_>, secret: &Secret<'_>, veiled: bool, depth: usize) {
        if !matches!(node, Node::Null | Node::Bool(_)) && self.redactor.is_secret_name(name) {
            return self.omitted(REDACTED);
        }
        let veiled = veiled || !self.policy.bodies && (BODIES.contains(&name) || name.starts_with("Tags.member."));
        match node {
            Node::Array(..) if secret.parameters && expression::is_parameters(name) => self.omitted(REDACTED),
            Node::Object(values, more) if secret.is_any() && expression::is_values(values) => {
                self.partial |= values.iter().any(|(name, _)| secret.has(name));
                let seen = values.iter().map(|(name, node)| {
                    (Cow::Borrowed(&**name), if secret.has(name) { Node::text(REDACTED) } else { node.borrowed() })
                });
                self.value(&Node::Object(seen.collect(), *more), veiled, depth + 1);
            }
            Node::Text(text) if name == "x-amz-tagging" => {
                let (tags, changed) = pairs::tagging(text, self.redactor);
                self.partial |= changed;
                self.value(&Node::Text(tags), veiled, depth + 1);
            }
            node => self.value(node, veiled, depth + 1),
        }
    }
}

/// `text`, which begins one of `length` bytes, without secrets and of at most `limit` bytes, and whether that changed it.
fn cut<'t>(text: &'t str, length: u64, limit: usize, redactor: &Redactor) -> (Cow<'t, str>, bool) {
    let window = &text[..text.floor_char_boundary(limit.saturating_add(MARGIN))];
    let clean = redactor.text(window);
    if window.len() as u64 == length && clean.len() <= limit {
        let changed = matches!(clean, Cow::Owned(_));
        return (clean, changed);
    }
    // The end of what was looked at may hold the beginning of a secret, which is none by its look.
    let unsearched = if (window.len() as u64) < length { alike_at_end(&clean, window).min(MARGIN) } else { 0 };
    let searched = &clean[..clean.floor_char_boundary(clean.len() - unsearched)];
    (Cow::Owned(head(searched, length, limit)), true)
}

/// The beginning of a text of `length` bytes, with a note of that.
fn head(text: &str, length: u64, limit: usize) -> String {
    format!("{}… [{length} bytes]", &text[..text.floor_char_boundary(limit)])
}

/// Bytes at the end that are the same in both.
fn alike_at_end(one: &str, other: &str) -> usize {
    one.bytes().rev().zip(other.bytes().rev()).take_while(|(one, other)| one == other).count()
}

/// The message of an error; where no bodies are recorded, up to what it quotes of the call, which follows a colon or a quote.
pub(super) fn message(code: &str, message: &str, policy: Policy, redactor: &Redactor) -> String {
    // Who may not do what to which resource: that is no body.
    if policy.bodies || code.contains("AccessDenied") {
        return text(message, redactor);
    }
    let quotes =
        |at: &usize| message[*at..].starts_with(": ") || message[*at..].starts_with(['"', '\'', '`', '[', '{']);
    match message.char_indices().map(|(at, _)| at).find(quotes) {
        Some(at) => format!("{}…", text(message[..at].trim_end(), redactor)),
        None => text(message, redactor),
    }
}
