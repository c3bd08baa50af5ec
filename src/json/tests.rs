use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

fn n(text: &str) -> AttributeValue {
    AttributeValue::N(text.to_owned())
}

fn refusal(json: &Value) -> String {
    to_attribute(json, "items[3].price").unwrap_err().to_string()
}

#[test]
fn every_type_has_its_natural_form() {
    let blob = || Blob::new(*b"hello");
    let pairs = [
        (AttributeValue::S("x".into()), json!("x")),
        (AttributeValue::Bool(true), json!(true)),
        (AttributeValue::Null(true), json!(null)),
        (n("12.5"), json!(12.5)),
        (AttributeValue::B(blob()), json!({"$b": "aGVsbG8="})),
        (AttributeValue::Ss(vec!["b".into(), "a".into()]), json!({"$ss": ["b", "a"]})),
        (
            AttributeValue::Ns(vec!["1".into(), "12345678901234567890".into()]),
            json!({"$ns": [1, "12345678901234567890"]}),
        ),
        (AttributeValue::Bs(vec![blob()]), json!({"$bs": ["aGVsbG8="]})),
        (AttributeValue::L(vec![n("1"), AttributeValue::S("1".into())]), json!([1, "1"])),
        (AttributeValue::M(Item::from([("a".into(), n("1"))])), json!({"a": 1})),
        (AttributeValue::M(Item::new()), json!({})),
    ];
    for (attribute, natural) in pairs {
        assert_eq!(from_attribute(&attribute).unwrap(), natural);
        assert_eq!(to_attribute(&natural, "value").unwrap(), attribute);
    }
}

#[test]
fn numbers_go_plain_exactly_where_a_double_carries_them() {
    for text in
        ["0", "-1", "9007199254740991", "-9007199254740991", "0.1", "3.141592653589793", "0.30000000000000004", "-2.5"]
    {
        assert!(from_attribute(&n(text)).unwrap().is_number(), "{text}");
    }
    for text in [
        "9007199254740992",
        "3.1415926535897932",
        "99999999999999999999999999999999999999",
        "1.50",
        "+1",
        "-0",
        "1E+2",
        "100000000000000000000",
        "007",
    ] {
        assert_eq!(from_attribute(&n(text)).unwrap(), json!({ "$n": text }));
    }
}

#[test]
fn a_whole_number_written_as_a_fraction_is_the_whole_number() {
    assert_eq!(to_attribute(&json!(1000.0), "v").unwrap(), n("1000"));
    assert_eq!(to_attribute(&json!(-0.0), "v").unwrap(), n("0"));
}

