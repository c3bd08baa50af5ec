//! Conditions, filters and projections, nested and wrong.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};

use super::value::{ATTRIBUTES, name, scalar, typed, value};

/// Names and values that an expression uses, as its request has them.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    names: Map<String, Json>,
    values: Map<String, Json>,
}

impl Pool {
    /// A placeholder for a name; one for each name.
    pub fn name(&mut self, name: &str) -> String {
        let known = self.names.iter().find(|(_, known)| *known == name).map(|(alias, _)| alias.clone());
        known.unwrap_or_else(|| {
            let alias = format!("#n{}", self.names.len());
            self.names.insert(alias.clone(), name.into());
            alias
        })
    }

    /// A placeholder for a value; one for each value.
    pub fn value(&mut self, value: &Json) -> String {
        let known = self.values.iter().find(|(_, known)| *known == value).map(|(alias, _)| alias.clone());
        known.unwrap_or_else(|| {
            let alias = format!(":v{}", self.values.len());
            self.values.insert(alias.clone(), value.clone());
            alias
        })
    }

    /// Puts the names and values into a request.
    pub fn put_into(self, input: &mut Json) {
        for (member, all) in [("ExpressionAttributeNames", self.names), ("ExpressionAttributeValues", self.values)] {
            if !all.is_empty() {
                input[member] = all.into();
            }
        }
    }

    /// Makes it wrong, in one of a few ways.
    pub fn spoil(&mut self, how: Spoil, text: &mut String) {
        match how {
            Spoil::UnusedName => drop(self.names.insert("#unused".to_owned(), "x".into())),
            Spoil::UnusedValue => drop(self.values.insert(":unused".to_owned(), json!({"S": "x"}))),
            Spoil::MissingName => drop(self.names.shift_remove("#n0")),
            Spoil::MissingValue => drop(self.values.shift_remove(":v0")),
            Spoil::After(more) => text.push_str(more),
            Spoil::Around => *text = format!("(({text}))"),
            Spoil::Instead(other) => (*text).clone_from(&other.to_owned()),
        }
    }
}

