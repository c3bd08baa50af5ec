//! Keys of tables and indexes, and the values that a person types for them.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, KeySchemaElement, KeyType, TableDescription};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use footbridge_tui::ask::{KeyCondition, KeyPart};

use super::trouble::wrong;
use crate::emulator::dynamodb::number::Number;
use crate::mcp::ToolError;

/// The longest that a key condition's operator is, with its words.
const OPERATORS: &str = "=, <, <=, >, >=, begins_with, between";

/// The parts of a key, hash first, with their types.
pub(super) fn parts(table: &TableDescription, schema: &[KeySchemaElement]) -> Vec<KeyPart> {
    let part = |element: &KeySchemaElement| {
        let name = element.attribute_name();
        let definitions = table.attribute_definitions();
        let kind = definitions.iter().find(|definition| definition.attribute_name() == name);
        KeyPart {
            name: name.to_owned(),
            kind: kind.map(|kind| kind.attribute_type().as_str().to_owned()).unwrap_or_default(),
            range: *element.key_type() == KeyType::Range,
        }
    };
    let mut parts: Vec<_> = schema.iter().map(part).collect();
    parts.sort_by_key(|part| part.range);
    parts
}

/// The key of a table, or of one of its indexes.
pub(super) fn of(table: &TableDescription, index: Option<&str>) -> Result<Vec<KeyPart>, ToolError> {
    let Some(index) = index else { return Ok(parts(table, table.key_schema())) };
    let global = table.global_secondary_indexes().iter().map(|one| (one.index_name(), one.key_schema()));
    let local = table.local_secondary_indexes().iter().map(|one| (one.index_name(), one.key_schema()));
    let found = global.chain(local).find(|(name, _)| *name == Some(index));
    let found = found.map(|(_, schema)| parts(table, schema));
    found.ok_or_else(|| {
        ToolError::new("no_index", format!("table {} has no index {index}", table.table_name().unwrap_or_default()))
    })
}

/// A key condition as DynamoDB takes it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Condition {
    pub(super) expression: String,
    /// Placeholders, and the attributes that they stand for.
    pub(super) names: Vec<(String, String)>,
    /// Placeholders, and the values that they stand for.
    pub(super) values: Vec<(String, AttributeValue)>,
}

/// What is asked of this key.
pub(super) fn condition(key: &[KeyPart], asked: &KeyCondition) -> Result<Condition, ToolError> {
    let mut condition = Condition::default();
    let (hash, range): (Vec<_>, Vec<_>) = key.iter().partition(|part| !part.range);
    for (at, part) in hash.iter().enumerate() {
        let typed = asked.hash.get(at).ok_or_else(|| wrong(format!("{}: a query needs a value for it", part.name)))?;
        condition.add(part, "=", std::slice::from_ref(typed))?;
    }
    if asked.hash.len() > hash.len() {
        return Err(wrong(format!("the hash key has {} parts, not {}", hash.len(), asked.hash.len())));
    }
    if asked.range.len() > range.len() {
        return Err(wrong(match range.len() {
            0 => "there is no range key to ask for".to_owned(),
            parts => format!("the range key has {parts} parts, not {}", asked.range.len()),
        }));
    }
    for (part, (operator, typed)) in range.iter().zip(&asked.range) {
        condition.add(part, operator, typed)?;
    }
    Ok(condition)
}

impl Condition {
    fn add(&mut self, part: &KeyPart, operator: &str, typed: &[String]) -> Result<(), ToolError> {
        let wanted = if operator.eq_ignore_ascii_case("between") { 2 } else { 1 };
        if typed.len() != wanted {
            let noun = if wanted == 1 { "value" } else { "values" };
            return Err(wrong(format!("{}: {operator} takes {wanted} {noun}, not {}", part.name, typed.len())));
        }
        let name = format!("#k{}", self.names.len());
        self.names.push((name.clone(), part.name.clone()));
        let mut placeholders = Vec::new();
        for typed in typed {
            let placeholder = format!(":k{}", self.values.len());
            self.values.push((placeholder.clone(), value(part, typed)?));
            placeholders.push(placeholder);
        }
        let asked = match (operator.to_ascii_lowercase().as_str(), placeholders.as_slice()) {
            ("=" | "<" | "<=" | ">" | ">=", [one]) => format!("{name} {operator} {one}"),
            ("begins_with", [one]) => format!("begins_with({name}, {one})"),
            ("between", [from, to]) => format!("{name} BETWEEN {from} AND {to}"),
            _ => return Err(wrong(format!("{}: {operator} is none of {OPERATORS}", part.name))),
        };
        if !self.expression.is_empty() {
            self.expression.push_str(" AND ");
        }
        self.expression.push_str(&asked);
        Ok(())
    }
}

