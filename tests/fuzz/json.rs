//! JSON in which something is not what it should be.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value as Json, json};

/// A change of one value somewhere inside.
#[derive(Debug, Clone)]
pub enum Twist {
    /// It is another.
    Replace(Index, Json),
    /// A member has another name.
    Rename(Index, &'static str),
    /// A member or an element is missing.
    Remove(Index),
    /// A list has its elements so many times.
    Repeat(Index, usize),
}

fn odd() -> impl Strategy<Value = Json> {
    let nested = |list: bool, depth: usize| {
        (0..depth)
            .fold(json!({"S": "x"}), |inner, _| if list { json!({"L": [inner]}) } else { json!({"M": {"a": inner}}) })
    };
    let plain = select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("a"),
        json!("\u{0}"),
        json!("😀\u{202e}"),
        json!("tab"),
        json!("#a"),
        json!(":v"),
        json!("a.b[0].c"),
        json!([]),
        json!({}),
        json!([[]]),
        json!({"": ""}),
        json!([null]),
        json!({"S": ""}),
        json!({"S": "a"}),
        json!({"N": "1"}),
        json!({"N": "1e126"}),
        json!({"N": "1e-131"}),
        json!({"N": "NaN"}),
        json!({"N": " 1"}),
        json!({"N": ""}),
        json!({"N": 1}),
        json!({"B": "AAAA"}),
        json!({"B": "!"}),
        json!({"BOOL": "true"}),
        json!({"NULL": false}),
        json!({"SS": []}),
        json!({"SS": ["a", "a"]}),
        json!({"NS": ["1", "1.0"]}),
        json!({"BS": [""]}),
        json!({"L": [{}]}),
        json!({"M": {"": {}}}),
        json!({"S": "a", "N": "1"}),
        json!({"$n": "1"}),
        json!({"$b": "AA=="}),
        json!({"$ss": []}),
        json!({"$m": {}}),
        json!("arn:aws:dynamodb:us-east-1:000000000000:table/tab"),
        json!("PAY_PER_REQUEST"),
        json!("HASH"),
    ]);
    prop_oneof![
        20 => plain,
        1 => (any::<bool>(), 1..200_usize).prop_map(move |(list, depth)| nested(list, depth)),
        1 => (1..70_000_usize).prop_map(|length| json!("x".repeat(length))),
        1 => (1..60_usize).prop_map(|digits| json!({"N": "9".repeat(digits)})),
        1 => (1..200_usize).prop_map(|length| json!(vec!["a"; length])),
        1 => "\\PC{0,12}".prop_map(|text| json!(text)),
    ]
}

fn twist() -> impl Strategy<Value = Twist> {
    let at = any::<Index>;
    prop_oneof![
        5 => (at(), odd()).prop_map(|(at, value)| Twist::Replace(at, value)),
        1 => (at(), select(&["", "TableName", "Key", "Item", "S", "a", "unknown", "\u{0}"][..]))
            .prop_map(|(at, name)| Twist::Rename(at, name)),
        2 => at().prop_map(Twist::Remove),
        1 => (at(), 2..120_usize).prop_map(|(at, times)| Twist::Repeat(at, times)),
    ]
}

/// None or a few changes.
pub fn twists() -> impl Strategy<Value = Vec<Twist>> {
    prop_oneof![1 => Just(Vec::new()), 2 => vec(twist(), 1..4)]
}

/// `value` after the changes.
pub fn twisted(value: &Json, twists: &[Twist]) -> Json {
    let mut value = value.clone();
    for twist in twists {
        let (Twist::Replace(at, _) | Twist::Rename(at, _) | Twist::Remove(at) | Twist::Repeat(at, _)) = twist;
        let mut left = at.index(count(&value));
        if let Some(place) = nth(&mut value, &mut left) {
            apply(place, twist);
        }
    }
    value
}

fn apply(place: &mut Json, twist: &Twist) {
    match (twist, place) {
        (Twist::Replace(_, with), place) => *place = with.clone(),
        (Twist::Rename(at, name), Json::Object(members)) if !members.is_empty() => {
            let old = members.keys().nth(at.index(members.len())).cloned().unwrap();
            if let Some(value) = members.remove(&old) {
                members.insert((*name).to_owned(), value);
            }
        }
        (Twist::Remove(at), Json::Object(members)) if !members.is_empty() => {
            let old = members.keys().nth(at.index(members.len())).cloned().unwrap();
            members.remove(&old);
        }
        (Twist::Remove(at), Json::Array(list)) if !list.is_empty() => drop(list.remove(at.index(list.len()))),
        (Twist::Repeat(_, times), Json::Array(list)) => {
            *list = std::iter::repeat_n(&*list, *times).flatten().cloned().collect();
        }
        (Twist::Rename(..) | Twist::Remove(_) | Twist::Repeat(..), _) => {}
    }
}

/// How many values there are, with all that is inside.
fn count(value: &Json) -> usize {
    1 + match value {
        Json::Array(list) => list.iter().map(count).sum(),
        Json::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

fn nth<'v>(value: &'v mut Json, left: &mut usize) -> Option<&'v mut Json> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Json::Array(list) => list.iter_mut().find_map(|inner| nth(inner, left)),
        Json::Object(members) => members.values_mut().find_map(|inner| nth(inner, left)),
        _ => None,
    }
}
