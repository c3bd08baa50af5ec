//! Tables and items.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
    LocalSecondaryIndex, Projection, ProjectionType, ScalarAttributeType,
};
use footbridge_tui::ask::{Answer, Ask, ItemPage, KeyCondition, Read, Trouble};
use serde_json::{Value, json};

use crate::world::World;

fn element(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
}

fn definition(name: &str, kind: ScalarAttributeType) -> AttributeDefinition {
    AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().unwrap()
}

/// `t`: keys S and N, a local index over a string, a global one over bytes and a number.
fn table(world: &World) {
    let all = || Projection::builder().projection_type(ProjectionType::All).build();
    let local = LocalSecondaryIndex::builder().index_name("by-name").projection(all());
    let local = local.key_schema(element("pk", KeyType::Hash)).key_schema(element("name", KeyType::Range));
    let keys = Projection::builder().projection_type(ProjectionType::Include).non_key_attributes("name").build();
    let global = GlobalSecondaryIndex::builder().index_name("by-blob").projection(keys);
    let global = global.key_schema(element("blob", KeyType::Hash)).key_schema(element("sk", KeyType::Range));
    let create = world.aws.dynamodb.create_table().table_name("tab").billing_mode(BillingMode::PayPerRequest);
    let create = create
        .key_schema(element("pk", KeyType::Hash))
        .key_schema(element("sk", KeyType::Range))
        .attribute_definitions(definition("pk", ScalarAttributeType::S))
        .attribute_definitions(definition("sk", ScalarAttributeType::N))
        .attribute_definitions(definition("name", ScalarAttributeType::S))
        .attribute_definitions(definition("blob", ScalarAttributeType::B))
        .local_secondary_indexes(local.build().unwrap())
        .global_secondary_indexes(global.build().unwrap());
    world.run(async { create.send().await.unwrap() });
}

fn fill(world: &World) {
    table(world);
    for number in 0..20 {
        let put = world.aws.dynamodb.put_item().table_name("tab");
        let put = put
            .item("pk", AttributeValue::S("a".into()))
            .item("sk", AttributeValue::N(number.to_string()))
            .item("name", AttributeValue::S(format!("n{:02}", 19 - number)))
            .item("blob", AttributeValue::B(Blob::new([7, u8::try_from(number % 2).unwrap()])))
            .item("price", AttributeValue::N((number * 5).to_string()))
            .item("tags", AttributeValue::Ss(vec!["x".into(), format!("t{number}")]))
            .item("size", AttributeValue::S("#".repeat(number)))
            .item("gone", if number == 3 { AttributeValue::Null(true) } else { AttributeValue::Bool(number > 10) })
            .item(
                "deep",
                AttributeValue::M(
                    [("order-id".to_owned(), AttributeValue::L(vec![AttributeValue::S(format!("o{number}"))]))].into(),
                ),
            );
        world.run(async { put.send().await.unwrap() });
    }
}

fn read() -> Read {
    Read { table: "tab".into(), limit: 1000, ..Read::default() }
}

fn items(world: &World, read: Read) -> Result<ItemPage, Trouble> {
    match world.ask(Ask::Items(read))? {
        Answer::Items(page) => Ok(page),
        other => panic!("{other:?}"),
    }
}

fn numbers(page: &ItemPage) -> Vec<i64> {
    page.items.iter().map(|item| item["sk"].as_i64().unwrap()).collect()
}

#[test]
fn tables_come_by_name_page_by_page() {
    let world = World::new();
    for number in 0..130 {
        let create = world.aws.dynamodb.create_table().table_name(format!("table-{number:03}"));
        let create = create.billing_mode(BillingMode::PayPerRequest).key_schema(element("k", KeyType::Hash));
        let create = create.attribute_definitions(definition("k", ScalarAttributeType::S));
        world.run(async { create.send().await.unwrap() });
    }
    let Answer::Tables(first) = world.ask(Ask::Tables { after: None }).unwrap() else { panic!() };
    let Answer::Tables(second) = world.ask(Ask::Tables { after: first.next.clone() }).unwrap() else { panic!() };
    assert_eq!((first.rows.len(), second.rows.len(), second.next), (100, 30, None));
    assert_eq!(second.rows[0], "table-100");
}

#[test]
fn a_tables_keys_indexes_and_sizes_are_told() {
    let world = World::new();
    fill(&world);
    let Answer::Table(facts) = world.ask(Ask::Table("tab".into())).unwrap() else { panic!() };
    let keys: Vec<_> = facts.keys.iter().map(|key| (key.name.as_str(), key.kind.as_str(), key.range)).collect();
    assert_eq!(keys, [("pk", "S", false), ("sk", "N", true)]);
    assert_eq!((facts.items, facts.status.as_str(), facts.billing.as_str()), (20, "ACTIVE", "on demand"));
    assert!(facts.bytes > 1000 && facts.arn.ends_with("table/tab"));
    let indexes: Vec<_> = facts
        .indexes
        .iter()
        .map(|index| (index.name.as_str(), index.global, index.projection.as_str(), index.status.as_str(), index.items))
        .collect();
    assert_eq!(indexes, [("by-blob", true, "INCLUDE name", "ACTIVE", 20), ("by-name", false, "ALL", "ACTIVE", 20)]);
    assert_eq!(facts.indexes[0].keys[0].kind, "B");
    assert_eq!((facts.stream, facts.ttl), (None, None));
    assert_eq!(world.ask(Ask::Table("none".into())).unwrap_err().code, "ResourceNotFoundException");
}

