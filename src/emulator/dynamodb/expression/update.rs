//! Updates.

use std::fmt;

use super::apply::apply;
use super::bindings::Bindings;
use super::parser::{ExpressionKind, Parser, parse};
use super::path::Path;
use super::print;
use super::tree::{Action, Function, NewValue, Operand};
use crate::emulator::dynamodb::key::KeySchema;
use crate::emulator::dynamodb::value::{Item, Type, Value};
use crate::emulator::error::AwsError;

/// A parsed UpdateExpression (or AttributeUpdates). Prints as an expression that parses to the same update.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    pub(super) actions: Vec<Action>,
    /// Whether it was AttributeUpdates.
    pub(super) legacy: bool,
}

/// What an update makes of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Updated {
    /// The new item.
    pub item: Item,
    /// The paths that the update names: `project(&old, &touched)` is UPDATED_OLD, `project(&new, &touched)` UPDATED_NEW.
    /// So a list element that was appended beyond its index is not in UPDATED_NEW, as on AWS.
    pub touched: Vec<Path>,
}

impl Update {
    /// Parses and checks `text`.
    pub fn parse(text: &str, bindings: &mut Bindings) -> Result<Self, AwsError> {
        let actions = parse(ExpressionKind::Update, text, bindings, Parser::update)?;
        Ok(Self { actions, legacy: false })
    }

    /// An update made of AttributeUpdates.
    pub(super) fn from_legacy(actions: Vec<Action>) -> Self {
        Self { actions, legacy: true }
    }

    /// Refuses an update of key attributes.
    pub fn check_keys(&self, schema: &KeySchema) -> Result<(), AwsError> {
        match self.actions.iter().map(|action| action.path().root()).find(|root| schema.contains(root)) {
            None => Ok(()),
            Some(root) => Err(AwsError::validation(format!(
                "One or more parameter values were invalid: Cannot update attribute {root}. This attribute is part of the \
                 key"
            ))),
        }
    }

    /// The type that the update gives to an attribute, where the expression alone shows it.
    #[must_use]
    pub fn writes(&self, attribute: &str) -> Option<Type> {
        let action = self.actions.iter().find(|action| action.path().is_attribute(attribute))?;
        match action {
            Action::Set(_, NewValue::Operand(operand)) => operand_type(operand),
            Action::Set(_, NewValue::Plus(..) | NewValue::Minus(..)) => Some(Type::N),
            Action::Add(_, literal) => Some(literal.value.kind()),
            Action::Remove(_) | Action::Delete(..) => None,
        }
    }

    /// The value that the update gives to an attribute, where it stands in the request.
    #[must_use]
    pub fn sets(&self, attribute: &str) -> Option<&Value> {
        self.actions.iter().find_map(|action| match action {
            Action::Set(path, NewValue::Operand(Operand::Literal(literal))) if path.is_attribute(attribute) => {
                Some(literal.value.as_ref())
            }
            _ => None,
        })
    }

    /// Whether the update makes an item where there is none: one that only removes or deletes leaves nothing behind, and
    /// is then not to be applied at all.
    #[must_use]
    pub fn creates(&self) -> bool {
        self.actions.is_empty() || self.actions.iter().any(|action| matches!(action, Action::Set(..) | Action::Add(..)))
    }

    /// Applies the update to `old` (for a missing item: its key attributes alone).
    pub fn apply(&self, old: &Item) -> Result<Updated, AwsError> {
        let item = apply(&self.actions, old, self.legacy).map_err(AwsError::validation)?;
        Ok(Updated { item, touched: self.actions.iter().map(|action| action.path().clone()).collect() })
    }
}

/// The type of an operand of `SET`, where it does not depend on the item.
fn operand_type(operand: &Operand) -> Option<Type> {
    match operand {
        Operand::Path(_) => None,
        Operand::Literal(literal) => Some(literal.value.kind()),
        Operand::Call(call) if call.function == Function::ListAppend => Some(Type::L),
        Operand::Call(call) => call.operands.last().and_then(operand_type),
    }
}

