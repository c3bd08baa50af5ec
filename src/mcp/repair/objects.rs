//! Objects in place of expressions: `{"status": "open"}` is `status = :v1`, or `SET status = :v1`.
//!
//! That is so only where nothing in the object may be an operator, a clause or an expression: taken for a name or for a
//! value it would be stored over what is there, or match what was not meant.

use serde_json::{Map, Value};

use super::names::fold;
use super::placeholders::Placeholders;
use super::reader::{CLAUSES, FUNCTIONS};
use super::typed::surely;
use super::work::shown;
use crate::json::{self as items, Typed};
use crate::mcp::tokens::{self, Grammar, Kind};

/// Members that hold an expression, folded; the values and the names that stand beside it.
const WRAPPED: [&str; 9] = [
    "expression",
    "updateexpression",
    "filterexpression",
    "conditionexpression",
    "keyconditionexpression",
    "update",
    "filter",
    "condition",
    "keycondition",
];
const VALUES: [&str; 3] = ["values", "expressionattributevalues", "attributevalues"];
const NAMES: [&str; 3] = ["names", "expressionattributenames", "attributenames"];
/// Words that join or change, folded: none of them is taken for an attribute.
const WORDS: [&str; 23] = [
    "and",
    "or",
    "not",
    "nor",
    "where",
    "increment",
    "incrementby",
    "inc",
    "incr",
    "decrement",
    "decr",
    "dec",
    "push",
    "pull",
    "pop",
    "append",
    "prepend",
    "unset",
    "subtract",
    "multiply",
    "attributeupdates",
    "ifnotexists",
    "listappend",
];
/// Words that compare, folded. An attribute may have such a name, but is no object or list then.
const COMPARING: [&str; 27] = [
    "eq",
    "ne",
    "neq",
    "gt",
    "gte",
    "ge",
    "lt",
    "lte",
    "le",
    "equals",
    "equal",
    "notequals",
    "in",
    "nin",
    "notin",
    "between",
    "like",
    "contains",
    "notcontains",
    "beginswith",
    "startswith",
    "endswith",
    "exists",
    "notexists",
    "attributeexists",
    "attributenotexists",
    "comparisonoperator",
];
/// Members of AWS's older parameters.
const OLDER: [&str; 3] = ["AttributeValueList", "Action", "Value"];

/// How an expression is written, as JSON of the call's members.
pub(super) fn example(name: &str) -> &'static str {
    match name {
        "update" => r#""update": "SET views = views + :n", "values": {":n": 1}"#,
        "key_condition" => r#""key_condition": "pk = :p", "values": {":p": "a"}"#,
        "condition" => r#""condition": "status <> :s", "values": {":s": "open"}"#,
        _ => r#""filter": "status <> :s", "values": {":s": "open"}"#,
    }
}

/// The expression that an object means, or why it has none.
pub(super) fn expression(
    members: &Map<String, Value>,
    grammar: Grammar,
    placeholders: &mut Placeholders,
) -> Result<String, String> {
    if members.is_empty() {
        return Err("it is an empty object".to_owned());
    }
    if let Some((text, values, names)) = wrapped(members) {
        let taken = placeholders.take(values, names);
        return if taken { Ok(text) } else { Err("a placeholder has another value outside of it".to_owned()) };
    }
    let mut parts = Vec::with_capacity(members.len());
    for (name, value) in members {
        if let Some(why) = not_a_name(name, value).or_else(|| not_a_value(name, value, grammar)) {
            return Err(format!("{}: {why}", shown(name)));
        }
        let plain = items::untyped(value).ok().filter(|_| items::typed(value) != Typed::No);
        let value = placeholders.value(plain.unwrap_or_else(|| value.clone()));
        parts.push(format!("{} = {value}", placeholders.name(name)));
    }
    Ok(match grammar {
        Grammar::Condition => parts.join(" AND "),
        Grammar::Update => format!("SET {}", parts.join(", ")),
    })
}

/// An expression, its values and its names.
type Wrapped = (String, Map<String, Value>, Map<String, Value>);

/// An expression with its values and names: `{"expression": "SET a = :a", "values": {":a": 1}}`.
fn wrapped(members: &Map<String, Value>) -> Option<Wrapped> {
    let (mut text, mut values, mut names) = (None, None, None);
    for (name, value) in members {
        let folded = fold(name);
        let is = |known: &[&str]| known.contains(&folded.as_str());
        match value {
            Value::String(of) if is(&WRAPPED) && text.is_none() => text = Some(of.clone()),
            Value::Object(of) if is(&VALUES) && values.is_none() => values = Some(of.clone()),
            Value::Object(of) if is(&NAMES) && names.is_none() => names = Some(of.clone()),
            _ => return None,
        }
    }
    let marked = |map: &Option<Map<String, Value>>, sign: char| {
        map.as_ref().is_some_and(|map| map.keys().any(|name| name.starts_with(sign)))
    };
    // Alone it may be an attribute of that name.
    if !marked(&values, ':') && !marked(&names, '#') {
        return None;
    }
    let mut values = values.unwrap_or_default();
    // Under AWS's own name they are typed.
    if members.contains_key("ExpressionAttributeValues") {
        for value in values.values_mut().filter(|value| items::typed(value) != Typed::No) {
            *value = items::untyped(value).unwrap_or_else(|_| value.clone());
        }
    }
    Some((text?, values, names.unwrap_or_default()))
}