#[test]
fn a_query_takes_every_operator_on_table_and_indexes() {
    let world = World::new();
    fill(&world);
    let ask = |index: Option<&str>, hash: &str, operator: &str, values: &[&str], descending: bool| {
        let range = if operator.is_empty() {
            Vec::new()
        } else {
            vec![(operator.to_owned(), values.iter().map(|value| (*value).to_owned()).collect())]
        };
        let key = Some(KeyCondition { hash: vec![hash.to_owned()], range });
        items(&world, Read { index: index.map(str::to_owned), key, descending, ..read() })
    };
    for (operator, values, wanted) in [
        ("=", &["7"][..], vec![7]),
        ("=", &["7.0"], vec![7]),
        ("<", &["2"], vec![0, 1]),
        ("<=", &["2"], vec![0, 1, 2]),
        (">", &["17"], vec![18, 19]),
        (">=", &["1.7e1"], vec![17, 18, 19]),
        ("between", &["3", "5"], vec![3, 4, 5]),
        ("", &[], (0..20).collect()),
    ] {
        let page = ask(None, "a", operator, values, false).unwrap();
        assert_eq!(numbers(&page), wanted, "{operator}");
        assert!(page.capacity > 0.0 && page.next.is_none());
    }
    let page = ask(Some("by-name"), "a", "begins_with", &["n1"], true).unwrap();
    assert_eq!(numbers(&page), (0..10).collect::<Vec<_>>());
    let page = ask(Some("by-blob"), "BwE=", ">", &["10"], false).unwrap();
    assert_eq!(numbers(&page), [11, 13, 15, 17, 19]);
    assert_eq!(page.items[0]["blob"], json!({ "$b": "BwE=" }));
    assert_eq!(page.items[0].get("price"), None);
    assert_eq!(ask(Some("no"), "a", "", &[], false).unwrap_err().code, "no_index");
    assert!(ask(Some("by-blob"), "zz", "", &[], false).unwrap_err().message.contains("base64"));
    assert!(ask(None, "a", "=", &["seven"], false).unwrap_err().message.contains("is no number"));
    // DynamoDB's own word, with the attribute's name in it.
    let error = ask(None, "a", "begins_with", &["1"], false).unwrap_err();
    assert_eq!(error.code, "ValidationException");
}

#[test]
fn items_come_page_by_page_and_every_one_once() {
    let world = World::new();
    table(&world);
    world.run(async {
        for batch in 0..100 {
            let writes = (0..25).map(|number| {
                let number = batch * 25 + number;
                let put = aws_sdk_dynamodb::types::PutRequest::builder()
                    .item("pk", AttributeValue::S(if number % 2 == 0 { "even".into() } else { format!("p{number}") }))
                    .item("sk", AttributeValue::N(number.to_string()));
                let put = put.build().unwrap();
                aws_sdk_dynamodb::types::WriteRequest::builder().put_request(put).build()
            });
            let request = world.aws.dynamodb.batch_write_item().request_items("tab", writes.collect());
            assert!(request.send().await.unwrap().unprocessed_items.unwrap_or_default().is_empty());
        }
    });
    let all = |key: Option<KeyCondition>| {
        let (mut seen, mut after, mut pages) = (Vec::new(), None, 0);
        loop {
            let page = items(&world, Read { key: key.clone(), limit: 400, after, ..read() }).unwrap();
            assert!(page.items.len() <= 400 && page.scanned <= 400);
            seen.extend(numbers(&page));
            pages += 1;
            after = page.next;
            if after.is_none() {
                return (seen, pages);
            }
        }
    };
    let (mut scanned, pages) = all(None);
    scanned.sort_unstable();
    assert_eq!(scanned, (0..2500).collect::<Vec<_>>());
    assert!(pages >= 7, "{pages}");
    let (queried, _) = all(Some(KeyCondition { hash: vec!["even".into()], range: Vec::new() }));
    assert_eq!(queried, (0..2500).step_by(2).collect::<Vec<_>>());
    for token in ["", "x", "[]", "{\"pk\": {\"$q\": 1}}"] {
        let error = items(&world, Read { after: Some(token.into()), ..read() }).unwrap_err();
        assert!(matches!(error.code.as_str(), "invalid_request" | "ValidationException"), "{token}: {error}");
    }
}

