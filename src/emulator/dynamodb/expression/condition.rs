//! Conditions and filters.

use std::fmt;

use super::bindings::Bindings;
use super::parser::{ExpressionKind, Parser, parse};
use super::path::Path;
use super::tree::{Call, Operand, Test};
use crate::emulator::dynamodb::key::KeySchema;
use crate::emulator::dynamodb::value::Item;
use crate::emulator::error::AwsError;

/// Which parameter a condition stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConditionKind {
    /// `ConditionExpression`
    Condition,
    /// `FilterExpression`
    Filter,
}

/// A parsed condition or filter. Prints as an expression that parses to the same condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// None holds for every item (an empty legacy parameter).
    test: Option<Test>,
    /// What AWS calls the parameter in messages about it.
    shown: &'static str,
}

impl Condition {
    /// Parses and checks `text`.
    pub fn parse(kind: ConditionKind, text: &str, bindings: &mut Bindings) -> Result<Self, AwsError> {
        let kind = match kind {
            ConditionKind::Condition => ExpressionKind::Condition,
            ConditionKind::Filter => ExpressionKind::Filter,
        };
        let parsed = parse(kind, text, bindings, Parser::condition)?;
        Ok(Self { test: Some(parsed), shown: "Filter Expression" })
    }

    /// A condition made of a tree; `shown` is what AWS calls the parameter.
    pub(super) fn from_test(test: Option<Test>, shown: &'static str) -> Self {
        Self { test, shown }
    }

    /// Whether `item` fulfils the condition. A missing item is an empty one.
    #[must_use]
    pub fn matches(&self, item: &Item) -> bool {
        self.test.as_ref().is_none_or(|test| test.matches(item))
    }

    /// All its paths, from left to right.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        let mut paths = Vec::new();
        if let Some(test) = &self.test {
            collect_paths(test, &mut paths);
        }
        paths
    }

    /// Query only: refuses a filter on primary key attributes.
    pub fn check_no_keys(&self, schema: &KeySchema) -> Result<(), AwsError> {
        match self.paths().into_iter().find(|path| schema.contains(path.root())) {
            None => Ok(()),
            Some(path) => Err(AwsError::validation(format!(
                "{} can only contain non-primary key attributes: Primary key attribute: {}",
                self.shown,
                path.root()
            ))),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.test.as_ref().map_or(Ok(()), |test| test.fmt(f))
    }
}

/// All paths of a condition, from left to right.
fn collect_paths<'t>(test: &'t Test, paths: &mut Vec<&'t Path>) {
    match test {
        Test::Compare(_, left, right) => operand_paths([left, right], paths),
        Test::Between(operand, low, high) => operand_paths([operand, low, high], paths),
        Test::In(operand, list) => operand_paths(std::iter::once(operand).chain(list), paths),
        Test::Call(call) => operand_paths(&call.operands, paths),
        Test::And(tests) | Test::Or(tests) => tests.iter().for_each(|test| collect_paths(test, paths)),
        Test::Not(test) => collect_paths(test, paths),
    }
}