/// The value that a person typed for a part of a key: text as it is, a number's digits, bytes in base64.
fn value(part: &KeyPart, typed: &str) -> Result<AttributeValue, ToolError> {
    match part.kind.as_str() {
        "N" => {
            let typed = typed.trim();
            let number: Result<Number, _> = typed.parse();
            number.map_err(|error| wrong(format!("{}: {typed:?} is no number: {error}", part.name)))?;
            Ok(AttributeValue::N(typed.to_owned()))
        }
        "B" => {
            let bytes = STANDARD.decode(typed.trim());
            let bytes = bytes.map_err(|error| {
                wrong(format!("{}: its bytes are written in base64 with its padding: {error}", part.name))
            })?;
            Ok(AttributeValue::B(Blob::new(bytes)))
        }
        _ => Ok(AttributeValue::S(typed.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(parts: &[(&str, &str, bool)]) -> Vec<KeyPart> {
        let part = |(name, kind, range): &(&str, &str, bool)| KeyPart {
            name: (*name).to_owned(),
            kind: (*kind).to_owned(),
            range: *range,
        };
        parts.iter().map(part).collect()
    }

    fn asked(hash: &[&str], range: &[(&str, &[&str])]) -> KeyCondition {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let range = range.iter().map(|(operator, values)| ((*operator).to_owned(), owned(values))).collect();
        KeyCondition { hash: owned(hash), range }
    }

    #[test]
    fn each_operator_and_type_is_written_as_dynamodb_takes_it() {
        let pair = key(&[("pk", "S", false), ("sk", "N", true)]);
        for (operator, values, wanted) in [
            ("=", &["7"][..], "#k1 = :k1"),
            ("<", &["7"], "#k1 < :k1"),
            ("<=", &["7"], "#k1 <= :k1"),
            (">", &["7"], "#k1 > :k1"),
            (">=", &["7"], "#k1 >= :k1"),
            ("BETWEEN", &["1", "2"], "#k1 BETWEEN :k1 AND :k2"),
            ("begins_with", &["1"], "begins_with(#k1, :k1)"),
        ] {
            let made = condition(&pair, &asked(&["a b"], &[(operator, values)])).unwrap();
            assert_eq!(made.expression, format!("#k0 = :k0 AND {wanted}"));
            assert_eq!(made.values[0].1, AttributeValue::S("a b".into()));
            assert_eq!(made.values[1].1, AttributeValue::N(values[0].into()));
        }
        let parts = key(&[("a", "S", false), ("b", "B", false), ("c", "S", true), ("d", "N", true)]);
        let made = condition(&parts, &asked(&["x", "aGk="], &[("=", &["y"]), (">", &["-1e3"])])).unwrap();
        assert_eq!(made.expression, "#k0 = :k0 AND #k1 = :k1 AND #k2 = :k2 AND #k3 > :k3");
        assert_eq!(made.values[1].1, AttributeValue::B(Blob::new("hi")));
    }

    #[test]
    fn what_does_not_fit_the_key_is_named() {
        let pair = key(&[("pk", "N", false), ("sk", "B", true)]);
        for (wrong, says) in [
            (asked(&[], &[]), "pk: a query needs a value"),
            (asked(&["x"], &[]), "pk: \"x\" is no number"),
            (asked(&["123456789012345678901234567890123456789"], &[]), "38 significant digits"),
            (asked(&["1e126"], &[]), "larger than supported"),
            (asked(&["NaN"], &[]), "is no number"),
            (asked(&["1", "2"], &[]), "the hash key has 1 parts"),
            (asked(&["1"], &[("=", &["a!"])]), "sk: its bytes are written in base64"),
            (asked(&["1"], &[("=", &[])]), "sk: = takes 1 value, not 0"),
            (asked(&["1"], &[("between", &["aGk="])]), "between takes 2 values, not 1"),
            (asked(&["1"], &[("like", &["aGk="])]), "like is none of ="),
            (asked(&["1"], &[("=", &["aGk="]), ("=", &["aGk="])]), "the range key has 1 parts, not 2"),
        ] {
            let error = condition(&pair, &wrong).unwrap_err();
            assert!(error.message.contains(says), "{wrong:?}: {}", error.message);
        }
        let lone = key(&[("pk", "S", false)]);
        assert!(condition(&lone, &asked(&["1"], &[("=", &["a"])])).unwrap_err().message.contains("no range key"));
    }
}
