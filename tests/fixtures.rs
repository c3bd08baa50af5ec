//! The fixtures are what their README says, so that whoever loads them need not check.

// Clippy knows tests by their attribute, which helpers do not have.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use footbridge::json::{self, Item};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Schema {
    table_name: String,
    attribute_definitions: Vec<Definition>,
    #[serde(rename = "KeySchema")]
    keys: Vec<Key>,
    billing_mode: String,
    #[serde(default)]
    local_secondary_indexes: Vec<Index>,
    #[serde(default)]
    global_secondary_indexes: Vec<Index>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Index {
    #[serde(rename = "IndexName")]
    name: String,
    #[serde(rename = "KeySchema")]
    keys: Vec<Key>,
    projection: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Definition {
    attribute_name: String,
    attribute_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Key {
    attribute_name: String,
    key_type: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    buckets: Vec<String>,
    objects: Vec<Object>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    bucket: String,
    key: String,
    content_type: String,
    metadata: BTreeMap<String, String>,
    text: Option<String>,
    base64: Option<String>,
}

impl Object {
    fn body(&self) -> Vec<u8> {
        match (&self.text, &self.base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(base64)) => STANDARD.decode(base64).unwrap(),
            _ => panic!("{}: one of text and base64", self.key),
        }
    }
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn read<T: serde::de::DeserializeOwned>(path: &str) -> T {
    serde_json::from_str(&fs::read_to_string(fixtures().join(path)).unwrap()).unwrap()
}

fn manifest() -> Manifest {
    read("s3/manifest.json")
}

/// Each table's schema and items.
fn tables() -> Vec<(Schema, Vec<Value>)> {
    let names: BTreeSet<String> = fs::read_dir(fixtures().join("dynamodb"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.trim_end_matches(".json").trim_end_matches(".schema").to_owned())
        .collect();
    let table = |name: &String| {
        let schema: Schema = read(&format!("dynamodb/{name}.schema.json"));
        assert_eq!(&schema.table_name, name);
        (schema, read(&format!("dynamodb/{name}.json")))
    };
    names.iter().map(table).collect()
}

/// All items, as DynamoDB has them.
fn items() -> Vec<Item> {
    tables().iter().flat_map(|(_, items)| items).map(|item| json::to_item(item, "item").unwrap()).collect()
}

/// The value and every value in it.
fn visit<'a>(value: &'a AttributeValue, seen: &mut Vec<&'a AttributeValue>) {
    seen.push(value);
    match value {
        AttributeValue::L(elements) => elements.iter().for_each(|element| visit(element, seen)),
        AttributeValue::M(members) => members.values().for_each(|member| visit(member, seen)),
        _ => {}
    }
}

#[test]
fn every_item_is_its_own_natural_form() {
    for (schema, items) in tables() {
        for (index, item) in items.iter().enumerate() {
            let at = format!("{}[{index}]", schema.table_name);
            let read = json::to_item(item, &at).unwrap();
            assert_eq!(&json::from_item(&read).unwrap(), item, "{at}");
        }
    }
}

#[test]
fn every_item_has_its_tables_key_and_no_other_has_the_same() {
    let types = |value: &AttributeValue| match value {
        AttributeValue::S(_) => "S",
        AttributeValue::N(_) => "N",
        AttributeValue::B(_) => "B",
        _ => "none of a key's",
    };
    for (schema, items) in tables() {
        let roles: Vec<&str> = schema.keys.iter().map(|key| key.key_type.as_str()).collect();
        assert!(roles == ["HASH"] || roles == ["HASH", "RANGE"], "{roles:?}");
        assert_eq!(schema.billing_mode, "PAY_PER_REQUEST");
        let keyed: Vec<&String> = schema.keys.iter().map(|key| &key.attribute_name).collect();
        let defined: Vec<&String> =
            schema.attribute_definitions.iter().map(|definition| &definition.attribute_name).collect();
        let indexes = schema.local_secondary_indexes.iter().chain(&schema.global_secondary_indexes);
        let used: BTreeSet<_> =
            indexes.flat_map(|index| &index.keys).map(|key| &key.attribute_name).chain(keyed.iter().copied()).collect();
        assert_eq!(used, defined.into_iter().collect(), "{}", schema.table_name);
        let mut keys = HashSet::new();
        for item in items {
            let item = json::to_item(&item, "item").unwrap();
            for Definition { attribute_name, attribute_type } in &schema.attribute_definitions {
                // Index keys may be missing, but never of another type.
                match item.get(attribute_name) {
                    Some(value) => assert_eq!(types(value), attribute_type, "{item:?}"),
                    None => assert!(!keyed.contains(&attribute_name), "{item:?}"),
                }
            }
            assert!(keys.insert(format!("{:?}", keyed.iter().map(|name| &item[*name]).collect::<Vec<_>>())));
        }
        assert!(!keys.is_empty());
    }
}

#[test]
fn indexes_of_every_projection_hold_some_items() {
    let mut projections = BTreeSet::new();
    for (schema, items) in tables() {
        for index in schema.local_secondary_indexes.iter().chain(&schema.global_secondary_indexes) {
            projections.insert(index.projection["ProjectionType"].as_str().unwrap().to_owned());
            let held = items.iter().filter(|item| index.keys.iter().all(|key| item.get(&key.attribute_name).is_some()));
            assert!(held.count() > 1, "{}", index.name);
        }
    }
    assert_eq!(projections.len(), 3);
}

#[test]
fn the_tables_hold_every_type_and_the_longest_numbers() {
    let items = items();
    let mut values = Vec::new();
    items.iter().flat_map(Item::values).for_each(|value| visit(value, &mut values));
    let types: HashSet<_> = values.iter().map(|value| std::mem::discriminant(*value)).collect();
    assert_eq!(types.len(), 10);
    let digits = |text: &String| text.bytes().filter(u8::is_ascii_digit).count();
    assert!(values.iter().filter_map(|value| value.as_n().ok()).any(|text| digits(text) == 38));
    assert!(values.iter().filter_map(|value| value.as_s().ok()).any(|text| !text.is_ascii()));
}

#[test]
fn objects_are_in_known_buckets_under_distinct_keys_of_at_most_1024_bytes() {
    let Manifest { buckets, objects } = manifest();
    let mut names = HashSet::new();
    for object in &objects {
        assert!(buckets.contains(&object.bucket), "{}", object.bucket);
        assert!((1..=1024).contains(&object.key.len()), "{}", object.key);
        assert!(names.insert((&object.bucket, &object.key)), "{} twice", object.key);
        assert!(object.content_type.contains('/'));
        assert!(object.metadata.iter().all(|(name, value)| name.is_ascii() && value.is_ascii()));
        assert!(object.body().len() < 4096, "{}", object.key);
    }
}

#[test]
fn the_awkward_keys_are_there() {
    let keys: HashSet<String> = manifest().objects.into_iter().map(|object| object.key).collect();
    for key in ["a", "A", "a/", "a/b", "a//b", "/a", "...", "a/../b", "with space", "a%2Fb", "plus+plus", "emoji/🦀"]
    {
        assert!(keys.contains(key), "{key}");
    }
    // The same to the eye, composed and decomposed.
    assert!(keys.contains("na\u{ef}ve") && keys.contains("nai\u{308}ve"));
    let longest: Vec<_> = keys.iter().filter(|key| key.len() == 1024).collect();
    assert_eq!((longest.len(), longest.iter().filter(|key| key.is_ascii()).count()), (2, 1));
}

#[test]
fn bodies_are_text_binary_and_empty() {
    let bodies: Vec<Vec<u8>> = manifest().objects.iter().map(Object::body).collect();
    assert!(bodies.iter().any(Vec::is_empty));
    assert!(bodies.contains(&(0..=255).collect::<Vec<u8>>()));
    assert!(bodies.iter().any(|body| body.starts_with(b"\x89PNG")));
    assert!(bodies.iter().any(|body| String::from_utf8_lossy(body).contains("煎茶")));
}
