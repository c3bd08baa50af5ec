//! Secrets whose name is a value beside them: `{"Key": "password", "Value": "…"}`, `Tags.member.1.Key`, `x-amz-tagging`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::redaction::{REDACTED, Redactor};
use super::tree::{Member, Node};

/// The members that hold the value of a pair whose name is a secret's.
pub(super) fn secret_values<'m>(members: &'m [Member<'_>], redactor: &Redactor) -> BTreeSet<&'m str> {
    let mut secret = BTreeSet::new();
    for (name, node) in members {
        let known = ["Key", "key", "Name", "name"].into_iter().find_map(|end| name.strip_suffix(end));
        let Some(prefix) = known.filter(|_| text_of(node).is_some_and(|text| redactor.is_secret_name(text))) else {
            continue;
        };
        let values = members.iter().map(|(name, _)| &**name).filter(|name| {
            name.strip_prefix(prefix).is_some_and(|rest| matches!(rest, "Value" | "value" | "Values" | "values"))
        });
        secret.extend(values);
    }
    secret
}

/// The text, which DynamoDB has as `{"S": …}`.
fn text_of<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    match node.members() {
        Some([(kind, node)]) if kind == "S" => node.as_str(),
        _ => node.as_str(),
    }
}

/// Tags as a header has them, without secrets, and whether that changed them.
pub(super) fn tagging<'t>(tags: &'t str, redactor: &Redactor) -> (Cow<'t, str>, bool) {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let is_secret = |(name, value): (&str, &str)| {
        redactor.is_secret_name(&decoded(name)) || matches!(redactor.text(&decoded(value)), Cow::Owned(_))
    };
    if !tags.split('&').filter_map(|tag| tag.split_once('=')).any(is_secret) {
        return (Cow::Borrowed(tags), false);
    }
    let shown = tags.split('&').map(|tag| match tag.split_once('=') {
        Some((name, value)) if is_secret((name, value)) => format!("{name}={REDACTED}"),
        _ => tag.to_owned(),
    });
    (Cow::Owned(shown.collect::<Vec<_>>().join("&")), true)
}
