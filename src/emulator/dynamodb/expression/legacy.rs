//! The parameters that came before expressions, translated to the same tree.
//!
//! Source: the Developer Guide's "Legacy conditional parameters".

mod comparison;

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::path::Path;
use super::tree::{Action, Call, Comparator, Function, Literal, NewValue, Operand, Test};
use super::{Condition, KeyCondition, Projection, Update};
use crate::emulator::dynamodb::key::SortCondition;
use crate::emulator::dynamodb::value::{Type, Value, check_shape};
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::error::AwsError;
use comparison::Comparison;

/// Refuses expression and non-expression parameters in one request. Give the names of those that are present.
pub fn check_mixing(non_expression: &[&str], expression: &[&str], wording: Wording) -> Result<(), AwsError> {
    if non_expression.is_empty() || expression.is_empty() {
        return Ok(());
    }
    Err(wording.error(format!(
        "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {{{}}} \
         Expression parameters: {{{}}}",
        non_expression.join(", "),
        expression.join(", ")
    )))
}

/// `Expected` with its `ConditionalOperator`.
pub fn expected(map: &Json, operator: Option<&str>, wording: Wording) -> Result<Condition, AwsError> {
    let members = members(map)?;
    let tests = members.iter().map(|(name, entry)| expectation(name, entry, wording)).collect::<Result<_, _>>()?;
    joined(tests, operator, wording).map(|test| Condition::from_test(test, "Expected"))
}

/// `QueryFilter` or `ScanFilter` with its `ConditionalOperator`.
pub fn filter(map: &Json, operator: Option<&str>, wording: Wording) -> Result<Condition, AwsError> {
    let members = members(map)?;
    let tests = members
        .iter()
        .map(|(name, entry)| Ok(test(name, Comparison::read(entry, name, wording)?)))
        .collect::<Result<_, AwsError>>()?;
    joined(tests, operator, wording).map(|test| Condition::from_test(test, "QueryFilter"))
}

/// `KeyConditions`.
pub fn key_conditions(map: &Json, wording: Wording) -> Result<KeyCondition, AwsError> {
    let conditions = members(map)?
        .iter()
        .map(|(name, entry)| Ok((name.clone(), sort_condition(Comparison::read(entry, name, wording)?)?)))
        .collect::<Result<_, AwsError>>()?;
    Ok(KeyCondition::from_conditions(conditions))
}

/// `AttributesToGet`.
pub fn attributes_to_get(names: &[String], wording: Wording) -> Result<Projection, AwsError> {
    match names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        Some((_, name)) => Err(invalid(wording, &format!("Duplicate value in attribute name: {name}"))),
        None => Ok(Projection::from_paths(names.iter().map(Path::attribute).collect())),
    }
}

/// `AttributeUpdates`.
pub fn attribute_updates(map: &Json, wording: Wording) -> Result<Update, AwsError> {
    let actions = members(map)?.iter().map(|(name, entry)| action(name, entry, wording)).collect::<Result<_, _>>()?;
    Ok(Update::from_legacy(actions))
}

fn action(name: &str, entry: &Json, wording: Wording) -> Result<Action, AwsError> {
    let path = Path::attribute(name);
    let value = value(entry, "Value", wording)?;
    let refuse = |action: &str, kind: Type| {
        Err(invalid(wording, &format!("{action} is not supported for the type {}", kind.name())))
    };
    match (text(entry, "Action").unwrap_or("PUT"), value) {
        ("DELETE", None) => Ok(Action::Remove(path)),
        (_, None) => {
            Err(invalid(wording, "Only DELETE action is allowed when no attribute value is specified"))
        }
        ("DELETE", Some(value)) if !value.kind().is_set() => refuse("DELETE action with value", value.kind()),
        ("DELETE", Some(value)) => Ok(Action::Delete(path, literal(value))),
        ("ADD", Some(value)) if !(value.kind().is_set() || matches!(value.kind(), Type::N | Type::L)) => {
            refuse("ADD action", value.kind())
        }
        ("ADD", Some(value)) => Ok(Action::Add(path, literal(value))),
        ("PUT", Some(value)) => Ok(Action::Set(path, NewValue::Operand(Operand::Literal(literal(value))))),
        (other, Some(_)) => Err(wording.error(format!(
            "Value '{other}' at 'attributeUpdates.{name}.member.action' failed to satisfy constraint: Member must satisfy \
             enum value set: [ADD, PUT, DELETE]"
        ))),
    }
}

