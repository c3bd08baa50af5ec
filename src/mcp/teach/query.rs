//! Key conditions that do not fit: where each part belongs.

use aws_sdk_dynamodb::types::{AttributeValue, TableDescription};
use serde_json::Value;

use super::case::{Case, Lesson};
use super::expression::{self, Kind};
use super::indexes;
use super::keys::Schema;
use super::near::nearest;
use crate::json;
use crate::mcp::quoted::quoted;

/// The key that a query is about: its index's, or the table's.
fn schema_at_hand(case: &Case<'_>, table: &TableDescription) -> Schema {
    let index = case.asked.get("index").and_then(Value::as_str);
    let found = index.and_then(|wanted| indexes::all(table).into_iter().find(|(name, _)| *name == wanted));
    found.map_or_else(|| Schema::of_table(table), |(_, schema)| schema)
}

/// What the key is a key of, in words.
fn whose(case: &Case<'_>) -> String {
    match case.asked.get("index").and_then(Value::as_str) {
        Some(index) => format!("index {}", quoted(index)),
        None => case.table().map_or_else(|| "the table".to_owned(), quoted),
    }
}

fn key_condition<'a>(case: &'a Case<'_>) -> &'a str {
    case.asked.get("key_condition").and_then(Value::as_str).unwrap_or_default()
}

/// The attributes that a condition names, each with the comparison that it stands in.
fn compared(case: &Case<'_>, condition: &str) -> Vec<(String, String)> {
    expression::comparisons(&expression::tokens(condition))
        .into_iter()
        .map(|(name, text)| (expression::attribute(case.asked, &name), text))
        .collect()
}

/// A condition without the hash key, or with what is no key.
pub(super) async fn missed(case: &Case<'_>) -> Option<Lesson> {
    let table = case.described().await?;
    let schema = schema_at_hand(case, &table);
    let compared = compared(case, key_condition(case));
    let (keys, others): (Vec<_>, Vec<_>) = compared.iter().partition(|(name, _)| schema.has(name));
    let rule = format!("the key of {} is {schema}", whose(case));
    let Some((other, comparison)) = others.first() else {
        let hash = quoted(schema.hash()?);
        return Some(
            format!("{rule}: key_condition wants {hash} with =, and at most one comparison of the range key.").into(),
        );
    };
    let mut ways = Vec::new();
    if keys.iter().any(|(name, _)| Some(name.as_str()) == schema.hash()) {
        ways.push(format!("put it into filter ({})", expression::short(comparison)));
    }
    let fits = |schema: &Schema| {
        schema.hash().is_some_and(|hash| compared.iter().any(|(name, _)| name == hash))
            && compared.iter().all(|(name, _)| schema.has(name))
    };
    let named = case.asked.get("index").and_then(Value::as_str);
    let table_key = Schema::of_table(&table);
    if named.is_some() && fits(&table_key) {
        ways.push("leave index out".to_owned());
    }
    let all = indexes::all(&table);
    let by_hash = |(_, schema): &&(&str, Schema)| schema.hash() == Some(other);
    if let Some((name, schema)) = all.iter().find(|(_, s)| fits(s)).or_else(|| all.iter().find(by_hash)) {
        ways.push(format!("use index {} {schema}", quoted(name)));
    }
    if ways.is_empty() {
        match nearest(other, schema.0.iter().map(|(name, _)| name.as_str())) {
            Some(near) => ways.push(format!("{} may be meant", quoted(near))),
            None => ways.push(format!(
                "dynamodb_scan with filter {} reads the whole table for it",
                expression::short(comparison)
            )),
        }
    }
    Some(format!("{} is no key: {rule}; {}.", quoted(other), ways.join(", or ")).into())
}

/// A comparison of the hash key other than `=`.
pub(super) async fn unsupported(case: &Case<'_>) -> Option<Lesson> {
    Some(rule(case).await.into())
}

/// An operator that key conditions have not.
pub(super) async fn operator(case: &Case<'_>) -> Option<Lesson> {
    let rule = rule(case).await;
    let why = match case.rest() {
        "OR" | "IN" => "one query reads one hash key: make a query for each, or dynamodb_scan with that as filter; ",
        "<>" | "NOT" | "contains" | "attribute_exists" | "attribute_not_exists" | "attribute_type" | "size" => {
            "that goes into filter; "
        }
        _ => "",
    };
    Some(format!("{why}{rule}").into())
}

/// What a key condition is.
async fn rule(case: &Case<'_>) -> String {
    let schema = match case.described().await {
        Some(table) => schema_at_hand(case, &table),
        None => Schema(vec![("pk".into(), "S".into()), ("sk".into(), "S".into())]),
    };
    let hash = schema.hash().unwrap_or("pk");
    let ranges = match schema.range() {
        Some(range) => format!(", and for {} one of =, <, <=, >, >=, BETWEEN :a AND :b, begins_with", quoted(range)),
        None => String::new(),
    };
    format!("the key of {} is {schema}: key_condition takes = for {}{ranges}.", whose(case), quoted(hash))
}

/// A value of another type than the key.
pub(super) async fn wrong_type(case: &Case<'_>) -> Option<Lesson> {
    let table = case.described().await?;
    let schema = schema_at_hand(case, &table);
    let condition = key_condition(case);
    let tokens = expression::tokens(condition);
    if let Some(name) = expression::first_operand_of("begins_with", &tokens) {
        let name = expression::attribute(case.asked, &name);
        if schema.kind(&name) == Some("N") {
            let name = quoted(&name);
            return Some(
                format!("{name} is a number, which begins with nothing: BETWEEN :a AND :b takes a range.").into(),
            );
        }
    }
    for (name, text) in compared(case, condition) {
        let Some(kind) = schema.kind(&name) else { continue };
        for token in expression::tokens(&text) {
            if token.kind != Kind::Value {
                continue;
            }
            let placeholder = token.text;
            let sent = expression::value(case.asked, placeholder)?;
            let fits = match json::to_expression_value(sent, "values") {
                Ok(AttributeValue::S(_)) => kind == "S",
                Ok(AttributeValue::N(_)) => kind == "N",
                Ok(AttributeValue::B(_)) => kind == "B",
                _ => false,
            };
            if !fits {
                let (want, name, sent) = (as_kind(sent, kind), quoted(&name), expression::shown(sent));
                return Some(format!("{name} is of type {kind}, and {placeholder} is {sent}: send {want}.").into());
            }
        }
    }
    Some(format!("the key of {} is {schema}.", whose(case)).into())
}

fn as_kind(sent: &Value, kind: &str) -> String {
    match (kind, sent) {
        ("N", Value::String(text)) if text.trim().parse::<f64>().is_ok() => text.trim().to_owned(),
        ("N", _) => "a number".to_owned(),
        ("S", Value::Number(number)) => quoted(&number.to_string()),
        ("S", _) => "text".to_owned(),
        _ => r#"{"$b": base64}"#.to_owned(),
    }
}

/// No key condition at all.
pub(super) async fn none(case: &Case<'_>) -> Option<Lesson> {
    let rule = rule(case).await;
    Some(format!("{rule} dynamodb_scan reads without a key.").into())
}

/// A filter by a key attribute.
pub(super) fn filters_by_key(case: &Case<'_>) -> Option<Lesson> {
    let name = case.rest();
    Some(format!("{} is a key: put its comparison into key_condition, joined with AND.", quoted(name)).into())
}
