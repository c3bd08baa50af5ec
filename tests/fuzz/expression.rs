//! Expressions: conditions, filters, key conditions, projections, updates.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use crate::change::{changes, text};
use crate::dynamo::Dynamo;
use crate::dynamodb::{answered, with_table};
use crate::json::{twisted, twists};
use crate::target::{Target, ensure};

const WORDS: &[&str] = &[
    "#n",
    ":v",
    ":s",
    "pk",
    "sk",
    "v",
    "size",
    "status",
    "AND",
    "OR",
    "NOT",
    "BETWEEN",
    "IN",
    "SET",
    "REMOVE",
    "ADD",
    "DELETE",
    "(",
    ")",
    "[",
    "]",
    "[0]",
    "[99999999999999999999]",
    ".",
    ",",
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "#",
    ":",
    "\"",
    "1",
    "-1",
    "é",
    "",
    "attribute_exists",
    "attribute_type",
    "begins_with",
    "contains",
    "if_not_exists",
    "list_append",
];

fn path() -> impl Strategy<Value = String> {
    let step = select(&["v", "#n", "pk", "g", "sk", "ss", "l", "b", "_x"][..]);
    let more = select(&[".l", ".l[0]", "[0]", ".#n", "[1].a", ".ss", ".ns", ".bs"][..]);
    (step, vec(more, 0..3)).prop_map(|(first, more)| format!("{first}{}", more.concat()))
}

fn operand() -> impl Strategy<Value = String> {
    prop_oneof![3 => path(), 3 => select(&[":v", ":s", ":l", ":ss", ":b", ":none"][..]).prop_map(str::to_owned),
        1 => path().prop_map(|path| format!("size({path})"))]
}

fn condition() -> impl Strategy<Value = String> {
    let compare = select(&["=", "<>", "<", "<=", ">", ">="][..]);
    let function = select(&["begins_with", "contains", "attribute_type"][..]);
    let leaf = prop_oneof![
        (operand(), compare, operand()).prop_map(|(left, compare, right)| format!("{left} {compare} {right}")),
        (operand(), operand(), operand()).prop_map(|(it, low, high)| format!("{it} BETWEEN {low} AND {high}")),
        (operand(), vec(operand(), 1..4)).prop_map(|(it, list)| format!("{it} IN ({})", list.join(", "))),
        (path(), any::<bool>())
            .prop_map(|(path, not)| format!("attribute{}_exists({path})", if not { "_not" } else { "" })),
        (function, path(), operand()).prop_map(|(function, path, operand)| format!("{function}({path}, {operand})")),
    ];
    leaf.prop_recursive(5, 32, 3, |inner| {
        prop_oneof![
            (inner.clone(), select(&["AND", "OR", "and"][..]), inner.clone())
                .prop_map(|(left, word, right)| format!("{left} {word} {right}")),
            inner.clone().prop_map(|inner| format!("NOT {inner}")),
            inner.prop_map(|inner| format!("({inner})")),
        ]
    })
}

fn update() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        operand(),
        (operand(), select(&["+", "-"][..]), operand())
            .prop_map(|(left, sign, right)| format!("{left} {sign} {right}")),
        (path(), operand()).prop_map(|(path, operand)| format!("if_not_exists({path}, {operand})")),
        (operand(), operand()).prop_map(|(left, right)| format!("list_append({left}, {right})")),
    ];
    let set = vec((path(), value).prop_map(|(path, value)| format!("{path} = {value}")), 1..4)
        .prop_map(|list| format!("SET {}", list.join(", ")));
    let pairs = |word: &'static str| {
        vec((path(), operand()).prop_map(|(path, value)| format!("{path} {value}")), 1..3)
            .prop_map(move |list| format!("{word} {}", list.join(", ")))
    };
    let remove = vec(path(), 1..4).prop_map(|list| format!("REMOVE {}", list.join(", ")));
    vec(prop_oneof![3 => set, 1 => remove, 1 => pairs("ADD"), 1 => pairs("DELETE")], 1..4)
        .prop_map(|parts| parts.join(" "))
}