/// What makes an expression wrong.
#[derive(Debug, Clone, Copy)]
pub enum Spoil {
    UnusedName,
    UnusedValue,
    MissingName,
    MissingValue,
    After(&'static str),
    Around,
    Instead(&'static str),
}

pub fn spoil() -> impl Strategy<Value = Option<Spoil>> {
    let how = prop_oneof![
        Just(Spoil::UnusedName),
        Just(Spoil::UnusedValue),
        Just(Spoil::MissingName),
        Just(Spoil::MissingValue),
        select(&[" AND", ")", " OR", " ,", " #", " v v", " = = v"][..]).prop_map(Spoil::After),
        Just(Spoil::Around),
        select(&["", " ", "size = v", "v", "NOT", "v = w AND", "a..b = v", "1 = 1", "v[x] = w", "unknown(v)"][..])
            .prop_map(Spoil::Instead),
    ];
    prop::option::weighted(0.05, how)
}

/// A place in an item.
#[derive(Debug, Clone)]
pub struct Path(pub Vec<Step>);

#[derive(Debug, Clone)]
pub enum Step {
    Name(&'static str),
    At(usize),
}

impl Path {
    pub fn text(&self, pool: &mut Pool) -> String {
        let mut text = String::new();
        for step in &self.0 {
            match step {
                Step::Name(name) if text.is_empty() => text = pool.name(name),
                Step::Name(name) => text = format!("{text}.{}", pool.name(name)),
                Step::At(at) => text = format!("{text}[{at}]"),
            }
        }
        text
    }
}

/// A path: mostly an attribute, now and then within one.
pub fn path() -> impl Strategy<Value = Path> {
    let keys = select(&["pk", "sk", "g", "r"][..]);
    let top = || prop_oneof![5 => name(), 1 => keys.clone()];
    let step = prop_oneof![select(&["a", "b", "size"][..]).prop_map(Step::Name), (0..3_usize).prop_map(Step::At)];
    let deep = select(&["map", "list", "v"][..]);
    prop_oneof![
        4 => top().prop_map(|name| Path(vec![Step::Name(name)])),
        2 => (deep, prop::collection::vec(step, 1..3))
            .prop_map(|(name, steps)| Path(std::iter::once(Step::Name(name)).chain(steps).collect())),
    ]
}

/// A place in an item, and the type that is mostly there.
pub fn place() -> impl Strategy<Value = (Path, &'static str)> {
    let top = ATTRIBUTES.iter().filter_map(|(name, kind)| Some((vec![Step::Name(name)], (*kind)?)));
    let within = [
        (vec![Step::Name("map"), Step::Name("a")], "N"),
        (vec![Step::Name("map"), Step::Name("b")], "S"),
        (vec![Step::Name("list"), Step::At(0)], "N"),
        (vec![Step::Name("list"), Step::At(1)], "N"),
    ];
    select(top.chain(within).collect::<Vec<_>>()).prop_map(|(steps, kind)| (Path(steps), kind))
}

#[derive(Debug, Clone)]
pub enum Operand {
    At(Path),
    Value(Json),
    Size(Path),
}

impl Operand {
    fn text(&self, pool: &mut Pool) -> String {
        match self {
            Self::At(path) => path.text(pool),
            Self::Value(value) => pool.value(value),
            Self::Size(path) => format!("size({})", path.text(pool)),
        }
    }
}

fn operand() -> impl Strategy<Value = Operand> {
    prop_oneof![
        5 => path().prop_map(Operand::At),
        4 => scalar().prop_map(Operand::Value),
        1 => value().prop_map(Operand::Value),
        1 => path().prop_map(Operand::Size),
    ]
}

/// The second operand of a function.
fn argument() -> impl Strategy<Value = Operand> {
    prop_oneof![
        8 => select(&["", "a", "ab", "1"][..]).prop_map(|text| Operand::Value(json!({"S": text}))),
        1 => operand(),
    ]
}

/// A condition.
#[derive(Debug, Clone)]
pub enum Condition {
    Compare(Operand, &'static str, Operand),
    Between(Operand, Operand, Operand),
    In(Operand, Vec<Operand>),
    Exists(Path, bool),
    Type(Path, &'static str),
    Begins(Path, Operand),
    Contains(Path, Operand),
    Not(Box<Condition>),
    Both(Box<Condition>, &'static str, Box<Condition>),
}

impl Condition {
    pub fn text(&self, pool: &mut Pool) -> String {
        match self {
            Self::Compare(left, how, right) => format!("{} {how} {}", left.text(pool), right.text(pool)),
            Self::Between(one, low, high) => {
                format!("{} BETWEEN {} AND {}", one.text(pool), low.text(pool), high.text(pool))
            }
            Self::In(one, list) => {
                let one = one.text(pool);
                let list: Vec<String> = list.iter().map(|other| other.text(pool)).collect();
                format!("{one} IN ({})", list.join(", "))
            }
            Self::Exists(path, true) => format!("attribute_exists({})", path.text(pool)),
            Self::Exists(path, false) => format!("attribute_not_exists({})", path.text(pool)),
            Self::Type(path, kind) => {
                format!("attribute_type({}, {})", path.text(pool), pool.value(&json!({"S": kind})))
            }
            Self::Begins(path, what) => format!("begins_with({}, {})", path.text(pool), what.text(pool)),
            Self::Contains(path, what) => format!("contains({}, {})", path.text(pool), what.text(pool)),
            Self::Not(inner) => format!("NOT ({})", inner.text(pool)),
            Self::Both(left, how, right) => format!("({}) {how} {}", left.text(pool), right.text(pool)),
        }
    }
}

/// A condition that may hold: of what is there, by its type.
fn fitting() -> impl Strategy<Value = Condition> {
    let number = select(&["0", "1", "2", "3", "4"][..]).prop_map(|number| Operand::Value(json!({"N": number})));
    let of =
        place().prop_flat_map(|(path, kind)| (Just((path, kind)), prop::collection::vec(typed(kind), 4), part(kind)));
    (of, 0..6_u8, select(&["=", "<>", "<", "<=", ">", ">="][..]), number).prop_map(
        |(((path, kind), literals, part), which, how, number)| {
            let has_order = matches!(kind, "N" | "S" | "B");
            let mut literals = literals.into_iter().map(Operand::Value);
            let mut next = || literals.next().unwrap_or_else(|| number.clone());
            match which {
                0 | 1 => Condition::Compare(Operand::At(path), if has_order || which == 0 { how } else { "=" }, next()),
                2 if has_order => Condition::Between(Operand::At(path), next(), next()),
                3 if matches!(kind, "S" | "B") => Condition::Begins(path, Operand::Value(part)),
                3 if kind != "N" => Condition::Contains(path, Operand::Value(part)),
                4 if kind != "N" => Condition::Compare(Operand::Size(path), how, number),
                _ => Condition::In(Operand::At(path), vec![next(), next(), next()]),
            }
        },
    )
}

/// What a value of this type may begin with or contain.
fn part(kind: &str) -> BoxedStrategy<Json> {
    match kind {
        "L" | "NS" => typed("N"),
        "SS" | "S" => typed("S"),
        "B" => select(&["AA==", "AAE="][..]).prop_map(|bytes| json!({"B": bytes})).boxed(),
        _ => value(),
    }
}

pub fn condition() -> BoxedStrategy<Condition> {
    let how = select(&["=", "<>", "<", "<=", ">", ">="][..]);
    let kind = select(&["S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL", "X"][..]);
    let leaf = prop_oneof![
        24 => fitting(),
        6 => (operand(), how, operand()).prop_map(|(left, how, right)| Condition::Compare(left, how, right)),
        2 => (operand(), operand(), operand()).prop_map(|(one, low, high)| Condition::Between(one, low, high)),
        2 => (operand(), prop::collection::vec(operand(), 1..4)).prop_map(|(one, list)| Condition::In(one, list)),
        5 => (path(), any::<bool>()).prop_map(|(path, there)| Condition::Exists(path, there)),
        2 => (path(), kind).prop_map(|(path, kind)| Condition::Type(path, kind)),
        2 => (path(), argument()).prop_map(|(path, what)| Condition::Begins(path, what)),
        2 => (path(), argument()).prop_map(|(path, what)| Condition::Contains(path, what)),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Condition::Not(Box::new(inner))),
            (inner.clone(), select(&["AND", "OR"][..]), inner).prop_map(|(left, how, right)| Condition::Both(
                Box::new(left),
                how,
                Box::new(right)
            )),
        ]
    })
    .boxed()
}

/// Now and then a condition, as a member of a request.
pub fn sometimes(weight: f64) -> impl Strategy<Value = Option<(Condition, Option<Spoil>)>> {
    prop::option::weighted(weight, (condition(), spoil()))
}

/// The text of a condition, spoilt where it is to be.
pub fn written((condition, spoil): &(Condition, Option<Spoil>), pool: &mut Pool) -> Json {
    let mut text = condition.text(pool);
    if let Some(how) = spoil {
        pool.spoil(*how, &mut text);
    }
    text.into()
}

/// Now and then a projection.
pub fn projection(weight: f64) -> impl Strategy<Value = Option<Vec<Path>>> {
    prop::option::weighted(weight, prop::collection::vec(path(), 1..4))
}

pub fn projected(paths: &[Path], pool: &mut Pool) -> Json {
    let paths: Vec<String> = paths.iter().map(|path| path.text(pool)).collect();
    paths.join(", ").into()
}
