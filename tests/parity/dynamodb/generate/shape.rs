//! The tables of histories, and keys of items in them.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::TABLE;
use crate::call::Call;

/// A table: its key and its indexes, by attribute and type.
#[derive(Debug, Clone)]
pub struct Shape {
    pub hash: (&'static str, &'static str),
    pub range: Option<(&'static str, &'static str)>,
    pub indexes: Vec<Index>,
}

#[derive(Debug, Clone)]
pub struct Index {
    pub name: &'static str,
    pub local: bool,
    pub hash: Vec<(&'static str, &'static str)>,
    pub range: Vec<(&'static str, &'static str)>,
    projection: (&'static str, &'static [&'static str]),
}

impl Shape {
    /// The shapes that tables have.
    pub fn all() -> Vec<Self> {
        let index = |name, local, hash: &[_], range: &[_], projection| Index {
            name,
            local,
            hash: hash.to_vec(),
            range: range.to_vec(),
            projection,
        };
        let plain = |hash, range| Self { hash, range, indexes: Vec::new() };
        let indexed = Self {
            hash: ("pk", "S"),
            range: Some(("sk", "N")),
            indexes: vec![
                index("local", true, &[("pk", "S")], &[("r", "N")], ("KEYS_ONLY", &[])),
                index("whole", false, &[("g", "S")], &[("r", "N")], ("ALL", &[])),
                index("part", false, &[("g", "S")], &[], ("INCLUDE", &["v", "size"])),
            ],
        };
        let several = Self {
            hash: ("pk", "S"),
            range: None,
            indexes: vec![
                index("several", false, &[("g", "S"), ("h", "N")], &[("r", "N"), ("s", "S")], ("ALL", &[])),
                index("turned", false, &[("r", "N")], &[("pk", "S")], ("KEYS_ONLY", &[])),
            ],
        };
        vec![
            plain(("pk", "S"), None),
            plain(("pk", "S"), Some(("sk", "N"))),
            plain(("pk", "N"), Some(("sk", "S"))),
            plain(("pk", "B"), Some(("sk", "B"))),
            indexed.clone(),
            indexed,
            several,
        ]
    }

    /// The call that makes the table.
    pub fn create(&self) -> Call {
        let mut attributes: Vec<(&str, &str)> = std::iter::once(self.hash).chain(self.range).collect();
        for index in &self.indexes {
            attributes.extend(index.hash.iter().chain(&index.range));
        }
        let mut seen = Vec::new();
        attributes.retain(|(name, _)| {
            !seen.contains(name) && {
                seen.push(name);
                true
            }
        });
        let defined = attributes.iter().map(|(name, kind)| json!({"AttributeName": name, "AttributeType": kind}));
        let mut input = json!({
            "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": defined.collect::<Vec<_>>(),
            "KeySchema": schema(&[self.hash], self.range.as_slice()),
        });
        for (member, local) in [("LocalSecondaryIndexes", true), ("GlobalSecondaryIndexes", false)] {
            let indexes = self.indexes.iter().filter(|index| index.local == local);
            let indexes: Vec<Json> = indexes.map(Index::declared).collect();
            if !indexes.is_empty() {
                input[member] = indexes.into();
            }
        }
        Call::dynamodb("CreateTable", input)
    }

    /// The attributes of the table's key.
    pub fn key_names(&self) -> Vec<(&'static str, &'static str)> {
        std::iter::once(self.hash).chain(self.range).collect()
    }

    /// A key; now and then a wrong one.
    pub fn key(&self) -> impl Strategy<Value = Json> + use<> {
        let names = self.key_names();
        let alone = self.range.is_none();
        let value = |(name, kind): &(&str, &'static str)| {
            if *name == self.hash.0 && !alone { hash_value(kind) } else { key_value(kind) }
        };
        let right: Vec<_> = names.iter().map(value).collect();
        let right = {
            let names = names.clone();
            right.prop_map(move |values| {
                names.iter().zip(values).map(|((name, _), value)| (*name, value)).collect::<Vec<_>>()
            })
        };
        (right, 0..100_u8).prop_map(|(mut members, wrong)| {
            match wrong {
                0 => members[0].1 = json!({"BOOL": true}),
                1 => drop(members.pop()),
                2 => members.push(("extra", json!({"S": "x"}))),
                3 => members[0].1 = json!({"S": ""}),
                _ => {}
            }
            members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<serde_json::Map<_, _>>().into()
        })
    }
}

impl Shape {
    /// Different keys, some of them in one partition.
    pub fn keys(&self) -> impl Strategy<Value = Vec<Json>> + use<> {
        let (hash, range) = (self.hash, self.range);
        let key = move |hash_value: &str, range_value: Option<&str>| {
            let mut key = json!({hash.0: {hash.1: hash_value}});
            if let (Some((name, kind)), Some(value)) = (range, range_value) {
                key[name] = json!({kind: value});
            }
            key
        };
        let all: Vec<Json> = match range {
            None => few(hash.1).iter().map(|value| key(value, None)).collect(),
            Some((_, kind)) => {
                few(hash.1)[..2].iter().flat_map(|hash| few(kind).iter().map(|value| key(hash, Some(value)))).collect()
            }
        };
        let most = all.len().min(7);
        prop::sample::subsequence(all, 3..=most)
    }
}

impl Index {
    fn declared(&self) -> Json {
        let (kind, included) = self.projection;
        let mut projection = json!({"ProjectionType": kind});
        if !included.is_empty() {
            projection["NonKeyAttributes"] = json!(included);
        }
        json!({"IndexName": self.name, "KeySchema": schema(&self.hash, &self.range), "Projection": projection})
    }

    /// The attributes of its key.
    pub fn key_names(&self) -> Vec<(&'static str, &'static str)> {
        self.hash.iter().chain(&self.range).copied().collect()
    }
}

fn schema(hash: &[(&str, &str)], range: &[(&str, &str)]) -> Json {
    let of = |kind: &'static str| move |(name, _): &(&str, &str)| json!({"AttributeName": name, "KeyType": kind});
    hash.iter().map(of("HASH")).chain(range.iter().map(of("RANGE"))).collect()
}

/// The values that most keys have, in their order.
pub fn few(kind: &str) -> &'static [&'static str] {
    match kind {
        "N" => &["-1", "0", "1", "2", "10"],
        "B" => &["AA==", "AAE=", "YQ==", "//8=", "/w=="],
        _ => &["a", "ab", "b", "é"],
    }
}

/// A value that a key attribute of this type may have. Some texts begin others; some numbers are equal in other words.
pub fn key_value(kind: &'static str) -> BoxedStrategy<Json> {
    // Mostly one of few, so that items meet in a partition, and conditions on keys meet items.
    let few = select(few(kind)).prop_map(move |value| json!({kind: value}));
    match kind {
        "N" => {
            let odd = ["1.0", "-0.5", "1e3", "99999999999999999999999999999999999999"];
            prop_oneof![9 => few, 1 => select(odd.to_vec()).prop_map(|number| json!({"N": number}))].boxed()
        }
        "B" => few.boxed(),
        _ => prop_oneof![
            40 => few,
            3 => select(&["a\u{0}", "\u{10FFFF}"][..]).prop_map(|text| json!({"S": text})),
            1 => select(&[1024_usize, 1025, 2048, 2049][..]).prop_map(|length| json!({"S": "k".repeat(length)})),
        ]
        .boxed(),
    }
}

/// A value of the attribute that says in which partition an item is: mostly one of two.
pub fn hash_value(kind: &'static str) -> BoxedStrategy<Json> {
    let most = select(few(kind)[..2].to_vec()).prop_map(move |value| json!({kind: value}));
    prop_oneof![3 => most, 1 => key_value(kind)].boxed()
}
