//! Trees as text: parsing it again gives the same tree.

use std::fmt::{self, Display, Formatter};

use super::tree::{Action, Call, NewValue, Operand, Test};

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.fmt(f),
            Self::Literal(literal) => f.write_str(&literal.name),
            Self::Call(call) => call.fmt(f),
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.function.name())?;
        list(&self.operands, ", ", f)?;
        f.write_str(")")
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare(comparator, left, right) => write!(f, "{left} {} {right}", comparator.sign()),
            Self::Between(operand, low, high) => write!(f, "{operand} BETWEEN {low} AND {high}"),
            Self::In(operand, operands) => {
                write!(f, "{operand} IN (")?;
                list(operands, ", ", f)?;
                f.write_str(")")
            }
            Self::Call(call) => call.fmt(f),
            Self::And(tests) => joined(tests, " AND ", |test| matches!(test, Self::And(_) | Self::Or(_)), f),
            Self::Or(tests) => joined(tests, " OR ", |test| matches!(test, Self::Or(_)), f),
            Self::Not(test) => {
                f.write_str("NOT ")?;
                part(test, matches!(**test, Self::And(_) | Self::Or(_)), f)
            }
        }
    }
}

impl Display for NewValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operand(operand) => operand.fmt(f),
            Self::Plus(left, right) => write!(f, "{left} + {right}"),
            Self::Minus(left, right) => write!(f, "{left} - {right}"),
        }
    }
}

impl Display for Action {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(path, value) => write!(f, "{path} = {value}"),
            Self::Remove(path) => path.fmt(f),
            Self::Add(path, literal) | Self::Delete(path, literal) => write!(f, "{path} {}", literal.name),
        }
    }
}

/// The actions of an update, those of a section together.
pub(super) fn update(actions: &[Action], f: &mut Formatter<'_>) -> fmt::Result {
    for (at, section) in actions.chunk_by(|left, right| left.section() == right.section()).enumerate() {
        write!(f, "{}{} ", if at > 0 { " " } else { "" }, section[0].section())?;
        list(section, ", ", f)?;
    }
    Ok(())
}

/// Members with a separator between them.
pub(super) fn list<T: Display>(members: &[T], separator: &str, f: &mut Formatter<'_>) -> fmt::Result {
    for (at, member) in members.iter().enumerate() {
        write!(f, "{}{member}", if at > 0 { separator } else { "" })?;
    }
    Ok(())
}

fn joined(
    tests: &[Test],
    operator: &str,
    in_parentheses: impl Fn(&Test) -> bool,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    for (at, test) in tests.iter().enumerate() {
        f.write_str(if at > 0 { operator } else { "" })?;
        part(test, in_parentheses(test), f)?;
    }
    Ok(())
}

