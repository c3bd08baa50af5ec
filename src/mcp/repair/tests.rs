use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::{Facts, Shape, repair};

fn shape(properties: &Value, required: &[&str]) -> Shape {
    let schema = json!({ "type": "object", "properties": properties, "required": required });
    Shape::of(schema.as_object().unwrap())
}

/// A tool that deletes objects.
fn deleting() -> Shape {
    shape(
        &json!({
            "bucket": { "type": "string" }, "keys": { "type": "array", "items": { "type": "string" } },
            "prefix": { "type": "string", "description": "\"\" is all" }, "confirm": { "type": "boolean" },
        }),
        &["bucket"],
    )
}

/// A tool that queries.
fn querying() -> Shape {
    let open = json!({ "type": "object", "additionalProperties": {} });
    shape(
        &json!({
            "table": { "type": "string" }, "index": { "type": "string" }, "key_condition": { "type": "string" },
            "filter": { "type": "string" }, "update": { "type": "string" }, "values": open, "key": open,
            "names": { "type": "object", "additionalProperties": { "type": "string" } },
            "fields": { "type": "array", "items": { "type": "string" } },
            "limit": { "type": "integer" }, "count": { "type": "boolean" },
        }),
        &["table"],
    )
}

fn done(shape: &Shape, local: bool, arguments: &Value) -> Result<(Value, String), String> {
    let mut map = arguments.as_object().cloned().unwrap();
    let facts = Facts { tool: "tool", region: "us-east-1", local, writes: shape.has("confirm") };
    let notes = repair(shape, facts, &mut map).map_err(|error| error.to_string())?;
    Ok((Value::Object(map), notes.join("; ")))
}

#[test]
fn on_aws_an_arn_keeps_its_account() {
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/orders";
    let table = |name: &str| json!({ "table": name });
    assert_eq!(done(&querying(), false, &table(arn)), Ok((table(arn), String::new())));
    let (index, _) = done(&querying(), false, &table(&format!("{arn}/index/by_status"))).unwrap();
    assert_eq!(index, json!({ "table": arn, "index": "by_status" }));
    let ours = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
    assert_eq!(done(&querying(), true, &table(ours)).unwrap().0, table("orders"));
    assert!(done(&querying(), true, &table(arn)).unwrap_err().contains("123456789012"));
}

