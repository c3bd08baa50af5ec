//! What UpdateItem charges an update expression for, whatever the item is: the statement itself is held to 400 KB too, and
//! before the condition is looked at. So an item that PutItem stores may be out of UpdateItem's reach (recorded 2026-10-07;
//! not so for a transacted update), and one that an update leaves as large as it was is not.
//!
//! The statement is counted as it stands: each action, the path that it changes, and what it computes the value from. The
//! figures are those that fit what others measured at AWS's own limit: 22 bytes beside the attribute for one `SET`, 19 more
//! for each further one or `ADD`, a byte more through a list index than for the list itself, 50 more for a sum, and 2 for a
//! `REMOVE` of a short name. The sum's are a path and an operator; how they share them was not measured.

use super::Update;
use super::path::{Path, Segment};
use super::tree::{Action, NewValue, Operand};
use crate::emulator::dynamodb::item::MAX_ITEM_SIZE;
use crate::emulator::error::AwsError;

const STATEMENT: usize = 3;
/// An action that gives a value.
const ACTION: usize = 18;
/// A step of a path, beside its name.
const STEP: usize = 1;
/// A step's index.
const INDEX: usize = 4;
/// A path that a value is taken from.
const SOURCE: usize = 24;
/// An operator or a function.
const OPERATOR: usize = 24;
/// What is subtracted is added with its sign turned, and a sign is a byte.
const SIGN: usize = 1;

impl Update {
    /// Refuses an update expression that is too large itself. AttributeUpdates are not charged.
    pub fn check_charge(&self) -> Result<(), AwsError> {
        if !self.legacy && charge(&self.actions) > MAX_ITEM_SIZE {
            return Err(AwsError::validation("Item size to update has exceeded the maximum allowed size"));
        }
        Ok(())
    }
}

fn charge(actions: &[Action]) -> usize {
    let of = |action: &Action| match action {
        Action::Set(to, value) => ACTION + path(to) + new_value(value),
        Action::Add(to, literal) => ACTION + path(to) + literal.value.size(),
        Action::Delete(from, literal) => path(from) + literal.value.size(),
        Action::Remove(from) => path(from),
    };
    STATEMENT + actions.iter().map(of).sum::<usize>()
}

fn new_value(value: &NewValue) -> usize {
    match value {
        NewValue::Operand(of) => operand(of),
        NewValue::Plus(left, right) => OPERATOR + operand(left) + operand(right),
        NewValue::Minus(left, right) => OPERATOR + SIGN + operand(left) + operand(right),
    }
}

fn operand(of: &Operand) -> usize {
    match of {
        Operand::Path(from) => SOURCE + path(from),
        Operand::Literal(literal) => literal.value.size(),
        Operand::Call(call) => OPERATOR + call.operands.iter().map(operand).sum::<usize>(),
    }
}

fn path(path: &Path) -> usize {
    let step = |segment: &Segment| match segment {
        Segment::Name(name) => STEP + name.len(),
        Segment::Index(_) => STEP + INDEX,
    };
    path.segments().iter().map(step).sum()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::Bindings;
    use super::*;
    use crate::emulator::dynamodb::wording::Wording;

    fn charged(text: &str) -> usize {
        let values: Json = [(":v", json!({"S": "x"})), (":n", json!({"N": "1"})), (":d", json!({"L": [{"S": "x"}]}))]
            .into_iter()
            .filter(|(name, _)| text.contains(name))
            .map(|(name, value)| (name.to_owned(), value))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let values = Some(values).filter(|values| values != &json!({}));
        let mut bindings = Bindings::new(None, values, Wording::Counted).unwrap();
        charge(&Update::parse(text, &mut bindings).unwrap().actions)
    }

    /// The attributes that are written count 2 (`b`), 3 (`n`) and 6 (`d`, a list of one).
    #[test]
    fn the_figures_are_those_that_were_measured() {
        for (text, cost) in [
            ("SET b = :v", 22 + 2),
            ("SET b = :v REMOVE r", 24 + 2),
            ("SET b = :v ADD n :n", 41 + 2 + 3),
            ("SET d = :d", 22 + 6),
            ("SET d[0] = :v", 22 + 6 + 1),
            ("SET b = :v, n = n + :n", 91 + 2 + 3),
            ("REMOVE r", 5),
        ] {
            assert_eq!(charged(text), cost, "{text}");
        }
    }

    #[test]
    fn what_a_value_is_computed_from_is_charged_and_not_what_it_comes_to() {
        let plain = charged("SET b = :v");
        assert!(charged("SET b = a") > plain);
        assert!(charged("SET b = m.x.y") > charged("SET b = m.x"));
        assert!(charged("SET b = if_not_exists(b, :v)") > plain);
        assert!(charged("SET n = n - :n") > charged("SET n = n + :n"));
        assert_eq!(charged("SET d = list_append(d, :d)"), charged("SET d = list_append(:d, d)"));
        assert_eq!(charged("SET d = list_append(:d, :d)"), charged("SET d = :d") + OPERATOR + 5);
        assert_eq!(charged("REMOVE longer"), charged("REMOVE r") + 5);
        assert_eq!(charged("REMOVE l[7]"), charged("REMOVE r") + 5);
    }
}