#[test]
fn filters_are_written_with_their_values() {
    let world = World::new();
    fill(&world);
    let filtered = |filter: &str| items(&world, Read { filter: filter.into(), ..read() });
    for (filter, wanted) in [
        ("price > 80", vec![17, 18, 19]),
        ("price>80 AND begins_with(name, \"n0\")", vec![17, 18, 19]),
        ("price > 80 and begins_with(name, 'n01')", vec![18]),
        ("name = 'n01' OR name IN (\"n02\",'n03')", vec![16, 17, 18]),
        ("contains(tags, \"t4\")", vec![4]),
        ("size(size) < 3", vec![0, 1, 2]),
        ("#size = \"###\"", vec![3]),
        ("`size` = '###'", vec![3]),
        ("gone = null", vec![3]),
        ("gone = true AND price between 60 and 70", vec![12, 13, 14]),
        ("NOT gone = false AND price < 60", vec![3, 11]),
        ("deep.`order-id`[0] = 'o5'", vec![5]),
        ("deep.#order.x = 1", vec![]),
        ("price IN (5, 1.0e1, +15)", vec![1, 2, 3]),
        ("price = -5", vec![]),
        ("tags = {\"$ss\": [\"x\", \"t2\"]}", vec![2]),
        ("blob = {\"$b\": \"BwE=\"} AND price < 20", vec![1, 3]),
        ("deep = {\"order-id\": [\"o9\"]}", vec![9]),
        ("deep.`order-id` = [\"o9\"]", vec![9]),
        (
            "attribute_not_exists(nothing) AND attribute_exists(price) AND attribute_type(price, 'N') AND price = 0",
            vec![0],
        ),
        ("(price = 0 OR (price = 5)) AND NOT (price = 5)", vec![0]),
        ("10 >= price AND price <> 5", vec![0, 2]),
        ("name = 'it''s' OR name = \"say \\\"hi\\\" \\u00e9\\n\"", vec![]),
        ("  ", (0..20).collect()),
    ] {
        let page = filtered(filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
        let mut got = numbers(&page);
        got.sort_unstable();
        assert_eq!(got, wanted, "{filter}");
        assert_eq!(page.scanned, 20, "{filter}");
    }
}

#[test]
fn a_filter_that_is_wrong_says_where() {
    let world = World::new();
    fill(&world);
    for (filter, says) in [
        ("price > :p", "at character 9 (:p): a value is written itself"),
        ("name = 'open", "at character 8 ('open): this text does not end"),
        ("name = \"a\\qb\"", "\\q is no escape"),
        ("price = 1x", "1x is no number"),
        ("price = 1.2.3", "1.2.3 is no number"),
        ("price = 12345678901234567890123456789012345678901", "38 significant digits"),
        ("price 5", "at character 7 (5): an operator such as = or AND is missing"),
        ("price = 5 6", "an operator such as"),
        ("name = 'a' 'b'", "an operator such as"),
        ("größe = 1", "at character 3 (öße = 1): 'ö' has no meaning here: such a name is written in `backquotes`"),
        ("a ; b", "';' has no meaning"),
        ("`a = 1", "this name does not end"),
        ("`` = 1", "this name is empty"),
        ("# = 1", "no name follows the #"),
        ("deep[x] = 1", "a list's place is a number"),
        ("deep[0 = 1", "does not end"),
        ("a = {\"x\": }", "this JSON cannot be read"),
        ("a = {\"$q\": 1}", "none of the markers"),
        // DynamoDB's own sentences, with what was written in place of placeholders.
        ("price = = 5", "Syntax error"),
        ("price >", "Syntax error"),
        ("(price = 5", "Syntax error"),
        ("price", "Syntax error"),
        ("nosuch(price, 5)", "nosuch"),
        ("price = 5 AND", "Syntax error"),
        ("begins_with(name, 5)", "begins_with"),
        ("pk = 'a' and price = 1", "Filter Expression"),
    ] {
        let key = Some(KeyCondition { hash: vec!["a".into()], range: Vec::new() });
        let error = items(&world, Read { filter: filter.into(), key, ..read() }).unwrap_err();
        assert!(error.message.contains(says), "{filter}: {error}");
        assert!(!error.message.contains(":v0") && !error.message.contains("#n0"), "{filter}: {error}");
    }
}

#[test]
fn what_json_cannot_carry_comes_marked() {
    let world = World::new();
    table(&world);
    let put = world.aws.dynamodb.put_item().table_name("tab");
    let put = put
        .item("pk", AttributeValue::S("a".into()))
        .item("sk", AttributeValue::N("12345678901234567890.5".into()))
        .item("ns", AttributeValue::Ns(vec!["1".into(), "2.5".into()]))
        .item("bs", AttributeValue::Bs(vec![Blob::new("hi")]));
    world.run(async { put.send().await.unwrap() });
    let page = items(&world, read()).unwrap();
    let wanted: Value = json!({
        "bs": { "$bs": ["aGk="] }, "ns": { "$ns": [1, 2.5] }, "pk": "a", "sk": { "$n": "12345678901234567890.5" }
    });
    assert_eq!(page.items, [wanted]);
    // It goes on behind such a key too.
    let first = items(&world, Read { limit: 1, ..read() }).unwrap();
    assert!(items(&world, Read { after: first.next, ..read() }).unwrap().items.is_empty());
}
