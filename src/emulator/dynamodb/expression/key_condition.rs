//! Key conditions: conditions that only a key can have.

use super::bindings::Bindings;
use super::parser::{ExpressionKind, Parser, parse};
use super::tree::{Comparator, Function, Literal, Operand, Test};
use crate::emulator::dynamodb::key::{KeyAttribute, KeyQuery, KeySchema, SortCondition};
use crate::emulator::dynamodb::value::{Type, Value};
use crate::emulator::error::AwsError;

/// A parsed KeyConditionExpression (or KeyConditions).
#[derive(Debug, Clone, PartialEq)]
pub struct KeyCondition {
    /// Attributes and what is asked of them, each attribute once.
    conditions: Vec<(String, SortCondition)>,
}

impl KeyCondition {
    /// Parses and checks `text` as far as it goes without the table.
    pub fn parse(text: &str, bindings: &mut Bindings) -> Result<Self, AwsError> {
        let parsed = parse(ExpressionKind::KeyCondition, text, bindings, Parser::condition)?;
        let mut conditions = Vec::new();
        collect(&parsed, &mut conditions).map_err(AwsError::validation)?;
        Ok(Self { conditions })
    }

    /// A key condition made of its parts.
    pub(super) fn from_conditions(conditions: Vec<(String, SortCondition)>) -> Self {
        Self { conditions }
    }

    /// Fits the condition to the key schema of the table or index: partition equality and sort condition.
    pub fn resolve(&self, schema: &KeySchema) -> Result<KeyQuery, AwsError> {
        let parts = schema.attributes().count();
        if self.conditions.len() > parts.max(2) {
            return Err(AwsError::validation("Conditions can be of length 1 or 2 only"));
        }
        if schema.hash.len() > 1 {
            // Of one attribute AWS has other words (Scylla's test_gsi_composite_keys.py, run on AWS).
            let open = schema.hash.iter().filter(|part| !matches!(self.of(part), Some(SortCondition::Eq(_))));
            check_equal("HASH", &open.map(|part| part.name.as_str()).collect::<Vec<_>>(), None)?;
        }
        let mut hash = Vec::new();
        for part in &schema.hash {
            let condition = self.of(part).ok_or_else(|| missed(part))?;
            let SortCondition::Eq(value) = condition else { return Err(not_supported()) };
            check_type(part, condition)?;
            hash.push(value.clone());
        }
        let (fixed, sort, used) = self.resolve_sort(schema)?;
        if hash.len() + used < self.conditions.len() {
            return Err(match schema.range.get(used) {
                Some(part) => missed(part),
                None => not_supported(),
            });
        }
        Ok(KeyQuery { hash, fixed, sort })
    }

    /// The sort attributes fixed by equality, the condition after them, and how many conditions that makes.
    fn resolve_sort(&self, schema: &KeySchema) -> Result<(Vec<Value>, Option<SortCondition>, usize), AwsError> {
        let (mut fixed, mut sort, mut open) = (Vec::new(), None, Vec::new());
        for (at, part) in schema.range.iter().enumerate() {
            let Some(condition) = self.of(part) else {
                open.push(part.name.as_str());
                continue;
            };
            check_equal("RANGE", &open, Some(&part.name))?;
            check_type(part, condition)?;
            match condition {
                SortCondition::Eq(value) if at + 1 < schema.range.len() => fixed.push(value.clone()),
                last => {
                    sort = Some(last.clone());
                    open.push(&part.name);
                }
            }
        }
        let used = fixed.len() + usize::from(sort.is_some());
        Ok((fixed, sort, used))
    }

    fn of(&self, part: &KeyAttribute) -> Option<&SortCondition> {
        self.conditions.iter().find(|(name, _)| *name == part.name).map(|(_, condition)| condition)
    }
}

