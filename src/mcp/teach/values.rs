//! Values and names that expressions use and nobody gave, or the reverse.

use serde_json::Value;

use super::case::{Case, Lesson};
use super::near::{listed, nearest};
use crate::mcp::quoted::quoted;

/// The names that `values` or `names` has, each with its mark.
fn given(case: &Case<'_>, parameter: &str, mark: char) -> Vec<String> {
    let (part, _) = case.part();
    let given = part.get(parameter).and_then(Value::as_object);
    let marked = |name: &String| if name.starts_with(mark) { name.clone() } else { format!("{mark}{name}") };
    given.into_iter().flat_map(|map| map.keys().map(marked)).collect()
}

/// The word that the message ends with.
fn named(case: &Case<'_>) -> String {
    let word = |c: char| c.is_alphanumeric() || matches!(c, ':' | '#' | '_');
    let rest = case.rest();
    rest.chars().take_while(|c| word(*c)).collect()
}

/// A value that no one gave.
pub(super) fn undefined(case: &Case<'_>) -> Option<Lesson> {
    Some(missing(case, "values", ':').into())
}

/// A name's placeholder that no one gave.
pub(super) fn undefined_name(case: &Case<'_>) -> Option<Lesson> {
    let hint = missing(case, "names", '#');
    Some(format!("{hint} Names need no placeholders: write the attribute's own.").into())
}

fn missing(case: &Case<'_>, parameter: &str, mark: char) -> String {
    let (wanted, given) = (named(case), given(case, parameter, mark));
    let example = if mark == ':' { "…" } else { "\"attribute\"" };
    let at = case.part().1;
    let there = match nearest(&wanted, given.iter().map(String::as_str)) {
        Some(near) => format!(", which has {}", quoted(near)),
        None if given.is_empty() => String::new(),
        None => format!(", which has {}", listed(given.iter().map(String::as_str))),
    };
    format!("add {}: {example} to {at}{parameter}{there}.", quoted(&wanted))
}

/// What was given and no expression uses.
pub(super) fn unused(case: &Case<'_>) -> Option<Lesson> {
    let parameter = if case.error.message.contains("ExpressionAttributeNames") { "names" } else { "values" };
    let keys = case.rest().trim_matches(['{', '}']);
    let keys = keys.split(',').map(str::trim).filter(|key| !key.is_empty());
    let of = if parameter == "names" { " (attribute names need no placeholder)" } else { "" };
    Some(format!("leave {} out of {}{parameter}, or use it in an expression{of}.", listed(keys), case.part().1).into())
}

/// A placeholder that cannot be one.
pub(super) fn wrong_name(case: &Case<'_>) -> Option<Lesson> {
    let hint = "a value's name is : and letters, digits and _, such as :new_total; the expression has the same.";
    let names = "a name's placeholder is # and letters, digits and _, such as #status.";
    let of_names = case.error.message.contains("ExpressionAttributeNames");
    Some(if of_names { names } else { hint }.to_owned().into())
}

/// Values without an expression.
pub(super) fn without_expression(case: &Case<'_>) -> Option<Lesson> {
    let parameter = if case.error.message.starts_with("ExpressionAttributeNames") { "names" } else { "values" };
    let expressions = match case.tool {
        "dynamodb_query" => "key_condition and filter",
        "dynamodb_scan" => "filter",
        "dynamodb_update_item" => "update and condition",
        _ => "condition",
    };
    Some(format!("{parameter} belongs to {expressions}: write the expression, or leave {parameter} out.").into())
}