fn part(test: &Test, in_parentheses: bool, f: &mut Formatter<'_>) -> fmt::Result {
    if in_parentheses { write!(f, "({test})") } else { test.fmt(f) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use proptest::prelude::*;
    use serde_json::json;

    use super::super::bindings::Bindings;
    use super::super::condition::{Condition, ConditionKind};
    use super::super::key_condition::KeyCondition;
    use super::super::path::Path;
    use super::super::projection::Projection;
    use super::super::tree::{Comparator, Function, Literal};
    use super::super::update::Update;
    use super::*;
    use crate::emulator::dynamodb::value::Value;
    use crate::emulator::dynamodb::wording::Wording;

    fn bindings() -> Bindings {
        let names = json!({"#a": "alpha", "#b": "status"});
        Bindings::new(Some(names), Some(json!({":s": {"S": "x"}, ":n": {"N": "1"}})), Wording::Plain).unwrap()
    }

    /// A path that is no other path's start or end: `distinct` keeps two apart.
    fn path(distinct: &'static str) -> impl Strategy<Value = Operand> {
        let head = prop_oneof![Just("#a"), Just("#b"), Just("c")];
        (head, proptest::collection::vec(prop_oneof![Just("[0]"), Just(".d"), Just(".#b"), Just("[12]")], 0..3))
            .prop_map(move |(head, steps)| {
                let text = format!("{head}{}.{distinct}", steps.concat());
                let parsed = Projection::parse(&text, &mut bindings()).unwrap();
                Operand::Path(parsed.paths()[0].clone())
            })
    }

    fn literal() -> impl Strategy<Value = Operand> {
        prop_oneof![Just((":s", Value::S("x".into()))), Just((":n", Value::N(1.into())))]
            .prop_map(|(name, value)| Operand::Literal(Literal { name: name.into(), value: Arc::new(value) }))
    }

    fn operand(distinct: &'static str) -> impl Strategy<Value = Operand> {
        prop_oneof![
            path(distinct),
            literal(),
            path(distinct).prop_map(|path| Operand::Call(Call { function: Function::Size, operands: vec![path] })),
        ]
    }

    fn leaf() -> impl Strategy<Value = Test> {
        let comparator = proptest::sample::select(Comparator::ALL.to_vec());
        let exists = proptest::sample::select(vec![Function::AttributeExists, Function::AttributeNotExists]);
        prop_oneof![
            (comparator, operand("x"), operand("y")).prop_map(|(sign, left, right)| Test::Compare(sign, left, right)),
            (operand("x"), path("y"), literal()).prop_map(|(operand, low, high)| Test::Between(operand, low, high)),
            (operand("x"), proptest::collection::vec(operand("y"), 1..4)).prop_map(|(left, list)| Test::In(left, list)),
            (exists, path("x")).prop_map(|(function, path)| Test::Call(Call { function, operands: vec![path] })),
            (path("x"), operand("y")).prop_map(|(left, right)| Test::Call(Call {
                function: Function::Contains,
                operands: vec![left, right]
            })),
        ]
    }

    fn test() -> impl Strategy<Value = Test> {
        leaf().prop_recursive(5, 24, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 2..4).prop_map(Test::And),
                proptest::collection::vec(inner.clone(), 2..4).prop_map(Test::Or),
                inner.prop_map(|test| Test::Not(Box::new(test))),
            ]
        })
    }

    fn new_value() -> impl Strategy<Value = NewValue> {
        let number = || Just(Operand::Literal(Literal { name: ":n".into(), value: Arc::new(Value::N(1.into())) }));
        let operand = prop_oneof![path("y"), literal()];
        let default = (path("x"), prop_oneof![path("y"), literal()])
            .prop_map(|(path, value)| {
                Operand::Call(Call { function: Function::IfNotExists, operands: vec![path, value] })
            })
            .boxed();
        prop_oneof![
            operand.prop_map(NewValue::Operand),
            default.clone().prop_map(NewValue::Operand),
            (default, number()).prop_map(|(left, right)| NewValue::Plus(left, right)),
            (number(), path("x")).prop_map(|(left, right)| NewValue::Minus(left, right)),
        ]
    }

    /// Actions on different attributes, section by section.
    fn actions() -> impl Strategy<Value = Vec<Action>> {
        let count = || 0_usize..4;
        let number = Literal { name: ":n".into(), value: Arc::new(Value::N(1.into())) };
        (proptest::collection::vec(new_value(), count()), count(), count()).prop_map(move |(sets, removes, adds)| {
            let sets =
                sets.into_iter().enumerate().map(|(at, value)| Action::Set(Path::attribute(format!("q{at}")), value));
            let removes = (0..removes).map(|at| Action::Remove(Path::attribute(format!("r{at}"))));
            let adds = (0..adds).map(|at| Action::Add(Path::attribute(format!("t{at}")), number.clone()));
            sets.chain(removes).chain(adds).collect()
        })
    }

    proptest! {
        #[test]
        fn a_printed_condition_parses_to_the_same_tree(test in test()) {
            let condition = Condition::from_test(Some(test), "Filter Expression");
            let text = condition.to_string();
            prop_assume!(text.len() <= 4096);
            let again = Condition::parse(ConditionKind::Filter, &text, &mut bindings());
            prop_assert_eq!(again, Ok(condition), "{}", text);
        }

        #[test]
        fn a_printed_update_parses_to_the_same_tree(actions in actions().prop_filter("not empty", |list| !list.is_empty())) {
            struct Printed<'a>(&'a [Action]);
            impl Display for Printed<'_> {
                fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                    update(self.0, f)
                }
            }
            let text = Printed(&actions).to_string();
            let again = Update::parse(&text, &mut bindings()).map(|update| update.to_string());
            prop_assert_eq!(again, Ok(text));
        }

        #[test]
        fn no_text_panics(text in "([ ().,:#\\[\\]<>=+-]|[a-c0-9_é]|AND |OR |NOT |IN |BETWEEN |SET |REMOVE |ADD |DELETE |size|:s|#a|begins_with|list_append){0,60}") {
            let _ = Condition::parse(ConditionKind::Condition, &text, &mut bindings());
            let _ = KeyCondition::parse(&text, &mut bindings());
            let _ = Projection::parse(&text, &mut bindings());
            let _ = Update::parse(&text, &mut bindings());
        }
    }

    /// On the small stack of a thread that serves requests.
    #[test]
    fn deep_nesting_exhausts_no_stack() {
        let hostile = [
            "(".repeat(4096),
            format!("{}a = :s{}", "(".repeat(2000), ")".repeat(2000)),
            format!("{}a = :s", "NOT ".repeat(1000)),
            "size(".repeat(800),
            "a = (".repeat(800),
            format!("SET a = {}", "(".repeat(4000)),
            format!("SET a = {}", "if_not_exists(a,".repeat(200)),
            format!("a{}", "[0]".repeat(1300)),
            format!("a{} = :s", ".a".repeat(2000)),
            format!("{}a = :s{}", "(a = :s AND ".repeat(290), ")".repeat(290)),
        ];
        let thread = std::thread::Builder::new().stack_size(512 * 1024).spawn(move || {
            for text in &hostile {
                let _ = Condition::parse(ConditionKind::Condition, text, &mut bindings());
                let _ = KeyCondition::parse(text, &mut bindings());
                let _ = Projection::parse(text, &mut bindings());
                let _ = Update::parse(text, &mut bindings());
            }
            let nots = format!("{}a = :s", "NOT ".repeat(299));
            Condition::parse(ConditionKind::Filter, &nots, &mut bindings()).unwrap().matches(&BTreeMap::default())
        });
        assert!(thread.unwrap().join().unwrap());
    }
}