/// Refuses a query without an equality for each attribute of a key of several that needs one: of the partition key each, of
/// the sort key those before `later`, which has a condition.
fn check_equal(kind: &str, open: &[&str], later: Option<&str>) -> Result<(), AwsError> {
    if open.is_empty() {
        return Ok(());
    }
    let names = open.join(", ");
    let why =
        later.map_or_else(String::new, |later| format!(" because a condition is present on key attribute {later}"));
    Err(AwsError::validation(format!(
        "{kind} key attributes {names} must have equality conditions specified in the query{why}"
    )))
}

fn missed(part: &KeyAttribute) -> AwsError {
    AwsError::validation(format!("Query condition missed key schema element: {}", part.name))
}

fn not_supported() -> AwsError {
    AwsError::validation("Query key condition not supported")
}

fn check_type(part: &KeyAttribute, condition: &SortCondition) -> Result<(), AwsError> {
    let values = match condition {
        SortCondition::Between(low, high) => vec![low, high],
        SortCondition::Eq(value)
        | SortCondition::Lt(value)
        | SortCondition::Le(value)
        | SortCondition::Gt(value)
        | SortCondition::Ge(value)
        | SortCondition::BeginsWith(value) => vec![value],
    };
    if values.iter().any(|value| value.kind() != part.kind) {
        return Err(AwsError::validation(
            "One or more parameter values were invalid: Condition parameter type does not match schema type",
        ));
    }
    let empty = match values.iter().find(|value| value.size() == 0).map(|value| value.kind()) {
        Some(Type::S) => "string",
        Some(Type::B) => "binary",
        _ => return Ok(()),
    };
    Err(AwsError::validation(format!(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty {empty} \
         value. Key: {}",
        part.name
    )))
}

/// Takes a condition apart into conditions on attributes, or gives AWS's sentence on why it is none for a key.
fn collect(test: &Test, conditions: &mut Vec<(String, SortCondition)>) -> Result<(), String> {
    let (name, condition) = match test {
        Test::And(tests) => return tests.iter().try_for_each(|test| collect(test, conditions)),
        Test::Or(_) => return Err(invalid_operator("OR")),
        Test::Not(_) => return Err(invalid_operator("NOT")),
        Test::In(..) => return Err(invalid_operator("IN")),
        Test::Compare(Comparator::Ne, ..) => return Err(invalid_operator("<>")),
        Test::Call(call) if call.function != Function::BeginsWith => {
            return Err(invalid_operator(call.function.name()));
        }
        Test::Compare(comparator, left, right) => compared(*comparator, left, right)?,
        Test::Between(operand, low, high) => {
            let name = first_attribute("BETWEEN", operand)?;
            (name, SortCondition::Between(literal(low)?, literal(high)?))
        }
        Test::Call(call) => {
            let [operand, start] = call.operands.as_slice() else { return Err(invalid_operator("begins_with")) };
            (first_attribute("begins_with", operand)?, SortCondition::BeginsWith(literal(start)?))
        }
    };
    if conditions.iter().any(|(known, _)| *known == name) {
        return Err("Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key"
            .to_owned());
    }
    conditions.push((name, condition));
    Ok(())
}

fn compared(comparator: Comparator, left: &Operand, right: &Operand) -> Result<(String, SortCondition), String> {
    let (path, value, comparator) = match (left, right) {
        (Operand::Call(_), _) | (_, Operand::Call(_)) => return Err(nested_operation()),
        (Operand::Literal(_), Operand::Literal(_)) => {
            return Err("Invalid condition in KeyConditionExpression: No key attribute specified".to_owned());
        }
        (operand @ Operand::Path(_), value) => (operand, value, comparator),
        (value, operand @ Operand::Path(_)) => (operand, value, comparator.swapped()),
    };
    let value = literal(value)?;
    let condition = match comparator {
        Comparator::Eq => SortCondition::Eq(value),
        Comparator::Lt => SortCondition::Lt(value),
        Comparator::Le => SortCondition::Le(value),
        Comparator::Gt => SortCondition::Gt(value),
        Comparator::Ge => SortCondition::Ge(value),
        Comparator::Ne => return Err(invalid_operator("<>")),
    };
    Ok((attribute(path)?, condition))
}

