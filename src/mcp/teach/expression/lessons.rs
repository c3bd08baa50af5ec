//! What is taught of an expression, by what AWS's message says of it.

use serde_json::{Map, Value};

use super::tokens::{Kind, tokens, value};
use super::{condition, functions, update};
use crate::mcp::quoted::{self, one_line, quoted};
use crate::mcp::teach::case::{Case, Lesson};

/// The most bytes of an expression that a sentence repeats.
const REPEATED: usize = 120;

/// A value on one line, shortened.
pub(in crate::mcp::teach) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        other => quoted::short_json(&other.to_string(), REPEATED),
    }
}

/// An expression on one line, shortened.
pub(in crate::mcp::teach) fn short(text: &str) -> String {
    quoted::short(&one_line(text), REPEATED).into_owned()
}

/// The parameter that the message is about.
fn parameter(message: &str) -> Option<&'static str> {
    let names = [
        ("KeyConditionExpression", "key_condition"),
        ("FilterExpression", "filter"),
        ("UpdateExpression", "update"),
        ("ConditionExpression", "condition"),
        ("ProjectionExpression", "fields"),
    ];
    names.into_iter().find(|(name, _)| message.contains(name)).map(|(_, parameter)| parameter)
}

/// The expressions that the message may be about, each with the arguments around it.
fn expressions<'a>(case: &'a Case<'_>) -> Vec<(&'static str, &'a str, &'a Map<String, Value>)> {
    let Some(parameter) = parameter(&case.error.message) else { return Vec::new() };
    let operations = case.asked.get("operations").and_then(Value::as_array);
    let parts = std::iter::once(case.asked).chain(operations.into_iter().flatten().filter_map(Value::as_object));
    parts.filter_map(|part| Some((parameter, part.get(parameter)?.as_str()?, part))).collect()
}

/// The update expression at hand, with the arguments around it.
pub(in crate::mcp::teach) fn update_of<'a>(case: &'a Case<'_>) -> Option<(&'a str, &'a Map<String, Value>)> {
    let (part, _) = case.part();
    Some((part.get("update")?.as_str()?, part))
}

/// What cannot be read.
pub(in crate::mcp::teach) fn syntax(case: &Case<'_>) -> Option<Lesson> {
    let all = expressions(case);
    let of = |(parameter, text, part): &(&str, &str, &Map<String, Value>)| {
        let tokens = tokens(text);
        if *parameter == "update" { update::lesson(&tokens, part) } else { condition::lesson(&tokens, part) }
    };
    let (parameter, ..) = all.first()?;
    let usual = if *parameter == "update" { update::RULE } else { condition::RULE };
    Some(all.iter().find_map(of).unwrap_or_else(|| usual.to_owned()).into())
}

/// A function that is not there.
pub(in crate::mcp::teach) fn function(case: &Case<'_>) -> Option<Lesson> {
    let update = parameter(&case.error.message) == Some("update");
    Some(functions::instead(case.rest(), update).into())
}

/// Too few operands, or too many.
pub(in crate::mcp::teach) fn operands(case: &Case<'_>) -> Option<Lesson> {
    let message = &case.error.message;
    let function = [
        "attribute_not_exists",
        "attribute_exists",
        "attribute_type",
        "begins_with",
        "contains",
        "size",
        "if_not_exists",
        "list_append",
    ]
    .into_iter()
    .find(|name| message.contains(&format!("function: {name}")))?;
    let like = match function {
        "attribute_type" => r#"attribute_type(a, :t) with ":t": "S""#,
        "begins_with" => "begins_with(a, :start)",
        "contains" => "contains(a, :part)",
        "size" => "size(a), as in size(a) > :n",
        "if_not_exists" => "if_not_exists(a, :v)",
        "list_append" => "list_append(a, :list)",
        "attribute_exists" => "attribute_exists(a)",
        _ => "attribute_not_exists(a)",
    };
    Some(format!("write {like}.").into())
}

