//! Secondary indexes at the wire: made, kept, read, changed.
#![allow(clippy::expect_used, clippy::must_use_candidate, reason = "a test fails by panicking, and uses what it makes")]

mod check;
mod create;
mod keep;
mod read;
mod update;

#[path = "../support/dynamodb.rs"]
mod support;

use serde_json::{Value as Json, json};

/// An index of this name, keys (`name`, `name:N`; those after a `/` are sort keys) and projection (`ALL`, `KEYS_ONLY`, or
/// the attributes that are included).
pub fn index(name: &str, keys: &str, projection: &str) -> Json {
    let (hash, range) = keys.split_once('/').unwrap_or((keys, ""));
    let parts = |list: &str, kind: &str| {
        let names = list.split_whitespace().map(|part| part.split(':').next().unwrap_or_default());
        names.map(|name| json!({"AttributeName": name, "KeyType": kind})).collect::<Vec<_>>()
    };
    let projection = match projection {
        "ALL" | "KEYS_ONLY" => json!({"ProjectionType": projection}),
        names => {
            json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": names.split_whitespace().collect::<Vec<_>>()})
        }
    };
    let keys = [parts(hash, "HASH"), parts(range, "RANGE")].concat();
    json!({"IndexName": name, "KeySchema": keys, "Projection": projection})
}

/// A CreateTable request for an on-demand table with key `pk` and `sk` (a number), and these key attributes of indexes.
pub fn table(attributes: &str, local: &[Json], global: &[Json]) -> Json {
    let attributes: Vec<_> = ["pk", "sk:N"].into_iter().chain(attributes.split_whitespace()).map(attribute).collect();
    let mut request = json!({
        "TableName": "tab", "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": attributes,
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    });
    if !local.is_empty() {
        request["LocalSecondaryIndexes"] = json!(local);
    }
    if !global.is_empty() {
        request["GlobalSecondaryIndexes"] = json!(global);
    }
    request
}

/// An attribute definition.
pub fn attribute(text: &str) -> Json {
    let (name, kind) = text.split_once(':').unwrap_or((text, "S"));
    json!({"AttributeName": name, "AttributeType": kind})
}

/// An item with key `pk` and `sk`, and these string (or, where they read as such, number) attributes.
pub fn item(pk: &str, sk: i64, attributes: &[(&str, &str)]) -> Json {
    let mut item = json!({"pk": {"S": pk}, "sk": {"N": sk.to_string()}});
    for (name, value) in attributes {
        item[*name] = value.parse::<i64>().map_or_else(|_| json!({"S": value}), |n| json!({"N": n.to_string()}));
    }
    item
}