fn first_attribute(operator: &str, operand: &Operand) -> Result<String, String> {
    match operand {
        Operand::Path(_) => attribute(operand),
        Operand::Call(_) => Err(nested_operation()),
        Operand::Literal(_) => Err(format!(
            "Invalid condition in KeyConditionExpression: {operator} operator must have the key attribute as its first \
             operand"
        )),
    }
}

fn attribute(operand: &Operand) -> Result<String, String> {
    match operand {
        Operand::Path(path) if path.segments().len() == 1 => Ok(path.root().to_owned()),
        _ => Err("KeyConditionExpressions cannot have conditions on nested attributes".to_owned()),
    }
}

fn literal(operand: &Operand) -> Result<Value, String> {
    match operand {
        Operand::Literal(Literal { value, .. }) => Ok(value.as_ref().clone()),
        Operand::Call(_) => Err(nested_operation()),
        Operand::Path(_) => {
            Err("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"
                .to_owned())
        }
    }
}

fn invalid_operator(operator: &str) -> String {
    format!("Invalid operator used in KeyConditionExpression: {operator}")
}

fn nested_operation() -> String {
    "KeyConditionExpressions cannot contain nested operations".to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::emulator::dynamodb::wording::Wording;

    fn parsed(text: &str) -> Result<KeyCondition, AwsError> {
        let values = json!({":p": {"S": "a"}, ":n": {"N": "1"}, ":m": {"N": "2"}, ":s": {"S": "b"}, ":e": {"S": ""}});
        let mut bindings = Bindings::new(None, Some(values), Wording::Plain).unwrap();
        KeyCondition::parse(text, &mut bindings)
    }

    fn schema() -> KeySchema {
        KeySchema::new(KeyAttribute::new("pk", Type::S), Some(KeyAttribute::new("sk", Type::N)))
    }

    fn refusal(text: &str) -> String {
        parsed(text).and_then(|condition| condition.resolve(&schema())).unwrap_err().message
    }

    #[test]
    fn splits_into_partition_and_sort_in_any_order() {
        let n = |n: i64| Value::N(n.into());
        for (text, sort) in [
            ("pk = :p", None),
            (":p = pk", None),
            ("pk = :p AND sk = :n", Some(SortCondition::Eq(n(1)))),
            ("sk < :n AND pk = :p", Some(SortCondition::Lt(n(1)))),
            ("pk = :p AND :n <= sk", Some(SortCondition::Ge(n(1)))),
            ("((pk = :p) AND (sk BETWEEN :n AND :m))", Some(SortCondition::Between(n(1), n(2)))),
        ] {
            let query = parsed(text).unwrap().resolve(&schema()).unwrap();
            assert_eq!((query.hash, query.sort), (vec![Value::S("a".into())], sort), "{text}");
        }
    }

    #[test]
    fn what_is_no_key_condition_is_refused() {
        for (text, message) in [
            ("pk = :p OR sk = :n", "Invalid operator used in KeyConditionExpression: OR"),
            ("NOT pk = :p", "Invalid operator used in KeyConditionExpression: NOT"),
            ("pk = :p AND sk <> :n", "Invalid operator used in KeyConditionExpression: <>"),
            ("pk = :p AND sk IN (:n)", "Invalid operator used in KeyConditionExpression: IN"),
            ("attribute_exists(pk)", "Invalid operator used in KeyConditionExpression: attribute_exists"),
            ("pk = :p AND size(sk) = :n", "KeyConditionExpressions cannot contain nested operations"),
            (
                "pk = :p AND sk > :n AND sk < :m",
                "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key",
            ),
            (
                "pk = :p AND pk = :p",
                "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key",
            ),
            ("pk = :p AND sk.a = :n", "KeyConditionExpressions cannot have conditions on nested attributes"),
            ("pk = sk", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"),
            (":p = :n", "Invalid condition in KeyConditionExpression: No key attribute specified"),
            (
                "pk = :p AND :n BETWEEN sk AND :m",
                "Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first \
                 operand",
            ),
            ("sk = :n", "Query condition missed key schema element: pk"),
            ("pk = :p AND extra = :n", "Query condition missed key schema element: sk"),
            ("pk > :p", "Query key condition not supported"),
            ("pk = :p AND sk = :n AND extra = :n", "Conditions can be of length 1 or 2 only"),
            (
                "pk = :n",
                "One or more parameter values were invalid: Condition parameter type does not match schema type",
            ),
            (
                "pk = :e",
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty \
                 string value. Key: pk",
            ),
            ("((pk = :p))", "Invalid KeyConditionExpression: The expression has redundant parentheses;"),
            ("pk = :p AND", "Invalid KeyConditionExpression: Syntax error; token: \"<EOF>\", near: \"AND\""),
            ("", "Invalid KeyConditionExpression: The expression can not be empty;"),
            (
                "pk = :p AND begins_with(sk, :n)",
                "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: \
                 begins_with, operand type: N",
            ),
        ] {
            assert_eq!(refusal(text), message, "{text}");
        }
    }

    #[test]
    fn a_table_without_sort_key_takes_one_condition() {
        let schema = KeySchema::new(KeyAttribute::new("pk", Type::S), None);
        let error = parsed("pk = :p AND sk = :n").unwrap().resolve(&schema).unwrap_err();
        assert_eq!(error.message, "Query key condition not supported");
    }

    #[test]
    fn keys_of_several_attributes_fix_the_leading_ones() {
        let part = |name: &str, kind| KeyAttribute::new(name, kind);
        let schema = KeySchema {
            hash: vec![part("pk", Type::S), part("p2", Type::N)],
            range: vec![part("s1", Type::S), part("s2", Type::N)],
        };
        let query = parsed("pk = :p AND p2 = :n AND s1 = :s AND s2 > :m").unwrap().resolve(&schema).unwrap();
        assert_eq!(query.hash, [Value::S("a".into()), Value::N(1.into())]);
        assert_eq!(query.fixed, [Value::S("b".into())]);
        assert_eq!(query.sort, Some(SortCondition::Gt(Value::N(2.into()))));
    }

    #[test]
    fn attributes_of_a_key_before_the_last_condition_want_equality() {
        let part = |name: &str, kind| KeyAttribute::new(name, kind);
        let schema = KeySchema {
            hash: vec![part("pk", Type::S), part("p2", Type::N)],
            range: vec![part("a", Type::N), part("b", Type::N), part("c", Type::N)],
        };
        let refusal = |text: &str| parsed(text).unwrap().resolve(&schema).map(drop).unwrap_err().message;
        let equal = "must have equality conditions specified in the query";
        let present = "because a condition is present on key attribute";
        for (text, message) in [
            ("b = :n", format!("RANGE key attributes a {equal} {present} b")),
            ("c > :n", format!("RANGE key attributes a, b {equal} {present} c")),
            ("a = :n AND c = :n", format!("RANGE key attributes b {equal} {present} c")),
            ("a > :n AND b = :n", format!("RANGE key attributes a {equal} {present} b")),
            ("a BETWEEN :n AND :m AND b > :n", format!("RANGE key attributes a {equal} {present} b")),
            ("a = :n AND b <= :n AND c = :n", format!("RANGE key attributes b {equal} {present} c")),
        ] {
            assert_eq!(refusal(&format!("pk = :p AND p2 = :n AND {text}")), message, "{text}");
        }
        for (text, names) in [("pk = :p", "p2"), ("p2 > :n AND pk = :p", "p2"), ("a = :n", "pk, p2")] {
            assert_eq!(refusal(text), format!("HASH key attributes {names} {equal}"), "{text}");
        }
        assert!(parsed("c = :n AND pk = :p AND b = :n AND a = :n AND p2 = :n").unwrap().resolve(&schema).is_ok());
    }
}