/// Why a member's name may be no attribute's.
fn not_a_name(name: &str, value: &Value) -> Option<&'static str> {
    let folded = fold(name);
    let is = |known: &[&str]| known.contains(&folded.as_str());
    if is(&CLAUSES) || is(&WORDS) || is(&WRAPPED) || is(&VALUES) && value.is_object() || is(&NAMES) && value.is_object()
    {
        return Some("it may be a word of an expression, or an attribute");
    }
    if is(&COMPARING) && (value.is_object() || value.is_array()) {
        return Some("it may be an operator, or an attribute");
    }
    let sign = |c: char| c.is_whitespace() || "$#:.<>=!+*/()[]{},&|'\"`".contains(c);
    let suffix = name.rsplit_once("__").is_some_and(|(_, last)| COMPARING.contains(&fold(last).as_str()));
    (name.contains(sign) || suffix || name.is_empty())
        .then_some("it may be a path or an operator, or an attribute's name")
}

/// Why a member's value may be none.
fn not_a_value(name: &str, value: &Value, grammar: Grammar) -> Option<&'static str> {
    let condition = grammar == Grammar::Condition;
    match value {
        Value::Array(_) | Value::Null if condition => Some("it may be equal to that, or something else"),
        Value::Object(map) => {
            let typed = items::typed(value) != Typed::No;
            let marked = map.len() == 1 && map.keys().all(|key| is_marker(key));
            match (condition, typed) {
                _ if marked || surely(value) || condition && typed => None,
                // Nothing is compared with a map so.
                (true, _) => Some("an object may be an operator with its operand"),
                (false, true) => Some("it may be typed JSON or a map"),
                (false, _) if map.keys().any(|key| is_operator(key)) => {
                    Some("it may be an operator with its operand, or a map")
                }
                (false, _) => None,
            }
        }
        Value::String(text) if condition && compares(text) => Some("its text may be an operator with its operand"),
        Value::String(text) if !condition && calculates(name, text) => Some("its text may be an expression, or a text"),
        _ => None,
    }
}

fn is_operator(key: &str) -> bool {
    let folded = fold(key);
    let is = |known: &[&str]| known.contains(&folded.as_str());
    folded.is_empty() || key.starts_with('$') || OLDER.contains(&key) || is(&CLAUSES) || is(&WORDS) || is(&COMPARING)
}

/// Whether a text begins as a comparison does: `> 20`, `between 1 and 5`, `begins_with(…`.
fn compares(text: &str) -> bool {
    let text = text.trim();
    let word = text.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let rest = text[word.len()..].trim_start();
    let is = |known: &[&str]| known.contains(&fold(word).as_str());
    text.starts_with(['<', '>', '=', '!', ':', '#'])
        || !rest.is_empty() && (is(&COMPARING) || is(&["not"]) && word != text)
}

/// Whether a text is a calculation with the attribute or with anything that stands for a value: `views + 1`, `+1`, `:v`,
/// `if_not_exists(…`.
fn calculates(name: &str, text: &str) -> bool {
    let text = text.trim();
    let mut tokens = tokens::all(text.get(..256).unwrap_or(text)).filter(|token| token.kind != Kind::Space);
    let (Some(first), second, third) = (tokens.next(), tokens.next(), tokens.next()) else { return false };
    let sign = |text: Option<&str>| text.is_some_and(|text| matches!(text, "+" | "-" | "*" | "/" | "+=" | "-="));
    let second = second.map(|token| token.text);
    let alone = second.is_none();
    match first.kind {
        Kind::Placeholder => alone || sign(second),
        Kind::Name if FUNCTIONS.contains(&fold_function(first.text).as_str()) => second == Some("("),
        Kind::Name => {
            sign(second) && (first.text == name || third.is_some_and(|token| token.kind == Kind::Placeholder))
        }
        // `+1` and `+= 5`, but no telephone number.
        Kind::Sign => {
            matches!(first.text, "+=" | "-=")
                || matches!(first.text, "+" | "-" | "*" | "/") && text.len() <= 5 && !alone
        }
        _ => false,
    }
}

fn fold_function(text: &str) -> String {
    text.to_ascii_lowercase()
}

/// The markers of plain JSON.
fn is_marker(key: &str) -> bool {
    matches!(key, "$n" | "$b" | "$ss" | "$ns" | "$bs" | "$m")
}