/// A value of a type that its operator does not take.
pub(in crate::mcp::teach) fn operand_type(case: &Case<'_>) -> Option<Lesson> {
    let rest = case.rest();
    let operator = rest.split_once(": ")?.1.split(',').next()?.trim();
    let kind = rest.split_once("operand type: ")?.1.split([',', ' ']).next()?;
    let wants = match (operator, kind) {
        ("+" | "-", "L") => "+ adds numbers: a list grows with SET a = list_append(a, :list)",
        ("+" | "-", "S") => "it adds numbers, and joins no text: send a number, or the whole text with SET a = :v",
        ("+" | "-", _) => "it adds numbers: send one",
        ("ADD", "LIST" | "L") => {
            r#"ADD takes a number or a set ({"$ss": ["x"]}): a list grows with SET a = list_append(a, :list)"#
        }
        ("ADD", "STRING" | "S") => {
            r#"ADD takes a number, or a set such as {"$ss": ["x"]}: text is written with SET a = :v"#
        }
        ("ADD", _) => r#"ADD takes a number, or a set such as {"$ss": ["x"]}"#,
        ("DELETE", _) => {
            r#"DELETE takes a set of the elements to go, such as {"$ss": ["x"]}; REMOVE takes an attribute away"#
        }
        ("list_append", _) => r#"list_append takes two lists: send ["x"] for one element"#,
        ("begins_with", "N") => "begins_with compares text: send text; of numbers, BETWEEN :a AND :b takes a range",
        ("begins_with", _) => "begins_with compares text: send text",
        ("attribute_type", _) => r#"write attribute_type(a, :t) with ":t": "S", or N, B, BOOL, NULL, L, M, SS, NS, BS"#,
        ("<" | "<=" | ">" | ">=" | "BETWEEN", _) => "it compares numbers, texts or bytes",
        ("size", _) => "size measures text, bytes, a list, a map or a set; a number has none",
        _ => return None,
    };
    let culprit = culprit(case, kind);
    Some(format!("{culprit}{wants}.").into())
}

/// The value of this type that the expression at fault uses.
fn culprit(case: &Case<'_>, kind: &str) -> String {
    for (_, text, part) in expressions(case) {
        for token in tokens(text).into_iter().filter(|token| token.kind == Kind::Value) {
            let Some(sent) = value(part, token.text) else { continue };
            let fits = match kind {
                "S" | "STRING" => sent.is_string(),
                "N" | "NUMBER" => sent.is_number(),
                "L" | "LIST" => sent.is_array(),
                "BOOL" | "BOOLEAN" => sent.is_boolean(),
                "NULL" => sent.is_null(),
                "M" | "MAP" => sent.is_object(),
                _ => false,
            };
            if fits {
                return format!("{} is {}: ", token.text, shown(sent));
            }
        }
    }
    String::new()
}

/// A type that attribute_type does not know.
pub(in crate::mcp::teach) fn type_name(case: &Case<'_>) -> Option<Lesson> {
    let named = case.error.message.split_once("type: ")?.1.split(',').next()?.trim().to_ascii_lowercase();
    let letter = match named.as_str() {
        "string" | "text" | "str" => "S",
        "number" | "int" | "integer" | "float" | "numeric" => "N",
        "binary" | "bytes" => "B",
        "boolean" | "bool" => "BOOL",
        "list" | "array" => "L",
        "map" | "object" | "dict" => "M",
        "null" | "none" => "NULL",
        _ => return Some("the types are S, N, B, BOOL, NULL, L, M, SS, NS and BS.".to_owned().into()),
    };
    Some(format!("{} is {}.", quoted(&named), quoted(letter)).into())
}

/// A function where no function can stand.
pub(in crate::mcp::teach) fn misused(case: &Case<'_>) -> Option<Lesson> {
    let hint = match case.error.message.rsplit(": ").next()?.trim() {
        "size" => "size gives a number: compare it, as in size(a) > :n.",
        "if_not_exists" | "list_append" => "that gives a value for SET: SET a = if_not_exists(a, :v).",
        _ => "that is a condition by itself: write it alone, or NOT before it, without a comparison.",
    };
    Some(hint.to_owned().into())
}

/// SET, or another section, twice.
pub(in crate::mcp::teach) fn section_twice(case: &Case<'_>) -> Option<Lesson> {
    let section = case.error.message.split('"').nth(1).unwrap_or("SET");
    let like = match section {
        "REMOVE" => "REMOVE a, b",
        "ADD" => "ADD a :a, b :b",
        "DELETE" => "DELETE a :a, b :b",
        _ => "SET a = :a, b = :b",
    };
    Some(format!("write {section} once, with commas: {like}.").into())
}

/// Two changes of one place.
pub(in crate::mcp::teach) fn overlap(_: &Case<'_>) -> Option<Lesson> {
    Some(
        "one update changes a place once, and not also what is inside it: leave one out, or make two calls."
            .to_owned()
            .into(),
    )
}

/// An empty expression.
pub(in crate::mcp::teach) fn empty(case: &Case<'_>) -> Option<Lesson> {
    let parameter = parameter(&case.error.message)?;
    Some(format!("leave {parameter} out, or write an expression.").into())
}
