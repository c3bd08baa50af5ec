//! Values of every type, right and wrong.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::shape::{Shape, hash_value, key_value};

/// The attributes that are no key, and the type that most items give them (none for any): so that typed expressions mostly
/// hold on what is there. Some names are reserved words, some need an alias.
pub const ATTRIBUTES: [(&str, Option<&str>); 9] = [
    ("w", Some("N")),
    ("size", Some("S")),
    ("a.b", Some("B")),
    ("list", Some("L")),
    ("map", Some("M")),
    ("set", Some("NS")),
    ("words", Some("SS")),
    ("v", None),
    ("näme", None),
];

/// The name of one of them.
pub fn name() -> impl Strategy<Value = &'static str> {
    select(ATTRIBUTES.map(|(name, _)| name).to_vec())
}

/// A value of this type, of few: a map has a number and a text, a list has numbers.
pub fn typed(kind: &str) -> BoxedStrategy<Json> {
    let few = || select(&["0", "1", "2", "3", "10", "2.50", "0.1", "-1"][..]).prop_map(|number| json!({"N": number}));
    let text = || select(&["a", "ab", "b", "é", "éa"][..]).prop_map(|text| json!({"S": text}));
    match kind {
        "N" => few().boxed(),
        "S" => text().boxed(),
        "B" => select(&["AA==", "AAE=", "AAEC", "/w=="][..]).prop_map(|bytes| json!({"B": bytes})).boxed(),
        "L" => prop::collection::vec(few(), 0..5).prop_map(|values| json!({"L": values})).boxed(),
        "M" => (few(), text()).prop_map(|(a, b)| json!({"M": {"a": a, "b": b}})).boxed(),
        "NS" => set(&["1", "2", "3.0", "-1"], "NS").boxed(),
        "SS" => set(&["a", "b", "c"], "SS").boxed(),
        _ => value(),
    }
}

/// A number as text; now and then one that is none, or too large.
pub fn number() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        80 => select(&["0", "1", "-1", "2", "3", "10", "2.50", "-0", "007", "1E2", "0.1"][..]),
        8 => select(&[
            "9.9999999999999999999999999999999999999E+125", "1E-130", "-9.9999999999999999999999999999999999999E+125",
            "12345678901234567890123456789012345678", "0.00000000000000000000000000000000000001",
        ][..]),
        1 => select(&["1E126", "1E-131", "123456789012345678901234567890123456789", "", "x", "1 ", "NaN", "0x1"][..]),
    ]
}

/// A value that has an order: operators that order take no other.
pub fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        2 => select(&["", "a", "ab", "b", "1"][..]).prop_map(|text| json!({"S": text})),
        3 => number().prop_map(|number| json!({"N": number})),
        1 => select(&["", "AA==", "/w=="][..]).prop_map(|bytes| json!({"B": bytes})),
    ]
}

/// A value of any type.
pub fn value() -> BoxedStrategy<Json> {
    let text = select(&["", "a", "ab", "b", "é", "\u{10FFFF}", "1"][..]);
    let bytes = || select(&["", "AA==", "AAE=", "/w=="][..]);
    let leaf = prop_oneof![
        6 => text.prop_map(|text| json!({"S": text})),
        8 => number().prop_map(|number| json!({"N": number})),
        2 => bytes().prop_map(|bytes| json!({"B": bytes})),
        2 => any::<bool>().prop_map(|is| json!({"BOOL": is})),
        2 => Just(json!({"NULL": true})),
        2 => set(&["a", "b", "c"], "SS"),
        3 => set(&["1", "2", "3.0", "-1"], "NS"),
        1 => set(&["AA==", "AQ=="], "BS"),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        let members = prop::collection::vec((select(&["a", "b", "size"][..]), inner.clone()), 0..3);
        let map = |members: Vec<(&str, Json)>| {
            json!({"M": members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<serde_json::Map<_, _>>()})
        };
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|values| json!({"L": values})),
            members.prop_map(map),
        ]
    })
    .boxed()
}

/// A set; now and then empty, or with one member twice.
fn set(of: &'static [&'static str], kind: &'static str) -> impl Strategy<Value = Json> {
    prop_oneof![
        60 => prop::sample::subsequence(of, 1..=of.len().min(3)).prop_map(move |members| json!({kind: members})),
        1 => Just(json!({kind: []})),
        1 => select(of).prop_map(move |member| json!({kind: [member, member]})),
    ]
}

/// An item: a key and other attributes, those of the indexes' keys among them. Rarely a large one.
pub fn item(shape: &Shape) -> BoxedStrategy<Json> {
    item_of(shape, shape.key().boxed())
}

/// An item with one of these keys.
pub fn item_of(shape: &Shape, key: BoxedStrategy<Json>) -> BoxedStrategy<Json> {
    let mut keyed: Vec<(&'static str, &'static str)> =
        shape.indexes.iter().flat_map(|index| index.key_names()).collect();
    keyed.retain(|one| !shape.key_names().contains(one));
    keyed.dedup();
    let keyed: Vec<_> = keyed
        .into_iter()
        .map(|(name, kind)| {
            let right = if matches!(name, "g" | "h") { hash_value(kind) } else { key_value(kind) };
            let value = prop_oneof![25 => right, 1 => value()];
            prop::option::weighted(0.8, value).prop_map(move |value| Some((name, value?)))
        })
        .collect();
    let others: Vec<_> = ATTRIBUTES
        .iter()
        .map(|(name, kind)| {
            let value = prop_oneof![12 => typed(kind.unwrap_or_default()), 1 => value()];
            prop::option::weighted(0.5, value).prop_map(move |value| Some((*name, value?)))
        })
        .collect();
    // Some over a unit of capacity; a few over the limit.
    let large = prop_oneof![
        75 => Just(None),
        25 => select(&[900_usize, 1100, 2100, 4200, 9000][..]).prop_map(Some),
        1 => select(&[399_900_usize, 409_500, 409_601, 500_000][..]).prop_map(Some),
    ];
    (key, keyed, others, large)
        .prop_map(|(mut item, keyed, others, large)| {
            for (name, value) in keyed.into_iter().chain(others).flatten() {
                item[name] = value;
            }
            if let Some(length) = large {
                item["large"] = json!({"S": "l".repeat(length)});
            }
            item
        })
        .boxed()
}