#[test]
fn a_number_that_may_have_been_rounded_is_refused_with_the_text_to_send() {
    let rounded: Value = serde_json::from_str("12345678901234567890123").unwrap();
    let message = refusal(&rounded);
    assert!(message.starts_with("items[3].price: 1.2345678901234568e+22 may have been rounded"), "{message}");
    assert!(message.contains(r#"{"$n": "12345678901234568000000"}"#), "{message}");
    for json in ["9007199254740992", "18446744073709551615", "-9007199254740993", "1e300"] {
        let message = refusal(&serde_json::from_str(json).unwrap());
        assert!(message.contains("may have been rounded"), "{json}: {message}");
    }
}

#[test]
fn a_marked_number_is_digits_or_a_number_that_survives() {
    assert_eq!(to_attribute(&json!({"$n": "1E+2"}), "v").unwrap(), n("1E+2"));
    assert_eq!(to_attribute(&json!({"$n": 5}), "v").unwrap(), n("5"));
    for bad in ["", "-", ".", "1e", "NaN", "inf", "0x10", "1_000", " 1", "1.2.3", "١"] {
        assert!(refusal(&json!({ "$n": bad })).contains("not a number in decimal notation"), "{bad}");
    }
}

#[test]
fn a_map_with_one_dollar_key_is_escaped() {
    for key in ["$n", "$m", "$", "$anything"] {
        let map = AttributeValue::M(Item::from([(key.to_owned(), AttributeValue::S("x".into()))]));
        let natural = from_attribute(&map).unwrap();
        assert_eq!(natural, json!({"$m": {key: "x"}}));
        assert_eq!(to_attribute(&natural, "v").unwrap(), map);
    }
    let two = json!({"$n": "x", "b": 1});
    assert_eq!(from_attribute(&to_attribute(&two, "v").unwrap()).unwrap(), two);
}

#[test]
fn an_unknown_marker_is_refused_with_the_escape() {
    let message = refusal(&json!({"$set": {"a": 1}}));
    assert!(message.contains(r#"{"$m": {"$set": …}}"#), "{message}");
}

#[test]
fn errors_name_the_path() {
    let item = json!({"pk": "a", "lines": [1, {"a.b": {"$b": "?"}}]});
    let error = to_item(&item, "items[0]").unwrap_err();
    assert_eq!(error.path, r#"items[0].lines[1]["a.b"].$b"#);
    assert_eq!(to_item(&json!([1]), "key").unwrap_err().problem, "an array is no object");
}

#[test]
fn a_whole_typed_item_is_read_as_typed() {
    let typed = json!({
        "pk": {"S": "a"}, "n": {"N": "12345678901234567890"}, "small": {"N": 5}, "b": {"B": "aGVsbG8="},
        "flag": {"BOOL": false}, "none": {"NULL": true}, "map": {"M": {"S": {"S": "inner"}}},
        "list": {"L": [{"N": "1"}]}, "ss": {"SS": ["a"]}, "ns": {"NS": ["1"]}, "bs": {"BS": ["aGVsbG8="]},
    });
    let natural = json!({
        "pk": "a", "n": {"$n": "12345678901234567890"}, "small": 5, "b": {"$b": "aGVsbG8="},
        "flag": false, "none": null, "map": {"S": "inner"},
        "list": [1], "ss": {"$ss": ["a"]}, "ns": {"$ns": [1]}, "bs": {"$bs": ["aGVsbG8="]},
    });
    assert_eq!(to_item(&typed, "item").unwrap(), to_item(&natural, "item").unwrap());
}

#[test]
fn one_value_that_is_not_typed_makes_the_item_natural() {
    let item = to_item(&json!({"pk": "a", "sizes": {"S": "small"}}), "item").unwrap();
    assert_eq!(from_item(&item).unwrap(), json!({"pk": "a", "sizes": {"S": "small"}}));
}

#[test]
fn a_map_that_reads_as_typed_json_is_escaped() {
    for (natural, escaped) in [
        (json!({"N": "12"}), true),
        (json!({"BOOL": true}), true),
        (json!({"SS": ["a"]}), true),
        (json!({"M": {"x": {"S": "a"}}}), true),
        (json!({"S": "small"}), false),
        (json!({"N": 12}), false),
        (json!({"M": {}}), false),
        (json!({"N": "12", "S": "x"}), false),
    ] {
        let attribute = to_attribute(&natural, "v").unwrap();
        let shown = from_attribute(&attribute).unwrap();
        assert_eq!(shown, if escaped { json!({ "$m": natural }) } else { natural });
        assert_eq!(to_attribute(&shown, "v").unwrap(), attribute);
    }
}

#[test]
fn a_fraction_that_prints_back_alike_is_taken() {
    assert_eq!(to_attribute(&json!(0.1 + 0.2), "v").unwrap(), n("0.30000000000000004"));
    assert_eq!(to_attribute(&json!(1.0 / 3.0), "v").unwrap(), n("0.3333333333333333"));
}

#[test]
fn faults_inside_typed_json_are_named_there() {
    let error = to_item(&json!({"pk": {"S": "a"}, "m": {"M": {"x": 1}}}), "item").unwrap_err();
    assert_eq!((error.path.as_str(), error.problem.contains("typed JSON")), ("item.m.M.x", true));
    let error = to_item(&json!({"pk": {"S": 5}}), "item").unwrap_err();
    assert_eq!(error.to_string(), "item.pk.S: a number is no string; send a string");
    assert!(to_item(&json!({"pk": {"NULL": false}}), "item").is_err());
}

#[test]
fn an_expression_value_that_may_be_typed_is_refused_with_both_spellings() {
    let error = to_expression_values(&json!({":a": 1, ":b": {"S": "x"}}), "values").unwrap_err();
    assert_eq!(error.path, "values.:b");
    assert_eq!(error.send, r#""x" for the value, {"$m": {"S": …}} for the map"#);
    let map = to_expression_value(&json!({"$m": {"S": "x"}}), "values.:b").unwrap();
    assert_eq!(map, AttributeValue::M(Item::from([("S".into(), AttributeValue::S("x".into()))])));
    let hint = |json| to_expression_value(&json, "v").unwrap_err().send;
    assert!(hint(json!({"N": "1"})).starts_with("1 for the value"));
    assert!(hint(json!({"SS": ["a"]})).starts_with(r#"{"$ss": […]} for the value"#));
}

#[test]
fn nesting_is_bounded_both_ways() {
    let mut deep = json!(1);
    let mut attribute = n("1");
    for _ in 0..MAX_DEPTH {
        deep = json!([deep]);
        attribute = AttributeValue::L(vec![attribute]);
    }
    assert_eq!(to_attribute(&deep, "v").unwrap(), attribute);
    assert_eq!(from_attribute(&attribute).unwrap(), deep);
    assert!(to_attribute(&json!([deep]), "v").unwrap_err().problem.contains("deeper"));
    assert!(from_attribute(&AttributeValue::L(vec![attribute])).unwrap_err().problem.contains("deeper"));
}

fn number_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        (-100_000i64..100_000).prop_map(|n| n.to_string()),
        "-?[0-9]{1,38}",
        "-?[0-9]{0,12}\\.[0-9]{1,26}",
        "[+-]?[0-9]{1,5}(\\.[0-9]{0,3})?[eE][+-]?[0-9]{1,3}",
    ]
}

/// Names that collide with markers and type names as often as not.
fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,3}", "\\$(n|b|ss|ns|bs|m|x)?", "S|N|B|BOOL|NULL|M|L|SS|NS|BS", "\\PC{1,4}"]
}

fn blob() -> impl Strategy<Value = Blob> {
    vec(any::<u8>(), 0..8).prop_map(Blob::new)
}

fn attribute() -> impl Strategy<Value = AttributeValue> {
    let leaf = prop_oneof![
        "\\PC{0,8}".prop_map(AttributeValue::S),
        number_text().prop_map(AttributeValue::N),
        blob().prop_map(AttributeValue::B),
        any::<bool>().prop_map(AttributeValue::Bool),
        Just(AttributeValue::Null(true)),
        vec("\\PC{0,4}", 0..4).prop_map(AttributeValue::Ss),
        vec(number_text(), 0..4).prop_map(AttributeValue::Ns),
        vec(blob(), 0..4).prop_map(AttributeValue::Bs),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(AttributeValue::L),
            hash_map(name(), inner, 0..3).prop_map(AttributeValue::M),
        ]
    })
}

/// Any JSON, with markers and type names as keys and numbers of every size.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1000i32..1000).prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        number_text().prop_map(Value::from),
        "[a-zA-Z0-9+/]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            hash_map(name(), inner, 0..3).prop_map(|map| Value::Object(Map::from_iter(map))),
        ]
    })
}