/// One entry of `Expected`: a comparison, or `Value` and `Exists`.
fn expectation(name: &str, entry: &Json, wording: Wording) -> Result<Test, AwsError> {
    let known = |member: &str| entry.get(member).is_some_and(|json| !json.is_null());
    let refuse = |what: &str| Err(invalid(wording, &format!("{what} for Attribute: {name}")));
    if known("ComparisonOperator") {
        if known("Exists") {
            return refuse("Exists and ComparisonOperator cannot be used together");
        }
        if known("Value") && known("AttributeValueList") {
            return refuse("Value and AttributeValueList cannot be used together");
        }
        return Comparison::read(entry, name, wording).map(|comparison| test(name, comparison));
    }
    if known("AttributeValueList") {
        return refuse("AttributeValueList can only be used with a ComparisonOperator");
    }
    let exists = entry.get("Exists").and_then(Json::as_bool);
    match (exists, value(entry, "Value", wording)?) {
        (Some(false), Some(_)) => refuse("Value cannot be used when Exists is false"),
        (Some(false), None) => Ok(call(Function::AttributeNotExists, name, None)),
        (_, Some(value)) => Ok(compare(name, Comparator::Eq, value)),
        (Some(true), None) => refuse("Value must be provided when Exists is true"),
        (None, None) => refuse("Value must be provided when Exists is null"),
    }
}

fn test(name: &str, comparison: Comparison) -> Test {
    match comparison {
        Comparison::Compare(comparator, value) => compare(name, comparator, value),
        Comparison::Null => call(Function::AttributeNotExists, name, None),
        Comparison::NotNull => call(Function::AttributeExists, name, None),
        Comparison::BeginsWith(value) => call(Function::BeginsWith, name, Some(value)),
        Comparison::Contains(value) => call(Function::Contains, name, Some(value)),
        // What is not there does not lack a value either.
        Comparison::NotContains(value) => Test::And(vec![
            call(Function::AttributeExists, name, None),
            Test::Not(Box::new(call(Function::Contains, name, Some(value)))),
        ]),
        Comparison::In(values) => {
            Test::In(attribute(name), values.into_iter().map(|value| Operand::Literal(literal(value))).collect())
        }
        Comparison::Between(low, high) => {
            Test::Between(attribute(name), Operand::Literal(literal(low)), Operand::Literal(literal(high)))
        }
    }
}

fn sort_condition(comparison: Comparison) -> Result<SortCondition, AwsError> {
    Ok(match comparison {
        Comparison::Compare(Comparator::Eq, value) => SortCondition::Eq(value),
        Comparison::Compare(Comparator::Lt, value) => SortCondition::Lt(value),
        Comparison::Compare(Comparator::Le, value) => SortCondition::Le(value),
        Comparison::Compare(Comparator::Gt, value) => SortCondition::Gt(value),
        Comparison::Compare(Comparator::Ge, value) => SortCondition::Ge(value),
        Comparison::BeginsWith(value) => SortCondition::BeginsWith(value),
        Comparison::Between(low, high) => SortCondition::Between(low, high),
        _ => return Err(AwsError::validation("Query key condition not supported")),
    })
}

/// All tests in one, by `ConditionalOperator`.
fn joined(mut tests: Vec<Test>, operator: Option<&str>, wording: Wording) -> Result<Option<Test>, AwsError> {
    match (tests.len(), operator) {
        (0 | 1, Some(_)) => Err(invalid(
            wording,
            "ConditionalOperator can only be used when Filter or Expected has two or more elements",
        )),
        (0 | 1, None) => Ok(tests.pop()),
        (_, Some("OR")) => Ok(Some(Test::Or(tests))),
        _ => Ok(Some(Test::And(tests))),
    }
}

