//! Items written on the condition of what was seen.

use std::sync::Arc;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use footbridge::json;
use footbridge_tui::ask::{Answer, Ask, Read, Trouble};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::World;

/// An empty table with keys `pk` and `sk`.
pub fn table(world: &World) {
    let element = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let definition =
        |name: &str, kind| AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().unwrap();
    let create = world.aws.dynamodb.create_table().table_name("tab").billing_mode(BillingMode::PayPerRequest);
    let create = create
        .key_schema(element("pk", KeyType::Hash))
        .key_schema(element("sk", KeyType::Range))
        .attribute_definitions(definition("pk", ScalarAttributeType::S))
        .attribute_definitions(definition("sk", ScalarAttributeType::N));
    world.run(async { create.send().await.unwrap() });
}

pub fn write(world: &World, seen: Option<&Value>, item: Option<&Value>) -> Result<String, Trouble> {
    let ask = Ask::Write { table: "tab".into(), seen: seen.cloned(), item: item.cloned() };
    match world.ask(ask)? {
        Answer::Done(text) => Ok(text),
        other => panic!("{other:?}"),
    }
}

pub fn read(world: &World) -> Vec<Value> {
    let ask = Ask::Items(Read { table: "tab".into(), limit: 100, ..Read::default() });
    match world.ask(ask).unwrap() {
        Answer::Items(page) => page.items,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_item_is_made_edited_and_deleted() {
    let world = World::new();
    table(&world);
    let first = json!({ "pk": "a", "sk": 1, "name": "x", "old": true });
    assert_eq!(write(&world, None, Some(&first)).unwrap(), "the item is written (1 WCU)");
    let twice = write(&world, None, Some(&json!({ "pk": "a", "sk": 1 }))).unwrap_err();
    assert_eq!(twice.code, "ConditionalCheckFailedException");
    assert!(twice.message.contains("already"), "{twice}");
    let second = json!({ "pk": "a", "sk": 1, "name": "y", "new": [1, { "$n": "1234567890123456789" }] });
    assert_eq!(write(&world, Some(&first), Some(&second)).unwrap(), "3 attributes are changed (1 WCU)");
    assert_eq!(read(&world), [second.clone()].map(sorted));
    assert!(write(&world, Some(&second), Some(&second)).unwrap().contains("nothing is written"));
    let stale = write(&world, Some(&first), None).unwrap_err();
    assert_eq!(stale.code, "ConditionalCheckFailedException");
    assert!(stale.message.contains("(name, old)"), "{stale}");
    assert_eq!(write(&world, Some(&second), None).unwrap(), "the item is deleted (1 WCU)");
    assert!(read(&world).is_empty());
    let gone = write(&world, Some(&second), Some(&first)).unwrap_err();
    assert!(gone.code == "ConditionalCheckFailedException" && gone.message.contains("gone"), "{gone}");
    assert!(read(&world).is_empty(), "an edit makes no item anew");
}

fn sorted(item: Value) -> Value {
    let members: std::collections::BTreeMap<String, Value> = serde_json::from_value(item).unwrap();
    json!(members)
}

#[test]
fn a_key_is_not_changed_and_not_left_out() {
    let world = World::new();
    table(&world);
    let item = json!({ "pk": "a", "sk": 1, "n": 1 });
    write(&world, None, Some(&item)).unwrap();
    let error = write(&world, Some(&item), Some(&json!({ "pk": "a", "sk": 2, "n": 1 }))).unwrap_err();
    assert_eq!(error.code, "key_changed");
    assert!(error.message.contains("put a new item, and delete this one"), "{error}");
    for (seen, new) in [(Some(&item), Some(json!({ "pk": "a" }))), (None, Some(json!({ "sk": 1 })))] {
        let error = write(&world, seen, new.as_ref()).unwrap_err();
        assert!(error.message.contains("part of the key"), "{error}");
    }
    assert_eq!(write(&world, None, None).unwrap_err().code, "invalid_request");
    let error = write(&world, None, Some(&json!({ "pk": "b", "sk": 1, "x": { "$q": 1 } }))).unwrap_err();
    assert!(error.message.contains("item.x"), "{error}");
    let error = write(&world, None, Some(&json!({ "pk": 5, "sk": 1 }))).unwrap_err();
    assert_eq!(error.code, "ValidationException");
    assert_eq!(read(&world), [sorted(item)]);
}

#[test]
fn an_edit_leaves_what_others_added_and_never_overwrites_what_they_changed() {
    let world = World::new();
    table(&world);
    let item = json!({ "pk": "a", "sk": 1, "mine": 1, "theirs": 1 });
    write(&world, None, Some(&item)).unwrap();
    let other = |update: &str| {
        let request = world.aws.dynamodb.update_item().table_name("tab").update_expression(update);
        let request = request.key("pk", AttributeValue::S("a".into())).key("sk", AttributeValue::N("1".into()));
        let request = request.expression_attribute_values(":v", AttributeValue::N("7".into()));
        world.run(async { request.send().await.unwrap() });
    };
    other("SET added = :v");
    let edited = json!({ "pk": "a", "sk": 1, "mine": 2, "theirs": 1 });
    write(&world, Some(&item), Some(&edited)).unwrap();
    assert_eq!(read(&world), [json!({ "added": 7, "mine": 2, "pk": "a", "sk": 1, "theirs": 1 })]);
    // An attribute that I add and that they have added meanwhile.
    let mine = json!({ "pk": "a", "sk": 1, "mine": 2, "theirs": 1, "added": 1 });
    let error = write(&world, Some(&edited), Some(&mine)).unwrap_err();
    assert!(error.message.contains("(added)"), "{error}");
    other("SET theirs = :v");
    let error = write(&world, Some(&edited), Some(&item)).unwrap_err();
    assert!(error.message.contains("(theirs)"), "{error}");
}

#[test]
fn writers_that_race_lose_no_update() {
    let world = Arc::new(World::new());
    table(&world);
    write(&world, None, Some(&json!({ "pk": "a", "sk": 1, "n": 0 }))).unwrap();
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                for _ in 0..25 {
                    loop {
                        let seen = read(&world).remove(0);
                        let mut item = seen.clone();
                        item["n"] = json!(seen["n"].as_u64().unwrap() + 1);
                        match write(&world, Some(&seen), Some(&item)) {
                            Ok(_) => break,
                            Err(error) => assert_eq!(error.code, "ConditionalCheckFailedException"),
                        }
                    }
                }
            });
        }
    });
    assert_eq!(read(&world)[0]["n"], 100);
}