/// Which expression an operation has, and one for it.
fn asked() -> impl Strategy<Value = ((&'static str, &'static str), String)> {
    let places = [
        ("PutItem", "ConditionExpression"),
        ("DeleteItem", "ConditionExpression"),
        ("UpdateItem", "ConditionExpression"),
    ];
    let filters = [("Query", "FilterExpression"), ("Scan", "FilterExpression")];
    let conditions = (select([&places[..], &filters[..]].concat()), condition());
    let updates = (Just(("UpdateItem", "UpdateExpression")), update());
    let paths = vec(path(), 1..6).prop_map(|list| list.join(", "));
    let projections = (select(vec![("Scan", "ProjectionExpression"), ("GetItem", "ProjectionExpression")]), paths);
    let keys = vec!["pk = :s", "pk = :s AND sk BETWEEN :v AND :v", ":s = pk AND sk<:v", "(pk = :s) AND (sk > :v)"];
    let keys = (Just(("Query", "KeyConditionExpression")), select(keys).prop_map(str::to_owned));
    let soup = vec(select(WORDS), 0..30).prop_map(|words| words.join(" "));
    let deep = select(vec!["(", "NOT ", "a.", "a[0]", "a = :v AND ", "SET a = :v, ", ":v + ", "size("]);
    let deep = (deep, 1..6000_usize).prop_map(|(piece, times)| piece.repeat(times));
    let anywhere =
        select(vec![places[0], filters[0], ("UpdateItem", "UpdateExpression"), ("GetItem", "ProjectionExpression")]);
    prop_oneof![4 => conditions, 4 => updates, 2 => projections, 1 => keys, 1 => (anywhere, prop_oneof![soup, deep])]
}

fn names_and_values() -> Json {
    json!({
        "names": {"#n": "v"},
        "values": {":v": {"N": "1"}, ":s": {"S": "a"}, ":l": {"L": [{"N": "1"}]}, ":ss": {"SS": ["x"]}, ":b": {"B": "AA=="}},
    })
}

#[test]
fn an_expression_holds_does_not_or_is_refused() {
    let target = Target::new("expression", 900);
    let dynamo = target.set_up(async { Dynamo::open() });
    let on_text = prop_oneof![3 => Just(Vec::new()), 1 => changes()];
    let on_values = prop_oneof![4 => Just(Vec::new()), 1 => twists()];
    let inputs = (asked(), on_text, on_values);
    target.holds(&inputs, async |(((operation, place), expression), on_text, on_values)| {
        with_table(&dynamo).await?;
        let key = json!({"pk": {"S": "a"}, "sk": {"N": "1"}});
        let known = twisted(&names_and_values(), &on_values);
        let mut request = json!({"TableName": "tab", "ExpressionAttributeNames": known["names"],
            "ExpressionAttributeValues": known["values"], "Key": key});
        if operation == "Query" {
            request["KeyConditionExpression"] = json!("pk = :s");
        }
        if operation == "PutItem" {
            request["Item"] = crate::dynamodb::item();
        }
        request[place] = json!(text(&expression, &on_text));
        // Else each would be refused for a value that nothing uses, which comes last.
        let used = request[place].as_str().unwrap_or_default().to_owned()
            + request["KeyConditionExpression"].as_str().unwrap_or_default();
        for (list, all) in [("ExpressionAttributeNames", "names"), ("ExpressionAttributeValues", "values")] {
            if on_values.is_empty() {
                let members = known[all].as_object().unwrap();
                let kept = members.iter().filter(|(name, _)| used.contains(name.as_str()));
                let kept: serde_json::Map<_, _> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
                request[list] = json!(kept);
            }
            if request[list].as_object().is_some_and(serde_json::Map::is_empty) {
                request.as_object_mut().unwrap().remove(list);
            }
        }
        if ["PutItem", "Query", "Scan"].contains(&operation) {
            request.as_object_mut().unwrap().remove("Key");
        }
        let (status, answer) =
            answered(&dynamo, &format!("DynamoDB_20120810.{operation}"), request.to_string().into()).await?;
        let kind = answer["__type"].as_str().unwrap_or_default();
        // What a condition says of the item is an answer as well.
        if status == 200 || kind.ends_with("ConditionalCheckFailedException") {
            target.accepted();
        }
        let known = [
            "ValidationException",
            "ConditionalCheckFailedException",
            "SerializationException",
            "ItemCollectionSizeLimitExceededException",
        ];
        ensure(status == 200 || known.iter().any(|known| kind.ends_with(known)), || {
            format!("answered {status} {answer}")
        })
    });
    target.accepts_one_in(10);
    target.set_up(dynamo.service.close());
}