/// What a client makes of our answer: text, and numbers that are doubles.
fn through_a_client(json: &Value) -> Value {
    serde_json::from_str(&json.to_string()).unwrap()
}

proptest! {
    #[test]
    fn attributes_survive_json(attribute in attribute()) {
        let natural = from_attribute(&attribute).unwrap();
        prop_assert_eq!(to_attribute(&through_a_client(&natural), "v").unwrap(), attribute);
    }

    #[test]
    fn items_survive_json(item in hash_map(name(), attribute(), 0..4)) {
        let natural = from_item(&item).unwrap();
        prop_assert_eq!(to_item(&through_a_client(&natural), "item").unwrap(), item);
    }

    #[test]
    fn accepted_json_settles_at_once_and_keeps_its_meaning(json in any_json()) {
        if let Ok(attribute) = to_attribute(&json, "v") {
            let natural = from_attribute(&attribute).unwrap();
            prop_assert_eq!(&to_attribute(&natural, "v").unwrap(), &attribute);
            prop_assert_eq!(from_attribute(&to_attribute(&natural, "v").unwrap()).unwrap(), natural);
        }
    }

    #[test]
    fn plain_json_is_its_own_natural_form(text in "\\PC{0,8}", whole in -9_007_199_254_740_991i64..9_007_199_254_740_991,
                                          cents in -1_000_000_000i32..1_000_000_000, flag: bool) {
        let json = json!({"t": text, "w": whole, "f": [f64::from(cents) / 128.0 + 0.0, flag, null]});
        if let Ok(attribute) = to_attribute(&json, "v") {
            let natural = from_attribute(&attribute).unwrap();
            prop_assert_eq!(&natural["t"], &json["t"]);
            prop_assert_eq!(&natural["w"], &json["w"]);
            prop_assert_eq!(natural["f"][0].as_f64(), json["f"][0].as_f64());
        }
    }
}