fn operand_paths<'t>(operands: impl IntoIterator<Item = &'t Operand>, paths: &mut Vec<&'t Path>) {
    for operand in operands {
        match operand {
            Operand::Path(path) => paths.push(path),
            Operand::Call(Call { operands, .. }) => operand_paths(operands, paths),
            Operand::Literal(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::emulator::dynamodb::key::KeyAttribute;
    use crate::emulator::dynamodb::value::Type;
    use crate::emulator::dynamodb::value::tests::item;
    use crate::emulator::dynamodb::wording::Wording;

    fn parse_with(text: &str, names: Json, values: Json, wording: Wording) -> Result<Condition, AwsError> {
        let given = |json: Json| Some(json).filter(|json| json != &json!({}));
        let mut bindings = Bindings::new(given(names), given(values), wording).unwrap();
        let parsed = Condition::parse(ConditionKind::Condition, text, &mut bindings)?;
        bindings.finish()?;
        Ok(parsed)
    }

    fn refusal(text: &str, values: Json) -> String {
        let names = if text.contains("#d") { json!({"#d": "data"}) } else { json!({}) };
        let error = parse_with(text, names, values, Wording::Plain).unwrap_err();
        error.message.strip_prefix("Invalid ConditionExpression: ").unwrap_or(&error.message).to_owned()
    }

    fn holds(text: &str, values: Json, on: Json) -> bool {
        parse_with(text, json!({}), values, Wording::Plain).unwrap().matches(&item(on))
    }

    /// Recorded in us-east-1, 2026-09-20: PutItem's ConditionExpression.
    #[test]
    fn recorded_faults_have_the_recorded_words() {
        let counted = |text, names, values| parse_with(text, names, values, Wording::Counted).unwrap_err().message;
        assert_eq!(
            counted("((attribute_not_exists(pk)))", json!({}), json!({})),
            "1 validation error detected: Invalid ConditionExpression: The expression has redundant parentheses;"
        );
        assert_eq!(
            counted("contains(#d, #d)", json!({"#d": "data"}), json!({})),
            "1 validation error detected: Invalid ConditionExpression: The first operand must be distinct from the remaining \
             operands for this operator or function; operator: contains, first operand: [data]"
        );
        assert_eq!(
            counted("begins_with(s, :prefix)", json!({}), json!({":prefix": {"N": "1"}})),
            "1 validation error detected: Invalid ConditionExpression: Incorrect operand type for operator or function; \
             operator or function: begins_with, operand type: N"
        );
    }

    #[test]
    fn syntax_errors_show_the_token_and_its_neighbours() {
        let v = json!({":v": {"S": "x"}});
        for (text, sentence) in [
            ("a b", r#"Syntax error; token: "b", near: "a b""#),
            ("x a b c", r#"Syntax error; token: "a", near: "x a b""#),
            ("a = ", r#"Syntax error; token: "<EOF>", near: "=""#),
            ("a != :v", r#"Syntax error; token: "!", near: "a !=""#),
            ("attribute_exists([1])", r#"Syntax error; token: "[", near: "([1""#),
            ("a = :v AND", r#"Syntax error; token: "<EOF>", near: "AND""#),
            ("(a = :v", r#"Syntax error; token: "<EOF>", near: ":v""#),
            ("a = :v)", r#"Syntax error; token: ")", near: ":v)""#),
            ("a IN ()", r#"Syntax error; token: ")", near: "()""#),
            ("and = :v", r#"Syntax error; token: "and", near: "and =""#),
            ("_a = :v", r#"Syntax error; token: "_", near: "_a""#),
            ("a[:v] = :v", r#"Syntax error; token: ":v", near: "[:v]""#),
            ("a", r#"Syntax error; token: "<EOF>", near: "a""#),
            ("NOT", r#"Syntax error; token: "<EOF>", near: "NOT""#),
            ("é = :v", r#"Syntax error; token: "é", near: "é =""#),
            ("", "The expression can not be empty;"),
            (" \t", "The expression can not be empty;"),
        ] {
            assert_eq!(refusal(text, v.clone()), sentence, "{text}");
        }
    }

    #[test]
    fn faults_of_operands_are_found_before_any_item_is_read() {
        let values = json!({":n": {"N": "5"}, ":m": {"N": "4"}, ":s": {"S": "x"}, ":l": {"L": []}});
        for (text, sentence) in [
            ("#x = :n", "An expression attribute name used in the document path is not defined; attribute name: #x"),
            ("a = :x", "An expression attribute value used in expression is not defined; attribute value: :x"),
            ("status = :s", "Attribute name is a reserved keyword; reserved keyword: status"),
            ("dog(a)", "Invalid function name; function: dog"),
            ("SIZE(a) = :n", "Invalid function name; function: SIZE"),
            ("size(a)", "The function is not allowed to be used this way in an expression; function: size"),
            (
                "attribute_exists(a) < :n",
                "The function is not allowed to be used this way in an expression; function: attribute_exists",
            ),
            (
                "if_not_exists(a, b) = :n",
                "The function is not allowed in a condition expression; function: if_not_exists",
            ),
            (
                "attribute_exists(:n)",
                "Operator or function requires a document path; operator or function: attribute_exists",
            ),
            (
                "size(a, b) = :n",
                "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2",
            ),
            (
                "size(:n) = :n",
                "Incorrect operand type for operator or function; operator or function: size, operand type: N",
            ),
            ("a < :l", "Incorrect operand type for operator or function; operator or function: <, operand type: L"),
            (
                "attribute_type(a, :s)",
                "Invalid attribute type name found; type: x, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
            ),
            (
                "attribute_type(a, b)",
                "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: \
                 {NS,SS,L,BS,N,M,B,BOOL,NULL,S}",
            ),
            (
                "a BETWEEN :n AND :m",
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: \
                 AttributeValue: {N:5}, upper bound operand: AttributeValue: {N:4}",
            ),
            (
                "a BETWEEN :n AND :s",
                "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: \
                 AttributeValue: {N:5}, upper bound operand: AttributeValue: {S:x}",
            ),
            (
                "a.b[0] = a.b[0]",
                "The first operand must be distinct from the remaining operands for this operator or function; operator: =, \
                 first operand: [a, b, [0]]",
            ),
            ("a[99999999999] = :n", "List index is not within the allowable range; index: [99999999999]"),
            ("((a = :n)) OR dog(a)", "The expression has redundant parentheses;"),
        ] {
            assert_eq!(refusal(text, values.clone()), sentence, "{text}");
        }
    }

    #[test]
    fn limits_hold_to_the_last() {
        let many = |count: usize| vec!["a = :v"; count].join(" OR ");
        let v = json!({":v": {"S": "x"}});
        // 150 comparisons and 149 ORs are 299 operators, 151 and 150 are 301.
        assert!(parse_with(&many(150), json!({}), v.clone(), Wording::Plain).is_ok());
        assert_eq!(refusal(&many(151), v.clone()), "The expression contains too many operators; operator count: 301");
        let list = |count: usize| format!("a IN ({})", vec![":v"; count].join(","));
        assert!(parse_with(&list(100), json!({}), v.clone(), Wording::Plain).is_ok());
        assert_eq!(
            refusal(&list(101), v.clone()),
            "The IN operator is provided with too many operands; number of operands: 101"
        );
        let long = |bytes: usize| format!("{} = :v", "a".repeat(bytes - 5));
        assert!(parse_with(&long(4096), json!({}), v.clone(), Wording::Plain).is_ok());
        assert_eq!(
            refusal(&long(4097), v.clone()),
            "Expression size has exceeded the maximum allowed size; expression size: 4097"
        );
        let steps = |count: usize| format!("{} = :v", vec!["a"; count].join("."));
        assert!(parse_with(&steps(32), json!({}), v.clone(), Wording::Plain).is_ok());
        assert_eq!(refusal(&steps(33), v), "The document path has too many nesting elements; nesting levels: 33");
    }

    #[test]
    fn what_is_missing_equals_nothing_and_has_no_order() {
        let v = json!({":v": {"N": "1"}});
        assert!(holds("a <> :v", v.clone(), json!({})));
        assert!(holds("NOT a = :v", v.clone(), json!({})));
        for text in
            ["a = :v", "a < :v", ":v < a", "a BETWEEN :v AND :v", "a IN (:v)", "size(a) = :v", "contains(a, :v)"]
        {
            assert!(!holds(text, v.clone(), json!({})), "{text}");
        }
        assert!(!holds("a = b", json!({}), json!({})));
        assert!(holds("a <> b", json!({}), json!({})));
    }

    #[test]
    fn not_binds_before_and_and_and_before_or() {
        let on = json!({"a": {"N": "1"}, "b": {"N": "2"}, "c": {"N": "3"}});
        assert!(holds("a < b OR c < b AND b < c", json!({}), on.clone()));
        assert!(!holds("(a < b OR c < b) AND c < b", json!({}), on.clone()));
        assert!(!holds("NOT a < b AND c < b", json!({}), on.clone()));
        assert!(holds("b BETWEEN a AND c AND a < b", json!({}), on.clone()));
        assert!(holds("nOt NOT not NOT a < b", json!({}), on.clone()));
        assert!(holds("((a < b) aNd (b < c))", json!({}), on.clone()));
        assert!(holds("(a) < b AND (size((c)) <> a)", json!({}), on));
    }

    #[test]
    fn functions_look_at_types() {
        let on = json!({
            "s": {"S": "hello"}, "b": {"B": "aGkgdGhlcmU="}, "ss": {"SS": ["x", "y"]}, "ns": {"NS": ["1", "2"]},
            "l": {"L": [{"N": "4"}, {"SS": ["q"]}]}, "m": {"M": {"k": {"NULL": true}}}, "n": {"N": "5"},
            // Five units of UTF-16 in three letters: one, two, and two that are put together.
            "wide": {"S": "é🦀e\u{301}"},
        });
        let values = |json: Json| json!({":v": json});
        for (text, value) in [
            ("contains(s, :v)", json!({"S": "ell"})),
            ("contains(ss, :v)", json!({"S": "x"})),
            ("contains(ns, :v)", json!({"N": "1.0"})),
            ("contains(l, :v)", json!({"SS": ["q"]})),
            ("contains(b, :v)", json!({"B": "aGVyZQ=="})),
            ("begins_with(s, :v)", json!({"S": "hell"})),
            ("begins_with(b, :v)", json!({"B": "aGk="})),
            ("attribute_type(m.k, :v)", json!({"S": "NULL"})),
            ("attribute_type(ss, :v)", json!({"S": "SS"})),
            ("size(s) = :v", json!({"N": "5"})),
            ("size(l) = :v", json!({"N": "2"})),
            ("size(m) < :v", json!({"N": "2"})),
            ("size(b) = :v", json!({"N": "8"})),
            ("ss = :v", json!({"SS": ["y", "x"]})),
            ("l[0] IN (s, :v)", json!({"N": "4.00"})),
            ("size(s) = n AND n = :v", json!({"N": "5"})),
            ("size(wide) = :v", json!({"N": "5"})),
        ] {
            assert!(holds(text, values(value), on.clone()), "{text}");
        }
        for (text, value) in [
            ("size(n) = :v", json!({"N": "1"})),
            ("contains(s, :v)", json!({"N": "1"})),
            ("s < :v", json!({"N": "1"})),
            ("begins_with(n, :v)", json!({"S": "5"})),
            ("l < :v", json!({"N": "1"})),
        ] {
            assert!(!holds(text, values(value), on.clone()), "{text}");
        }
    }

    #[test]
    fn a_query_filter_names_no_key() {
        let mut bindings = Bindings::new(None, Some(json!({":v": {"S": "x"}})), Wording::Plain).unwrap();
        let schema = KeySchema::new(KeyAttribute::new("pk", Type::S), None);
        let parsed = Condition::parse(ConditionKind::Filter, "a = :v OR size(pk) > :v", &mut bindings).unwrap();
        assert_eq!(
            parsed.check_no_keys(&schema).unwrap_err().message,
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: pk"
        );
        let error = Condition::parse(ConditionKind::Filter, "((a = :v))", &mut bindings).unwrap_err();
        assert_eq!(error.message, "Invalid FilterExpression: The expression has redundant parentheses;");
    }
}
