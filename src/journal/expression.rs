//! Which values of DynamoDB's expressions are secret: those of an expression that names a secret attribute.
//!
//! In `SET password = :w` the value stands under `:w`, which says nothing of it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::redaction::Redactor;

/// Whether these members are the values of expressions: `{":w": …}`.
pub(super) fn is_values(members: &Map<String, Value>) -> bool {
    !members.is_empty() && members.keys().all(|name| name.starts_with(':'))
}

/// The placeholders whose values must not be recorded, of a call or an operation with these members: all that stand in an
/// expression with a secret name. Which of them belongs to which name is not looked into, so as to err on the safe side.
pub(super) fn secret_values<'m>(members: &'m Map<String, Value>, redactor: &Redactor) -> BTreeSet<&'m str> {
    let mut secret = BTreeSet::new();
    if !members.values().any(|value| value.as_object().is_some_and(is_values)) {
        return secret;
    }
    let aliases: Vec<&Map<String, Value>> = members
        .values()
        .filter_map(Value::as_object)
        .filter(|names| !names.is_empty() && names.keys().all(|name| name.starts_with('#')))
        .collect();
    let is_secret = |word: &str| {
        let meant = aliases.iter().find_map(|names| names.get(word)?.as_str()).unwrap_or(word);
        redactor.is_secret_name(meant)
    };
    for expression in members.values().filter_map(Value::as_str) {
        let words = || expression.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '#' | ':')));
        if words().any(|word| !word.starts_with(':') && is_secret(word)) {
            secret.extend(words().filter(|word| word.len() > 1 && word.starts_with(':')));
        }
    }
    secret
}
