//! Which values of DynamoDB's expressions are secret: those of an expression that names a secret attribute.
//!
//! In `SET password = :w` the value stands under `:w`, which says nothing of it; in PartiQL's `password = ?` it is one of
//! the parameters.

use std::collections::BTreeSet;

use super::redaction::Redactor;
use super::tree::{Member, Node};

/// What of a call or an operation must not be recorded.
#[derive(Debug, Default)]
pub(super) struct Secret<'m> {
    /// Placeholders whose values are secret.
    placeholders: BTreeSet<&'m str>,
    /// Whether that is not known, as some of it was not read.
    all: bool,
    /// Whether the parameters of a statement are.
    pub(super) parameters: bool,
}

impl Secret<'_> {
    /// Whether the value of this placeholder is.
    pub(super) fn has(&self, name: &str) -> bool {
        self.all && name.starts_with(':') || self.placeholders.contains(name)
    }

    /// Whether there may be such a value.
    pub(super) fn is_any(&self) -> bool {
        self.all || !self.placeholders.is_empty()
    }
}

/// Whether these members are the values of expressions: `{":w": …}`.
pub(super) fn is_values(members: &[Member<'_>]) -> bool {
    members.iter().any(|(name, _)| name.starts_with(':'))
}

/// Whether a member holds the parameters of a statement beside it.
pub(super) fn is_parameters(name: &str) -> bool {
    name.eq_ignore_ascii_case("parameters")
}

/// What is secret of a call or an operation with these members, and `more` that were not read: all placeholders that stand
/// in an expression with a secret name. Which of them belongs to which name is not looked into, so as to err on the safe side.
pub(super) fn secrets<'m>(members: &'m [Member<'_>], more: usize, redactor: &Redactor) -> Secret<'m> {
    let mut secret = Secret::default();
    let bound = members.iter().any(|(name, node)| {
        is_parameters(name) && matches!(node, Node::Array(..)) || node.members().is_some_and(is_values)
    });
    if !bound {
        return secret;
    }
    let is_aliases = |names: &&[Member<'_>]| names.iter().any(|(name, _)| name.starts_with('#'));
    let aliases: Vec<&[Member<'_>]> =
        members.iter().filter_map(|(_, node)| node.members()).filter(is_aliases).collect();
    let unread = |node: &Node<'_>| match node {
        Node::Object(names, more) => *more > 0 && is_aliases(&&names[..]),
        Node::Array(_, more) => *more > 0,
        _ => false,
    };
    // The expression may be among what there was no room for, or the name that an alias stands for.
    secret.all = more > 0 || members.iter().any(|(name, node)| !is_parameters(name) && unread(node));
    secret.parameters = more > 0;
    let means = |word: &str| {
        let named = aliases.iter().flat_map(|names| names.iter()).filter(move |(name, _)| name == word);
        named.filter_map(|(_, node)| node.as_str()).any(|name| redactor.is_secret_name(name))
    };
    let texts = members.iter().flat_map(|(_, node)| match node {
        Node::Array(elements, _) => elements.as_slice(),
        node => std::slice::from_ref(node),
    });
    for expression in texts.filter_map(Node::as_str) {
        let words = || expression.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '#' | ':')));
        if words().any(|word| !word.starts_with(':') && (redactor.is_secret_name(word) || means(word))) {
            secret.parameters = true;
            secret.placeholders.extend(words().filter(|word| word.len() > 1 && word.starts_with(':')));
        }
    }
    secret
}
