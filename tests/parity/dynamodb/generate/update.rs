//! Update expressions.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::expression::{self, Path, Pool, Step, path};
use super::value::{number, typed, value};

/// One action of an update.
#[derive(Debug, Clone)]
pub enum Action {
    Set(Path, Source),
    Remove(Path),
    Add(Path, Json),
    Delete(Path, Json),
}

/// What an attribute is set to.
#[derive(Debug, Clone)]
pub enum Source {
    Value(Json),
    Of(Path),
    Sum(Path, &'static str, Json),
    IfNotExists(Path, Json),
    Append(Path, Json, bool),
}

impl Source {
    fn text(&self, pool: &mut Pool) -> String {
        match self {
            Self::Value(value) => pool.value(value),
            Self::Of(path) => path.text(pool),
            Self::Sum(path, how, value) => format!("{} {how} {}", path.text(pool), pool.value(value)),
            Self::IfNotExists(path, value) => format!("if_not_exists({}, {})", path.text(pool), pool.value(value)),
            Self::Append(path, list, true) => format!("list_append({}, {})", path.text(pool), pool.value(list)),
            Self::Append(path, list, false) => format!("list_append({}, {})", pool.value(list), path.text(pool)),
        }
    }
}

/// The actions, each kind in its clause.
pub fn text(actions: &[Action], pool: &mut Pool) -> String {
    let mut clauses = Vec::new();
    for clause in ["SET", "REMOVE", "ADD", "DELETE"] {
        let of: Vec<String> = actions
            .iter()
            .filter_map(|action| match (clause, action) {
                ("SET", Action::Set(path, source)) => Some(format!("{} = {}", path.text(pool), source.text(pool))),
                ("REMOVE", Action::Remove(path)) => Some(path.text(pool)),
                ("ADD", Action::Add(path, value)) | ("DELETE", Action::Delete(path, value)) => {
                    Some(format!("{} {}", path.text(pool), pool.value(value)))
                }
                _ => None,
            })
            .collect();
        if !of.is_empty() {
            clauses.push(format!("{clause} {}", of.join(", ")));
        }
    }
    clauses.join(" ")
}

/// A path that is mostly no key, so that updates mostly succeed.
fn place() -> impl Strategy<Value = Path> {
    let plain = select(&["v", "w", "size", "list", "map", "set", "näme"][..]);
    prop_oneof![4 => plain.prop_map(|name| Path(vec![Step::Name(name)])), 1 => path()]
}

/// An action that what is there mostly allows.
fn fitting() -> impl Strategy<Value = Action> {
    let named = |name: &'static str| Path(vec![Step::Name(name)]);
    let number = || typed("N");
    let set = |as_it_is: bool| {
        expression::place().prop_flat_map(|(path, kind)| (Just(path), typed(kind))).prop_map(move |(path, value)| {
            let value = if as_it_is { Source::Value(value) } else { Source::IfNotExists(path.clone(), value) };
            Action::Set(path, value)
        })
    };
    let counters = || {
        let within = Path(vec![Step::Name("map"), Step::Name("a")]);
        prop_oneof![2 => Just(named("w")), 1 => Just(within)]
    };
    let sum = (counters(), select(&["+", "-"][..]), number())
        .prop_map(|(path, how, value)| Action::Set(path.clone(), Source::Sum(path, how, value)));
    let append = (typed("L"), any::<bool>())
        .prop_map(move |(list, after)| Action::Set(named("list"), Source::Append(named("list"), list, after)));
    let element = (0..4_usize).prop_map(|at| Path(vec![Step::Name("list"), Step::At(at)]));
    prop_oneof![
        4 => set(true),
        2 => set(false),
        2 => sum,
        2 => append,
        2 => element.prop_map(Action::Remove),
        1 => expression::place().prop_map(|(path, _)| Action::Remove(path)),
        1 => (counters(), number()).prop_map(|(path, value)| Action::Add(path, value)),
        2 => typed("NS").prop_map(move |members| Action::Add(named("set"), members)),
        2 => typed("NS").prop_map(move |members| Action::Delete(named("set"), members)),
        1 => typed("SS").prop_map(move |members| Action::Add(named("words"), members)),
        1 => typed("SS").prop_map(move |members| Action::Delete(named("words"), members)),
    ]
}

pub fn actions() -> BoxedStrategy<Vec<Action>> {
    let amount = || number().prop_map(|number| json!({"N": number}));
    let list = || prop::collection::vec(value(), 0..3).prop_map(|values| json!({"L": values}));
    let set = || prop::sample::subsequence(&["1", "2", "3"][..], 1..=2).prop_map(|numbers| json!({"NS": numbers}));
    let source = prop_oneof![
        5 => value().prop_map(Source::Value),
        1 => list().prop_map(Source::Value),
        1 => path().prop_map(Source::Of),
        3 => (place(), select(&["+", "-"][..]), amount()).prop_map(|(path, how, value)| Source::Sum(path, how, value)),
        2 => (place(), value()).prop_map(|(path, value)| Source::IfNotExists(path, value)),
        2 => (Just(Path(vec![Step::Name("list")])), list(), any::<bool>())
            .prop_map(|(path, list, after)| Source::Append(path, list, after)),
    ];
    let action = prop_oneof![
        6 => (place(), source).prop_map(|(path, source)| Action::Set(path, source)),
        2 => place().prop_map(Action::Remove),
        3 => (place(), prop_oneof![amount().boxed(), set().boxed(), value()]).prop_map(|(path, value)| Action::Add(path, value)),
        1 => (place(), prop_oneof![3 => set().boxed(), 1 => value()]).prop_map(|(path, value)| Action::Delete(path, value)),
        40 => fitting(),
    ]
    .boxed();
    // Engines make an item of an update that only removes, and AWS does not (accepted.toml shows it): histories part there.
    let only_removes = |action: &Action| matches!(action, Action::Remove(_) | Action::Delete(..));
    // Mostly one: each of several may fail.
    let more = |weight| prop::option::weighted(weight, action.clone());
    (action.clone(), more(0.4), more(0.2))
        .prop_map(move |(first, second, third)| {
            let mut actions: Vec<_> = std::iter::once(first).chain(second).chain(third).collect();
            if actions.iter().all(only_removes) {
                actions.push(Action::Set(Path(vec![Step::Name("näme")]), Source::Value(json!({"S": "a"}))));
            }
            actions
        })
        .boxed()
}