#[test]
fn more_attributes_than_an_expression_holds_are_said() {
    let world = World::new();
    table(&world);
    let mut item = json!({ "pk": "a", "sk": 1 });
    for number in 0..400 {
        item[format!("attribute-{number:03}")] = json!(number);
    }
    write(&world, None, Some(&item)).unwrap();
    let mut edited = item.clone();
    edited["attribute-399"] = json!("new");
    let said = write(&world, Some(&item), Some(&edited)).unwrap();
    assert!(said.starts_with("1 attribute is changed") && said.contains("others were too many"), "{said}");
    let mut all = edited.clone();
    for number in 0..400 {
        all[format!("attribute-{number:03}")] = json!("all");
    }
    let error = write(&world, Some(&edited), Some(&all)).unwrap_err();
    assert_eq!(error.code, "too_many_changes");
    assert_eq!(read(&world), [sorted(edited.clone())]);
    let said = write(&world, Some(&edited), None).unwrap();
    assert!(said.starts_with("the item is deleted") && said.contains("others were too many"), "{said}");
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        "-?[1-9][0-9]{0,30}(\\.[0-9]{0,6}[1-9])?",
        Just("1E-130".to_owned()),
        Just("0".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = AttributeValue> {
    let blob = || proptest::collection::vec(any::<u8>(), 0..9).prop_map(Blob::new);
    let leaf = prop_oneof![
        any::<String>().prop_map(AttributeValue::S),
        number().prop_map(AttributeValue::N),
        blob().prop_map(AttributeValue::B),
        any::<bool>().prop_map(AttributeValue::Bool),
        Just(AttributeValue::Null(true)),
        proptest::collection::btree_set("[a-z]{1,4}", 1..4)
            .prop_map(|set| AttributeValue::Ss(set.into_iter().collect())),
        proptest::collection::btree_set(-99..99i32, 1..4)
            .prop_map(|set| AttributeValue::Ns(set.iter().map(ToString::to_string).collect())),
        proptest::collection::btree_set(proptest::collection::vec(any::<u8>(), 1..5), 1..4)
            .prop_map(|set| AttributeValue::Bs(set.into_iter().map(Blob::new).collect())),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(AttributeValue::L),
            proptest::collection::hash_map(
                prop_oneof!["[a-z$ ]{1,3}", Just("S".to_owned()), Just("$b".to_owned())],
                inner,
                0..3
            )
            .prop_map(AttributeValue::M),
        ]
    })
}

#[test]
fn an_edit_of_one_attribute_leaves_all_others_as_they_are() {
    let world = World::new();
    table(&world);
    let number = std::cell::Cell::new(0);
    let fields = proptest::collection::hash_map("[a-zA-Z$#:. é\"-]{1,6}", value(), 1..8);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(96));
    let ran = runner.run(&(fields, value()), |(mut fields, new)| {
        fields.remove("pk");
        fields.remove("sk");
        prop_assume!(!fields.is_empty());
        number.set(number.get() + 1);
        let number = number.get();
        let key = |request: aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder| {
            request.key("pk", AttributeValue::S("a".into())).key("sk", AttributeValue::N(number.to_string()))
        };
        let get =
            || world.run(async { key(world.aws.dynamodb.get_item().table_name("tab")).send().await.unwrap() }).item;
        let mut item = fields.clone();
        item.insert("pk".into(), AttributeValue::S("a".into()));
        item.insert("sk".into(), AttributeValue::N(number.to_string()));
        write(&world, None, Some(&json::from_item(&item).unwrap()))
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        let stored = get().unwrap();
        let seen = json::from_item(&stored).unwrap();
        let (name, _) = fields.iter().next().unwrap();
        let mut wanted = stored.clone();
        wanted.insert(name.clone(), new);
        // As a person edits it: as text.
        let text = serde_json::to_string_pretty(&json::from_item(&wanted).unwrap()).unwrap();
        let edited: Value = serde_json::from_str(&text).unwrap();
        write(&world, Some(&seen), Some(&edited)).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let mut after = get().unwrap();
        let mut before = stored.clone();
        let (was, is) = (before.remove(name), after.remove(name));
        prop_assert_eq!(&after, &before);
        prop_assert!(is.is_some() && was.is_some());
        write(&world, Some(&json::from_item(&get().unwrap()).unwrap()), None)
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(get().is_none());
        Ok(())
    });
    ran.unwrap();
}