impl fmt::Display for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::update(&self.actions, f)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::project;
    use super::*;
    use crate::emulator::dynamodb::key::KeyAttribute;
    use crate::emulator::dynamodb::value::item_to_json;
    use crate::emulator::dynamodb::value::tests::item;
    use crate::emulator::dynamodb::wording::Wording;

    fn parsed(text: &str, values: Json) -> Result<Update, AwsError> {
        let values = Some(values).filter(|values| values != &json!({}));
        let mut bindings = Bindings::new(Some(json!({"#q": "a"})), values, Wording::Counted).unwrap();
        Update::parse(text, &mut bindings)
    }

    fn refusal(text: &str, values: Json) -> String {
        let message = parsed(text, values).unwrap_err().message;
        message.strip_prefix("1 validation error detected: Invalid UpdateExpression: ").unwrap().to_owned()
    }

    fn after(text: &str, values: Json, old: Json) -> Json {
        item_to_json(&parsed(text, values).unwrap().apply(&item(old)).unwrap().item)
    }

    fn failure(text: &str, values: Json, old: Json) -> String {
        parsed(text, values).unwrap().apply(&item(old)).unwrap_err().message
    }

    /// Recorded in us-east-1, 2026-09-20.
    #[test]
    fn recorded_faults_have_the_recorded_words() {
        for (text, sentence) in [
            ("INVALID SYNTAX HERE", r#"Syntax error; token: "INVALID", near: "INVALID SYNTAX""#),
            ("SET a = :v", "An expression attribute value used in expression is not defined; attribute value: :v"),
            ("", "The expression can not be empty;"),
        ] {
            assert_eq!(refusal(text, json!({":x": {"S": "x"}})), sentence);
        }
        let schema = KeySchema::new(KeyAttribute::new("pk", Type::S), Some(KeyAttribute::new("sk", Type::S)));
        for key in ["pk", "sk"] {
            let update = parsed(&format!("SET a = :v, {key} = :v"), json!({":v": {"S": "x"}})).unwrap();
            assert_eq!(
                update.check_keys(&schema).unwrap_err().message,
                format!(
                    "One or more parameter values were invalid: Cannot update attribute {key}. This attribute is part of the \
                     key"
                )
            );
        }
    }

    #[test]
    fn faults_are_found_before_the_item_is_read() {
        let values = json!({":n": {"N": "1"}, ":s": {"S": "x"}, ":l": {"L": []}});
        for (text, sentence) in [
            ("ADD hits : incr", r#"Syntax error; token: ":", near: "hits : incr""#),
            ("SET _123 = :n", r#"Syntax error; token: "_", near: "SET _123""#),
            ("SET a = :n, ", r#"Syntax error; token: "<EOF>", near: ",""#),
            ("SET a = :n + :n + :n", r#"Syntax error; token: "+", near: ":n + :n""#),
            ("SET a = if_not_exists(a, :n+:n)", r#"Syntax error; token: "+", near: ":n+:n""#),
            ("SET a = :n SET b = :n", "The \"SET\" section can only be used once in an update expression;"),
            ("SET size = :n", "Attribute name is a reserved keyword; reserved keyword: size"),
            ("SET a = f(b)", "Invalid function name; function: f"),
            ("SET a = contains(b, :s)", "The function is not allowed in an update expression; function: contains"),
            (
                "SET a = list_append(list_append(:l, :l), :l)",
                "The function is not allowed to be used this way in an expression; function: list_append",
            ),
            (
                "SET a = list_append(:l)",
                "Incorrect number of operands for operator or function; operator or function: list_append, number of \
                 operands: 1",
            ),
            (
                "SET a = list_append(:l, :s)",
                "Incorrect operand type for operator or function; operator or function: list_append, operand type: S",
            ),
            (
                "SET a = :s + :n",
                "Incorrect operand type for operator or function; operator or function: +, operand type: S",
            ),
            (
                "SET a = if_not_exists(:n, :n)",
                "Operator or function requires a document path; operator or function: if_not_exists",
            ),
            (
                "ADD a :s",
                "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
            ),
            (
                "DELETE a :n",
                "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_ADD_OPERAND",
            ),
            (
                "SET a = :n REMOVE #q",
                "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path \
                 two: [a]",
            ),
            (
                "SET a.b.c = :n, a.b[2] = :n",
                "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: \
                 [a, b, c], path two: [a, b, [2]]",
            ),
        ] {
            assert_eq!(refusal(text, values.clone()), sentence, "{text}");
        }
    }

    #[test]
    fn every_value_is_read_before_anything_is_written() {
        let old = json!({"a": {"N": "1"}, "b": {"N": "2"}});
        assert_eq!(after("SET a = b, b = a", json!({}), old.clone()), json!({"a": {"N": "2"}, "b": {"N": "1"}}));
        assert_eq!(after("REMOVE a SET c = a", json!({}), old.clone()), json!({"b": {"N": "2"}, "c": {"N": "1"}}));
        assert_eq!(
            failure("SET x = :v, y = x", json!({":v": {"N": "1"}}), old.clone()),
            "The provided expression refers to an attribute that does not exist in the item"
        );
        assert_eq!(
            after("set c = (a - :v), d = if_not_exists(q, :v)+b", json!({":v": {"N": "0.5"}}), old),
            json!({"a": {"N": "1"}, "b": {"N": "2"}, "c": {"N": "0.5"}, "d": {"N": "2.5"}})
        );
    }

    #[test]
    fn lists_keep_their_old_indexes_during_an_update() {
        let list =
            |texts: &[&str]| json!({"l": {"L": texts.iter().map(|text| json!({"S": text})).collect::<Vec<_>>()}});
        let values = json!({":v": {"S": "v"}, ":w": {"S": "w"}});
        let old = || list(&["2", "3", "4", "5", "6", "7"]);
        assert_eq!(after("REMOVE l[1] SET l[3] = :v", values.clone(), old()), list(&["2", "4", "v", "6", "7"]));
        assert_eq!(after("SET l[3] = :v REMOVE l[1]", values.clone(), old()), list(&["2", "4", "v", "6", "7"]));
        assert_eq!(after("REMOVE l[0], l[2], l[1], l[9]", json!({}), old()), list(&["5", "6", "7"]));
        assert_eq!(after("SET l[84] = :v, l[37] = :w", values, list(&["1"])), list(&["1", "w", "v"]));
        assert_eq!(after("REMOVE l[0]", json!({}), list(&["1"])), list(&[]));
    }

    #[test]
    fn add_and_delete_change_numbers_and_sets() {
        let old = json!({"n": {"N": "3"}, "s": {"SS": ["", "a"]}, "t": {"S": "x"}});
        let n = json!({":n": {"N": "4"}});
        assert_eq!(after("ADD n :n, m :n", n.clone(), old.clone())["n"], json!({"N": "7"}));
        assert_eq!(after("ADD n :n, m :n", n.clone(), old.clone())["m"], json!({"N": "4"}));
        // Recorded in us-east-1, 2026-09-20.
        let empty = json!({":s": {"SS": [""]}});
        assert_eq!(after("ADD s :s", empty.clone(), json!({"s": {"SS": ["a"]}})), json!({"s": {"SS": ["", "a"]}}));
        assert_eq!(after("DELETE s :s", empty.clone(), old.clone())["s"], json!({"SS": ["a"]}));
        assert_eq!(after("DELETE s :s", empty.clone(), json!({"s": {"SS": [""]}})), json!({}));
        assert_eq!(after("DELETE q :s", empty.clone(), json!({})), json!({}));
        for (text, values) in [("ADD t :n", n), ("DELETE n :s", empty), ("SET x = t + n", json!({}))] {
            let message = failure(text, values, old.clone());
            assert_eq!(message, "An operand in the update expression has an incorrect data type", "{text}");
        }
        assert_eq!(
            failure("ADD n :v", json!({":v": {"N": "1e50"}}), old),
            "Number overflow. Attempting to store a number with magnitude larger than supported range"
        );
    }

    #[test]
    fn a_path_to_nowhere_is_invalid() {
        let old = || json!({"a": {"S": "hello"}, "b": {"L": [{"S": "hi"}]}, "m": {"M": {"x": {"N": "3"}}}});
        let v = json!({":v": {"N": "1"}});
        for text in ["SET a.c = :v", "SET b.c = :v", "SET c.c = :v", "SET a[0] = :v", "SET c[0] = :v", "ADD c.d :v"] {
            assert_eq!(
                failure(text, v.clone(), old()),
                "The document path provided in the update expression is invalid for update",
                "{text}"
            );
        }
        for text in ["REMOVE a.c", "REMOVE b.c", "REMOVE c.c", "REMOVE a[0]"] {
            assert!(failure(text, json!({}), old()).contains("invalid for update"), "{text}");
        }
        assert_eq!(after("REMOVE m.y, b[7], c", json!({}), old()), old());
        assert!(!parsed("REMOVE c.c", json!({})).unwrap().creates());
        assert!(parsed("SET c = :v", v).unwrap().creates());
    }

    #[test]
    fn touched_paths_give_updated_old_and_new() {
        let old = item(
            json!({"p": {"S": "k"}, "a": {"M": {"b": {"S": "dog"}, "c": {"L": [{"N": "1"}, {"N": "2"}, {"N": "3"}]}}}}),
        );
        let values = |json: Json| json!({":v": json});
        let both = |text: &str, value: Json| {
            let updated = parsed(text, values(value)).unwrap().apply(&old).unwrap();
            (item_to_json(&project(&old, &updated.touched)), item_to_json(&project(&updated.item, &updated.touched)))
        };
        assert_eq!(
            both("SET a.b = :v", json!({"S": "yo"})),
            (json!({"a": {"M": {"b": {"S": "dog"}}}}), json!({"a": {"M": {"b": {"S": "yo"}}}}))
        );
        assert_eq!(
            both("SET a.c[1] = :v", json!({"N": "7"})),
            (json!({"a": {"M": {"c": {"L": [{"N": "2"}]}}}}), json!({"a": {"M": {"c": {"L": [{"N": "7"}]}}}}))
        );
        assert_eq!(both("SET a.c[100] = :v", json!({"N": "7"})), (json!({}), json!({})));
        assert_eq!(
            both("REMOVE a.c[1] SET x = :v", json!({"N": "7"})).1,
            json!({"a": {"M": {"c": {"L": [{"N": "3"}]}}}, "x": {"N": "7"}})
        );
    }

    #[test]
    fn a_written_value_may_not_nest_too_deeply() {
        let deep = |levels| (0..levels).fold(json!({"S": "x"}), |inner, _| json!({"L": [inner]}));
        let mut bindings =
            Bindings::for_transaction(None, Some(json!({":v": deep(31), ":d": deep(32)})), Wording::Plain).unwrap();
        let old = item(json!({"m": {"M": {}}}));
        let mut apply = |text: &str| Update::parse(text, &mut bindings).unwrap().apply(&old);
        assert!(apply("SET a = :v").is_ok());
        for text in ["SET a = :d", "SET m.a = :v"] {
            assert!(apply(text).unwrap_err().message.starts_with("Nesting Levels have exceeded"), "{text}");
        }
    }
}