fn compare(name: &str, comparator: Comparator, value: Value) -> Test {
    Test::Compare(comparator, attribute(name), Operand::Literal(literal(value)))
}

fn call(function: Function, name: &str, value: Option<Value>) -> Test {
    let value = value.map(|value| Operand::Literal(literal(value)));
    Test::Call(Call { function, operands: std::iter::once(attribute(name)).chain(value).collect() })
}

fn attribute(name: &str) -> Operand {
    Operand::Path(Path::attribute(name))
}

fn literal(value: Value) -> Literal {
    Literal { name: ":value".to_owned(), value: Arc::new(value) }
}

fn members(map: &Json) -> Result<&Map<String, Json>, AwsError> {
    map.as_object().ok_or_else(|| AwsError::new(400, "SerializationException", "Unexpected field type"))
}

fn text<'j>(entry: &'j Json, member: &str) -> Option<&'j str> {
    entry.get(member).and_then(Json::as_str)
}

fn value(entry: &Json, member: &str, wording: Wording) -> Result<Option<Value>, AwsError> {
    match entry.get(member) {
        None | Some(Json::Null) => Ok(None),
        Some(json) => {
            check_shape(json)?;
            Value::from_json(json.clone(), wording).map(Some)
        }
    }
}

fn invalid(wording: Wording, what: &str) -> AwsError {
    wording.error(format!("One or more parameter values were invalid: {what}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::emulator::dynamodb::key::{KeyAttribute, KeySchema};
    use crate::emulator::dynamodb::value::tests::item;
    use crate::emulator::dynamodb::value::{Item, item_to_json};

    const PLAIN: Wording = Wording::Plain;

    fn on() -> Item {
        item(json!({"n": {"N": "5"}, "s": {"S": "hello"}, "l": {"L": [{"N": "1"}]}}))
    }

    /// Recorded in us-east-1, 2026-09-20.
    #[test]
    fn mixing_is_refused_in_the_recorded_words() {
        assert_eq!(
            check_mixing(&["Expected"], &["ConditionExpression"], Wording::Counted).unwrap_err().message,
            "1 validation error detected: Can not use both expression and non-expression parameters in the same request: \
             Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"
        );
        assert_eq!(check_mixing(&["Expected"], &[], PLAIN), Ok(()));
    }

    #[test]
    fn comparisons_hold_as_expressions_do() {
        let holds = |map: Json| filter(&map, None, PLAIN).unwrap().matches(&on());
        let entry =
            |operator: &str, values: Json| json!({"ComparisonOperator": operator, "AttributeValueList": values});
        for (name, entry) in [
            ("n", entry("EQ", json!([{"N": "5.0"}]))),
            ("zz", entry("NE", json!([{"N": "5"}]))),
            ("n", entry("BETWEEN", json!([{"N": "4"}, {"N": "6"}]))),
            ("n", entry("IN", json!([{"N": "4"}, {"N": "5"}]))),
            ("s", entry("BEGINS_WITH", json!([{"S": "he"}]))),
            ("s", entry("NOT_CONTAINS", json!([{"S": "x"}]))),
            ("zz", entry("NULL", json!([]))),
            ("s", json!({"ComparisonOperator": "NOT_NULL"})),
        ] {
            assert!(holds(json!({name: entry})), "{entry}");
        }
        assert!(!holds(json!({"zz": entry("NOT_CONTAINS", json!([{"S": "x"}]))})));
        let two = json!({"n": entry("GT", json!([{"N": "9"}])), "s": entry("NOT_NULL", json!([]))});
        assert!(filter(&two, Some("OR"), PLAIN).unwrap().matches(&on()));
        assert!(!filter(&two, None, PLAIN).unwrap().matches(&on()));
    }

    #[test]
    fn expected_knows_value_and_exists() {
        let holds = |map: Json| expected(&map, None, PLAIN).unwrap().matches(&on());
        assert!(holds(json!({"n": {"Value": {"N": "5"}}, "zz": {"Exists": false}})));
        assert!(!holds(json!({"n": {"Exists": false}})));
        assert!(holds(json!({})));
        let refusal = |entry: Json| expected(&json!({"a": entry}), None, PLAIN).unwrap_err().message;
        let v = json!({"S": "x"});
        for (entry, message) in [
            (json!({"Exists": true}), "Value must be provided when Exists is true for Attribute: a"),
            (json!({}), "Value must be provided when Exists is null for Attribute: a"),
            (json!({"Exists": false, "Value": v}), "Value cannot be used when Exists is false for Attribute: a"),
            (
                json!({"Exists": true, "ComparisonOperator": "EQ"}),
                "Exists and ComparisonOperator cannot be used together for Attribute: a",
            ),
            (
                json!({"ComparisonOperator": "EQ", "Value": v, "AttributeValueList": [v]}),
                "Value and AttributeValueList cannot be used together for Attribute: a",
            ),
            (
                json!({"AttributeValueList": [v]}),
                "AttributeValueList can only be used with a ComparisonOperator for Attribute: a",
            ),
            (
                json!({"ComparisonOperator": "LT", "AttributeValueList": [{"L": []}]}),
                "ComparisonOperator LT is not valid for L AttributeValue type",
            ),
            (
                json!({"ComparisonOperator": "EQ", "AttributeValueList": [v, v]}),
                "Invalid number of argument(s) for the EQ ComparisonOperator",
            ),
        ] {
            assert_eq!(refusal(entry), format!("One or more parameter values were invalid: {message}"));
        }
    }

    #[test]
    fn key_conditions_become_a_query() {
        let schema = KeySchema::new(KeyAttribute::new("pk", Type::S), Some(KeyAttribute::new("sk", Type::N)));
        let map = json!({
            "sk": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [{"N": "1"}, {"N": "2"}]},
            "pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]},
        });
        let query = key_conditions(&map, PLAIN).unwrap().resolve(&schema).unwrap();
        assert_eq!(query.sort, Some(SortCondition::Between(Value::N(1.into()), Value::N(2.into()))));
        let wrong = json!({"pk": {"ComparisonOperator": "NE", "AttributeValueList": [{"S": "a"}]}});
        assert_eq!(key_conditions(&wrong, PLAIN).unwrap_err().message, "Query key condition not supported");
    }

    #[test]
    fn attribute_updates_put_add_and_delete() {
        let map = json!({
            "n": {"Action": "ADD", "Value": {"N": "1"}}, "l": {"Action": "ADD", "Value": {"L": [{"S": "x"}]}},
            "s": {"Action": "DELETE"}, "q": {"Value": {"BOOL": true}},
        });
        let updated = attribute_updates(&map, PLAIN).unwrap().apply(&on()).unwrap();
        assert_eq!(
            item_to_json(&updated.item),
            json!({"n": {"N": "6"}, "l": {"L": [{"N": "1"}, {"S": "x"}]}, "q": {"BOOL": true}})
        );
        let wrong = json!({"s": {"Action": "ADD", "Value": {"N": "1"}}});
        let error = attribute_updates(&wrong, PLAIN).unwrap().apply(&on()).unwrap_err();
        assert_eq!(error.message, "Type mismatch for attribute to update");
        assert!(attribute_updates(&json!({}), PLAIN).unwrap().creates());
        assert_eq!(
            attribute_updates(&json!({"s": {"Action": "PUT"}}), PLAIN).unwrap_err().message,
            "One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is specified"
        );
    }

    #[test]
    fn attributes_to_get_are_distinct() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let projection = attributes_to_get(&names(&["n", "a.b"]), PLAIN).unwrap();
        assert_eq!(item_to_json(&projection.apply(&on())), json!({"n": {"N": "5"}}));
        assert_eq!(
            attributes_to_get(&names(&["n", "s", "n"]), PLAIN).unwrap_err().message,
            "One or more parameter values were invalid: Duplicate value in attribute name: n"
        );
    }
}
