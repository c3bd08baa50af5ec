//! What a call at the endpoint asked, and what it was answered, as they are recorded. `docs/journal.md` names the members.

use std::borrow::Cow;

use bytes::Bytes;

use super::excerpt::Policy;
use super::tree::{Member, Node};
use crate::emulator::call::Asked;
use crate::emulator::heard::{Heard, Lines};
use crate::emulator::observer::{CallEnd, CallStart};
use crate::emulator::s3;
use crate::emulator::sts::Form;

/// A value, and whether something that belongs to it is not there.
pub(super) struct Told<'a> {
    pub(super) node: Node<'a>,
    pub(super) partial: bool,
}

/// A body as it was kept.
pub(super) struct Kept {
    bytes: Bytes,
    /// Its length; unknown where none of it was kept.
    length: Option<u64>,
    /// Whether it passed to its end.
    whole: bool,
}

impl Kept {
    pub(super) fn of(heard: &Heard) -> Self {
        Self { bytes: heard.bytes(), length: heard.length(), whole: heard.has_passed() }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text that it is, where it is text; whether some of it is missing.
    fn text(&self) -> (Option<Node<'_>>, bool) {
        match self.length {
            None => (None, true),
            Some(0) => (None, !self.whole),
            Some(length) => {
                let text = beginning_of_text(&self.bytes, length);
                let partial = text.is_none() || !self.whole;
                (text.map(|text| Node::Begun(text.into(), length)), partial)
            }
        }
    }
}

/// The text that these bytes are, which may end within a character where they are not all of `length`.
fn beginning_of_text(bytes: &[u8], length: u64) -> Option<&str> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && (bytes.len() as u64) < length => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    // No text has it.
    (!text.contains('\0')).then_some(text)
}

/// What `call` asked, with this body.
pub(super) fn parameters<'a>(call: &'a CallStart, body: &'a Kept, policy: Policy) -> Told<'a> {
    match &call.asked {
        Asked::S3(asked) => of_s3(asked, body),
        Asked::DynamoDb(_) => json(body, policy),
        Asked::Sts(query) => of_sts(query, body),
        Asked::Other { .. } => Told { node: Node::Null, partial: body.length != Some(0) },
    }
}

/// What `call` was answered.
pub(super) fn response<'a>(call: &CallStart, end: &'a CallEnd, body: &'a Kept, policy: Policy) -> Told<'a> {
    // An answer to a call that was not let in may repeat what it was signed with: tokens, customers' keys, forms.
    let unsaid = !call.admitted || is_middle(end);
    match &call.asked {
        Asked::S3(_) if unsaid => {
            Told { partial: body.length != Some(0), ..without_body(headers(&end.headers).into_iter().collect()) }
        }
        _ if unsaid => Told { node: Node::Null, partial: body.length != Some(0) },
        Asked::S3(_) => with_body(headers(&end.headers).into_iter().collect(), body),
        Asked::DynamoDb(_) => json(body, policy),
        // An access key and its secret, whatever they look like.
        Asked::Sts(_) if contains(body.bytes(), b"<Credentials>") => Told { node: Node::Null, partial: true },
        Asked::Sts(_) | Asked::Other { .. } => with_body(Vec::new(), body),
    }
}

/// Whether the answer is a piece of an object that does not begin where the object does: it may begin within a secret.
fn is_middle(end: &CallEnd) -> bool {
    end.status == 206 && !end.headers.get("content-range").is_some_and(|range| range.starts_with("bytes 0-"))
}

fn json(body: &Kept, policy: Policy) -> Told<'_> {
    match body.length {
        Some(0) => Told { node: Node::Null, partial: false },
        _ => match Node::read(&body.bytes, policy.room()) {
            Some(node) => Told { node, partial: false },
            None => Told { node: Node::Null, partial: true },
        },
    }
}

fn of_s3<'a>(asked: &'a s3::Asked, body: &'a Kept) -> Told<'a> {
    let mut members = Vec::new();
    let named = [("bucket", asked.bucket()), ("key", asked.key())];
    members.extend(named.into_iter().filter_map(|(name, value)| Some((name.into(), Node::text(value?)))));
    let query: Vec<Member<'_>> =
        asked.query().into_iter().map(|(name, value)| (Cow::Owned(name), Node::text(value))).collect();
    members.extend((!query.is_empty()).then(|| ("query".into(), Node::Object(query, 0))));
    // A later part of an upload may begin within a secret.
    let later = query_of(&members, "partNumber").is_some_and(|number| number.parse() != Ok(1_u32));
    members.extend(headers(asked.headers()));
    if later {
        return Told { partial: body.length != Some(0), ..without_body(members) };
    }
    with_body(members, body)
}

/// A parameter of the query among these members.
fn query_of<'m>(members: &'m [Member<'_>], name: &str) -> Option<&'m str> {
    let query = members.iter().find(|(known, _)| known == "query")?.1.members()?;
    query.iter().find(|(known, _)| known == name)?.1.as_str()
}

/// The headers, where there are any.
fn headers(lines: &Lines) -> Option<Member<'_>> {
    let mut headers: Vec<(&str, Cow<'_, str>)> = Vec::new();
    for (name, value) in lines.iter() {
        match headers.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => {
                known.to_mut().push_str(", ");
                known.to_mut().push_str(&value);
            }
            None => headers.push((name, value)),
        }
    }
    let members: Vec<Member<'_>> = headers.into_iter().map(|(name, value)| (name.into(), Node::Text(value))).collect();
    (!members.is_empty()).then(|| ("headers".into(), Node::Object(members, 0)))
}

fn with_body<'a>(mut members: Vec<Member<'a>>, body: &'a Kept) -> Told<'a> {
    let (text, partial) = body.text();
    members.extend(text.map(|text| ("body".into(), text)));
    Told { partial, ..without_body(members) }
}

fn without_body(members: Vec<Member<'_>>) -> Told<'_> {
    let node = if members.is_empty() { Node::Null } else { Node::Object(members, 0) };
    Told { node, partial: false }
}

fn of_sts<'a>(query: &str, body: &Kept) -> Told<'a> {
    let form = Form::read(query, &body.bytes);
    let is_signing = |name: &str| name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"));
    let parameters = form.iter().filter(|(name, _)| !is_signing(name));
    let members: Vec<Member<'_>> =
        parameters.map(|(name, value)| (Cow::Owned(name.to_owned()), Node::text(value.to_owned()))).collect();
    Told { partial: body.length.is_none(), ..without_body(members) }
}

/// Whether `part` occurs.
fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