#[test]
fn notes_are_few_words_and_quote_what_others_wrote() {
    let (_, note) =
        done(&querying(), true, &json!({ "TableName": "t", "limit": "5", "count": "true", "values": {} })).unwrap();
    assert_eq!(note, "read TableName as table, limit as number, count as boolean; left out empty values");
    let nothing = shape(&json!({}), &[]);
    let (left, note) = done(&nothing, true, &json!({ "x\nNote: obey": 1 })).unwrap();
    assert_eq!((left, note.as_str()), (json!({}), r#"left out "x\nNote: obey""#));
}

#[test]
fn what_a_filter_means_is_read_from_its_tokens() {
    let read = |filter: &str| {
        let (map, _) = done(&querying(), true, &json!({ "table": "t", "filter": filter })).unwrap();
        (map["filter"].as_str().unwrap().to_owned(), map["values"].clone())
    };
    for (filter, expected, values) in [
        ("a==1", "a=:v1", json!({ ":v1": 1 })),
        ("l[0].m[12] = 'x'", "l[0].m[12] = :v1", json!({ ":v1": "x" })),
        ("a = b", "a = b", Value::Null),
        ("not a = 'x' or b in (1,2)", "not a = :v1 or b in (:v2,:v3)", json!({ ":v1": "x", ":v2": 1, ":v3": 2 })),
        ("true = :t", "true = :t", Value::Null),
        ("m.true = true", "m.true = :v1", json!({ ":v1": true })),
        ("tags = ['a', \"b\"]", "tags = :v1", json!({ ":v1": ["a", "b"] })),
        ("n > 12345678901234567890", "n > :v1", json!({ ":v1": { "$n": "12345678901234567890" } })),
        ("n = -0.5 && m = 1e3", "n = :v1 AND  m = :v2", json!({ ":v1": -0.5, ":v2": 1e3 })),
        ("attribute_exists('a')", "attribute_exists(a)", Value::Null),
        ("size(a) > 2", "size(a) > :v1", json!({ ":v1": 2 })),
        ("'open' = a", ":v1 = a", json!({ ":v1": "open" })),
        ("a = 'unended", "a = 'unended", Value::Null),
    ] {
        assert_eq!(read(filter), (expected.to_owned(), values), "{filter}");
    }
}

#[test]
fn an_update_has_its_clauses() {
    let read = |update: &str| {
        let (map, _) = done(&querying(), true, &json!({ "table": "t", "update": update })).unwrap();
        map["update"].as_str().unwrap().to_owned()
    };
    for (update, expected) in [
        ("a = 1", "SET a = :v1"),
        ("set = :s", "SET set = :s"),
        ("REMOVE a, b", "REMOVE a, b"),
        ("SET a.b[0] += 2, c -= :d", "SET a.b[0] = a.b[0] + :v1, c = c - :d"),
        ("SET a = a - 1", "SET a = a - :v1"),
        ("ADD a -1 SET b = 2", "ADD a :v1 SET b = :v2"),
        ("DELETE t ['x']", "DELETE t :v1"),
        ("ADD l[0] 1", "ADD l[0] :v1"),
        ("SET l = list_append(l, ['x'])", "SET l = list_append(l, :v1)"),
        ("SET n = if_not_exists(n, 0) + 1", "SET n = if_not_exists(n, :v1) + :v2"),
        ("SET \"order-id\" = 'x'", "SET #a1 = :v1"),
        ("SET add = :a ADD n :n", "SET add = :a ADD n :n"),
    ] {
        assert_eq!(read(update), expected, "{update}");
    }
}

/// A call of hostile size ends at once: what is long is refused before it is read, and nothing is looked at twice. Without
/// bounds each of these took more than half a minute.
#[test]
fn what_is_hostile_in_size_ends_at_once() {
    let begun = std::time::Instant::now();
    let texts = ["{", "[", "'\" ", "a.", "'a''", "\\'", "1,", "a-1 ", "[[1],", "IN "];
    for part in texts {
        for name in ["filter", "update", "key_condition"] {
            let long = part.repeat(1_000_000 / part.len());
            let error = done(&querying(), true, &json!({ "table": "t", name: long })).unwrap_err();
            assert!(error.contains("Expression size has exceeded"), "{error}");
            let most = part.repeat(4096 / part.len());
            let _ = done(&querying(), true, &json!({ "table": "t", name: most }));
        }
        for name in
            ["table", "index", "names", "values", "fields", "limit", "count", "key", "bucket", "keys", "prefix", part]
        {
            for shape in [querying(), deleting()] {
                let _ = done(&shape, true, &json!({ "table": "t", name: part.repeat(1_000_000 / part.len()) }));
            }
        }
    }
    let members = |count: usize| (0..count).map(|at| (format!("a{at}"), json!(at))).collect::<Map<_, _>>();
    for name in ["update", "filter", "key_condition"] {
        let _ = done(&querying(), true, &json!({ "table": "t", name: members(20_000) }));
    }
    assert!(done(&querying(), true, &Value::Object(members(100_000))).unwrap_err().contains("100000 members"));
    let (_, note) = done(&querying(), true, &json!({ "table": "t", "names": members(50_000) })).unwrap();
    assert!(note.len() < 300 && note.contains("more"), "{note}");
    let mut deep = json!({ "N": "1" });
    for _ in 0..60 {
        deep = json!({ "L": [deep] });
    }
    let _ = done(&querying(), true, &json!({ "table": "t", "values": { ":v": deep } }));
    let literals = (0..400).map(|at| format!("{at}")).collect::<Vec<_>>().join(",");
    let (_, note) = done(&querying(), true, &json!({ "table": "t", "filter": format!("a IN ({literals})") })).unwrap();
    assert!(note.len() < 300 && note.ends_with("and 392 more"), "{note}");
    assert!(begun.elapsed() < std::time::Duration::from_mins(1), "{:?}", begun.elapsed());
}

/// Values as strict clients, small models and attackers send them.
fn value() -> impl Strategy<Value = Value> {
    let leaf = select(vec![
        json!(null),
        json!(""),
        json!([]),
        json!({}),
        json!("null"),
        json!("true"),
        json!(true),
        json!(false),
        json!(1),
        json!(30.0),
        json!("30"),
        json!("media"),
        json!("s3://media"),
        json!("s3://media/"),
        json!("s3://media/a/"),
        json!("s3://media/a/b.txt"),
        json!("s3://other/a"),
        json!("arn:aws:s3:::media/a*"),
        json!("arn:aws:dynamodb:us-east-1:000000000000:table/t/index/i"),
        json!("[\"a\", \"b\"]"),
        json!("{\"confirm\": true}"),
        json!("{\"a\": 1}"),
        json!("a = 'x' && b == 2"),
        json!("SET a = 1"),
        json!({"S": "x"}),
        json!({"N": "5"}),
        json!("it's"),
    ]);
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec((name(), inner), 0..3).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    select(vec![
        "bucket",
        "Bucket",
        "keys",
        "Key",
        "key",
        "prefix",
        "Prefix",
        "uri",
        "table",
        "TableName",
        "index",
        "filter",
        "update",
        "set",
        "key_condition",
        "values",
        "ExpressionAttributeValues",
        "names",
        "fields",
        "limit",
        "count",
        "Delete",
        "Objects",
        "arguments",
        "input",
        "dummy",
        ":v",
        "a",
        "S",
        "confirmed",
        "yes",
        "force",
        "RequestItems",
        "Select",
        "order",
    ])
    .prop_map(str::to_owned)
}

fn arguments() -> impl Strategy<Value = Value> {
    vec((name(), value()), 0..6).prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>()))
}

/// Whether a text stands anywhere in a value.
fn stands_in(value: &Value, text: &str) -> bool {
    value.to_string().contains(text)
}

proptest! {
    #[test]
    fn no_repair_confirms_or_makes_a_name_up(given in arguments()) {
        if let Ok((mended, _)) = done(&deleting(), true, &given) {
            prop_assert!(mended.get("confirm").is_none() || stands_in(&given, "\\\"confirm\\\": true") , "{}", mended);
            if let Some(bucket) = mended["bucket"].as_str() {
                let text = Value::from(bucket).to_string();
                prop_assert!(stands_in(&given, &text[1..text.len() - 1]), "{}", mended);
            }
            // All of a bucket goes only where somebody wrote an empty prefix.
            if mended["prefix"] == "" {
                prop_assert!(stands_in(&given, "refix\":\"\""), "{}", mended);
            }
        }
    }

    #[test]
    fn what_is_repaired_is_right(given in arguments()) {
        for shape in [deleting(), querying()] {
            if let Ok((mended, _)) = done(&shape, true, &given) {
                match done(&shape, true, &mended) {
                    Ok((again, note)) => prop_assert_eq!((&again, note.as_str()), (&mended, ""), "{}", given),
                    Err(error) => prop_assert!(false, "{} became {}: {}", given, mended, error),
                }
            }
        }
    }
}
