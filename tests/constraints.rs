//! Breaks every declared constraint of every member of every built operation at the wire, and pairs of them, and holds
//! the answers against what the declarations say.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/dynamodb.rs"]
mod support;

use footbridge::emulator::dynamodb::constraint::echo::echo;
use footbridge::emulator::dynamodb::constraint::recorded::{self, Phrase};
use footbridge::emulator::dynamodb::constraint::shape::{Constraint, Member, Shape, Structure};
use footbridge::emulator::dynamodb::constraint::{model, streams};
use footbridge::emulator::dynamodb::operation::{self, STREAMS};
use serde_json::{Map, Value as Json, json};
use support::Dynamo;

/// A request that breaks one constraint, and what AWS says to it.
struct Breach {
    member: &'static Member,
    /// The member's value, or `None` where it is left out.
    value: Option<Json>,
    message: String,
    /// Whether AWS then reports nothing else.
    ends: bool,
    /// Whether the count of violations stands before the message.
    counted: bool,
    /// Whether AWS reports it only where no other member is wrong.
    beaten: bool,
}

/// One violation inside a member's value.
struct Inner {
    value: Json,
    message: String,
}

fn built() -> impl Iterator<Item = (&'static str, &'static Structure)> {
    operation::built().chain(STREAMS.iter().copied()).map(|operation| {
        let mut declared = model::OPERATIONS.iter().chain(streams::OPERATIONS);
        let shape = declared.find(|(name, _)| *name == operation.name).expect("an operation of AWS's").1;
        let Shape::Structure(structure) = shape else { panic!("a request is a structure") };
        (operation.name, structure)
    })
}

/// A value of this shape that breaks nothing.
fn valid(shape: &Shape) -> Json {
    match shape {
        Shape::AttributeValue => json!({"S": "x"}),
        Shape::Blob => json!("AA=="),
        Shape::Boolean => json!(true),
        Shape::Timestamp | Shape::Double => json!(1.5),
        Shape::Integer(range) | Shape::Long(range) => json!(range.min.unwrap_or(1)),
        Shape::String(text) if !text.values.is_empty() => json!(text.values[0]),
        Shape::String(text) => json!("a".repeat(text.min.unwrap_or(3).max(3) as usize)),
        Shape::List(list) => (0..list.min.unwrap_or(1)).map(|_| valid(list.element)).collect(),
        Shape::Map(map) => entries(map.key, map.value, map.min.unwrap_or(1) as usize),
        Shape::Structure(structure) => required(structure),
    }
}

fn required(structure: &Structure) -> Json {
    let members = structure.members.iter().filter(|member| member.required);
    Json::Object(members.map(|member| (member.name.to_owned(), valid(member.shape))).collect())
}

fn entries(key: &Shape, value: &Shape, count: usize) -> Json {
    let key = valid(key).as_str().expect("a map's key is text").to_owned();
    Json::Object((0..count).map(|number| (format!("{key}{number}"), valid(value))).collect())
}

/// Values that break one constraint of the shape itself each.
fn breaking(shape: &Shape) -> Vec<(Constraint, Json)> {
    let mut all = Vec::new();
    let letters = |count: u32| json!("a".repeat(count as usize));
    match shape {
        Shape::Integer(range) | Shape::Long(range) => {
            all.extend(range.min.map(|min| (Constraint::MinValue(min), json!(min - 1))));
            all.extend(range.max.map(|max| (Constraint::MaxValue(max), json!(max + 1))));
        }
        Shape::String(text) => {
            all.extend(text.min.filter(|min| *min > 0).map(|min| (Constraint::MinLength(min), letters(min - 1))));
            all.extend(text.max.map(|max| (Constraint::MaxLength(max), letters(max + 1))));
            let long = text.min.unwrap_or(0) as usize;
            let other = json!(format!("{:!<long$}", "not this!"));
            all.extend(text.pattern.map(|pattern| (Constraint::Pattern(pattern), other)));
            if !text.values.is_empty() {
                all.push((Constraint::Enum(text.values), json!("INVALID")));
            }
        }
        Shape::List(list) => {
            all.extend(list.min.map(|min| (Constraint::MinLength(min), json!([]))));
            let over = |max: u32| (0..=max).map(|_| valid(list.element)).collect::<Json>();
            all.extend(list.max.map(|max| (Constraint::MaxLength(max), over(max))));
        }
        Shape::Map(map) => {
            all.extend(map.min.map(|min| (Constraint::MinLength(min), json!({}))));
            let over = |max: u32| entries(map.key, map.value, max as usize + 1);
            all.extend(map.max.map(|max| (Constraint::MaxLength(max), over(max))));
        }
        _ => {}
    }
    all
}

/// AWS's words for a constraint, written down here a second time.
fn words(constraint: Constraint) -> String {
    match constraint {
        Constraint::NotNull => "Member must not be null".to_owned(),
        Constraint::MinLength(min) => format!("Member must have length greater than or equal to {min}"),
        Constraint::MaxLength(max) => format!("Member must have length less than or equal to {max}"),
        Constraint::MinValue(min) => format!("Member must have value greater than or equal to {min}"),
        Constraint::MaxValue(max) => format!("Member must have value less than or equal to {max}"),
        Constraint::Pattern(pattern) => format!("Member must satisfy regular expression pattern: {pattern}"),
        Constraint::Enum(["S", "N", "B"]) => "Member must satisfy enum value set: [B, N, S]".to_owned(),
        Constraint::Enum(["ALL_ATTRIBUTES", ..]) => "Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, \
             ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]"
            .to_owned(),
        Constraint::Enum(values) => format!("Member must satisfy enum value set: [{}]", values.join(", ")),
    }
}

/// Everything that what a list or map holds must satisfy, as AWS lists it.
fn all_words(shape: &Shape) -> String {
    let mut constraints: Vec<_> = breaking(shape).into_iter().map(|(constraint, _)| constraint).collect();
    // The greatest length comes first.
    constraints.sort_by_key(|constraint| !matches!(constraint, Constraint::MaxLength(_) | Constraint::MaxValue(_)));
    constraints.into_iter().map(words).collect::<Vec<_>>().join(", ")
}

fn lower(name: &str) -> String {
    name[..1].to_lowercase() + &name[1..]
}

/// Every single violation at or below a member's value, which stands at `path` in messages.
fn inside(path: &str, shape: &'static Shape) -> Vec<Inner> {
    let own = breaking(shape).into_iter().map(|(constraint, value)| {
        let message = format!(
            "Value '{}' at '{path}' failed to satisfy constraint: {}",
            echo(shape, Some(&value)),
            words(constraint)
        );
        Inner { value, message }
    });
    own.chain(below(path, shape)).collect()
}

/// Every single violation below a value.
fn below(path: &str, shape: &'static Shape) -> Vec<Inner> {
    let held = |subject: &str, held: &Shape, value: Json| {
        let echo = echo(shape, Some(&value));
        let all = all_words(held);
        let message = format!(
            "Value '{echo}' at '{path}' failed to satisfy constraint: {subject} must satisfy constraint: [{all}]"
        );
        Inner { value, message }
    };
    match shape {
        Shape::Structure(structure) => structure
            .members
            .iter()
            .flat_map(|member| {
                let path = format!("{path}.{}", lower(member.name));
                let missing = member.required.then(|| {
                    let message =
                        format!("Value null at '{path}' failed to satisfy constraint: Member must not be null");
                    (None, message)
                });
                let present = inside(&path, member.shape).into_iter().map(|inner| (Some(inner.value), inner.message));
                missing.into_iter().chain(present).map(move |(value, message)| Inner {
                    value: with(required(structure), member.name, value),
                    message,
                })
            })
            .collect(),
        Shape::List(list) => {
            let own = breaking(list.element).into_iter().map(|(_, value)| held("Member", list.element, json!([value])));
            let path = format!("{path}.1.member");
            let below = below(&path, list.element).into_iter();
            own.chain(below.map(|inner| Inner { value: json!([inner.value]), ..inner })).collect()
        }
        Shape::Map(map) => {
            let keys = breaking(map.key).into_iter().map(|(_, key)| {
                let key = key.as_str().expect("text").to_owned();
                held("Map keys", map.key, Json::Object(Map::from_iter([(key, valid(map.value))])))
            });
            let values =
                breaking(map.value).into_iter().map(|(_, value)| held("Map value", map.value, json!({"aaa": value})));
            let below = below(&format!("{path}.aaa.member"), map.value).into_iter();
            keys.chain(values).chain(below.map(|inner| Inner { value: json!({"aaa": inner.value}), ..inner })).collect()
        }
        _ => Vec::new(),
    }
}

fn with(mut object: Json, member: &str, value: Option<Json>) -> Json {
    let members = object.as_object_mut().expect("an object");
    match value {
        Some(value) => members.insert(member.to_owned(), value),
        None => members.remove(member),
    };
    object
}

/// Every violation of an operation's request.
fn breaches(operation: &str, structure: &'static Structure) -> Vec<Breach> {
    let mut all = Vec::new();
    for member in structure.members {
        let path = lower(member.name);
        if member.required {
            let message = format!("Value null at '{path}' failed to satisfy constraint: Member must not be null");
            let rule = recorded::rule(operation, member.name, Constraint::NotNull);
            let (message, counted) = match rule.map(|rule| rule.phrase) {
                Some(Phrase::Sentence(sentence)) => (sentence.to_owned(), false),
                _ => (message, true),
            };
            let ends = rule.is_some_and(|rule| rule.ends.contains(&operation));
            all.push(Breach { member, value: None, message, ends, counted, beaten: false });
        }
        let own =
            breaking(member.shape).into_iter().map(|(constraint, _)| Some(constraint)).chain(std::iter::repeat(None));
        for (constraint, Inner { value, message }) in own.zip(inside(&path, member.shape)) {
            let rule = constraint.and_then(|constraint| recorded::rule(operation, member.name, constraint));
            let ends = rule.is_some_and(|rule| rule.ends.contains(&operation));
            let constraint = constraint.map(words).unwrap_or_default();
            let message = batch_words(operation, &value, message);
            let beaten = operation == "BatchWriteItem" && message.contains(NAMES);
            let (message, counted) = match rule.map(|rule| rule.phrase) {
                None | Some(Phrase::Echo) => (message, true),
                Some(Phrase::Member) => {
                    (format!("Value at '{}' failed to satisfy constraint: {constraint}", member.name), true)
                }
                Some(Phrase::Values(values)) => {
                    (format!("Failed to satisfy constraint: {}", words(Constraint::Enum(values))), true)
                }
                Some(Phrase::Sentence(sentence)) => (sentence.to_owned(), false),
            };
            all.push(Breach { member, value: Some(value), message, ends, counted, beaten });
        }
    }
    all
}

/// What AWS says of the names of a batch's tables, after the values.
const NAMES: &str = "at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: ";

/// What a batch says instead: it shows its tables as JSON where a name is wrong, and too few or too many keys not at all.
fn batch_words(operation: &str, value: &Json, message: String) -> String {
    let length = "failed to satisfy constraint: Member must have length";
    let keys = format!("at 'requestItems.aaa.member.keys' {length}");
    match (message.split_once(NAMES), message.split_once(&keys)) {
        (Some((_, rest)), _) => format!("Value '{value}' {NAMES}{rest}"),
        (None, Some((_, rest))) if operation == "BatchGetItem" => {
            format!("Value at 'RequestItems.aaa.member.Keys' {length}{rest}")
        }
        _ => message,
    }
}

fn message(breaches: &[&Breach]) -> String {
    let count = breaches.len();
    let all: Vec<_> = breaches.iter().map(|breach| breach.message.as_str()).collect();
    let plural = if count == 1 { "" } else { "s" };
    if breaches.iter().all(|breach| breach.counted) {
        format!("{count} validation error{plural} detected: {}", all.join("; "))
    } else {
        all.join("; ")
    }
}

#[tokio::test]
async fn every_constraint_of_every_member_is_checked() {
    let dynamo = Dynamo::open();
    let mut checked = 0;
    for (operation, structure) in built() {
        for breach in breaches(operation, structure) {
            let request = with(required(structure), breach.member.name, breach.value.clone());
            let answer = dynamo.call(operation, request).await;
            let got = (answer.status, answer.exception(), answer.message());
            assert_eq!(got, (400, "ValidationException", message(&[&breach]).as_str()), "{operation}");
            checked += 1;
        }
    }
    assert!(checked > 200, "{checked} constraints are declared");
}

#[tokio::test]
async fn two_violations_are_joined_in_order() {
    let dynamo = Dynamo::open();
    for (operation, structure) in built() {
        let first = recorded::first(operation);
        // Of each member its absence and what breaks its first constraints.
        let mut of_each: Vec<Breach> = Vec::new();
        for breach in breaches(operation, structure) {
            if of_each.iter().filter(|other| std::ptr::eq(other.member, breach.member)).count() < 3 {
                of_each.push(breach);
            }
        }
        of_each.sort_by_key(|breach| first.iter().position(|name| *name == breach.member.name).unwrap_or(first.len()));
        for (at, one) in of_each.iter().enumerate() {
            for two in of_each[at + 1..].iter().filter(|two| !std::ptr::eq(two.member, one.member)) {
                let request = with(required(structure), one.member.name, one.value.clone());
                let request = with(request, two.member.name, two.value.clone());
                // A missing key of UpdateItem leaves nothing out.
                let all = operation == "UpdateItem"
                    && [one, two].iter().any(|breach| breach.member.name == "Key" && breach.value.is_none());
                let want = match (one.ends, two.ends) {
                    _ if all => message(&[one, two]),
                    _ if one.beaten => message(&[two]),
                    _ if two.beaten => message(&[one]),
                    (false, true) => message(&[two]),
                    (false, false) => message(&[one, two]),
                    // An empty table name comes before anything else (recorded for PutItem); a missing one, too.
                    (true, true) if ["TableName", "ConditionalOperator"].contains(&two.member.name) => message(&[two]),
                    (true, _) => message(&[one]),
                };
                let answer = dynamo.call(operation, request).await;
                assert_eq!(
                    (answer.exception(), answer.message()),
                    ("ValidationException", want.as_str()),
                    "{operation}"
                );
            }
        }
    }
}

/// The values that AWS has for what the declarations above only say in general.
#[tokio::test]
async fn what_is_worded_apart_is_worded_so() {
    let dynamo = Dynamo::open();
    let length = |bound: &str| format!("failed to satisfy constraint: Member must have length {bound}");
    let keys = |count: usize| (0..count).map(|n| json!({"pk": {"S": n.to_string()}})).collect::<Vec<_>>();
    let name = "failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal \
                to 255, Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: \
                [a-zA-Z0-9_.-]+]";
    let capacity = "Value 'X' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: \
                    [INDEXES, TOTAL, NONE]";
    let returns = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, \
                   UPDATE_NEW, NONE]";
    let no_name = "The parameter 'TableName' is required but was not present in the request";
    let no_key = "Value null at 'key' failed to satisfy constraint: Member must not be null";
    let empty = format!("Value at 'TableName' {}", length("greater than or equal to 1"));
    let token = "t".repeat(37);
    let put = json!({"ab": [{"PutRequest": {"Item": {"pk": {"S": "x"}}}}]});
    for (operation, request, messages) in [
        (
            "BatchGetItem",
            json!({"RequestItems": {"ab": {"Keys": keys(1)}}}),
            vec![format!(r#"Value '{{"ab":{{"Keys":[{{"pk":{{"S":"0"}}}}]}}}}' at 'requestItems' {name}"#)],
        ),
        (
            "BatchGetItem",
            json!({"RequestItems": {"tab": {"Keys": keys(101)}}}),
            vec![format!("Value at 'RequestItems.tab.member.Keys' {}", length("less than or equal to 100"))],
        ),
        (
            "BatchGetItem",
            json!({"RequestItems": {"tab": {"Keys": []}}}),
            vec![format!("Value at 'RequestItems.tab.member.Keys' {}", length("greater than or equal to 1"))],
        ),
        (
            "BatchWriteItem",
            json!({"RequestItems": put}),
            vec![format!(
                r#"Value '{{"ab":[{{"PutRequest":{{"Item":{{"pk":{{"S":"x"}}}}}}}}]}}' at 'requestItems' {name}"#
            )],
        ),
        ("BatchWriteItem", json!({"RequestItems": put, "ReturnConsumedCapacity": "X"}), vec![capacity.to_owned()]),
        (
            "Query",
            json!({"TableName": "tab", "Limit": 0}),
            vec![
                "Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"
                    .to_owned(),
            ],
        ),
        (
            "Query",
            json!({"TableName": "tab", "ConditionalOperator": "X", "Select": "X"}),
            vec!["Failed to satisfy constraint: Member must satisfy enum value set: [AND, OR]".to_owned()],
        ),
        ("UpdateItem", json!({"TableName": ""}), vec![empty.clone(), no_key.to_owned()]),
        (
            "UpdateItem",
            json!({"TableName": "", "ReturnValues": "X", "ReturnConsumedCapacity": "X"}),
            vec![capacity.to_owned(), returns.to_owned(), empty.clone(), no_key.to_owned()],
        ),
        ("UpdateItem", json!({"TableName": "", "Key": {}}), vec![empty]),
        (
            "TransactWriteItems",
            json!({
                "TransactItems": [{"Delete": {"TableName": "tab", "Key": {}}}], "ClientRequestToken": token,
                "ReturnConsumedCapacity": "X",
            }),
            vec![
                format!("Value '{token}' at 'clientRequestToken' {}", length("less than or equal to 36")),
                capacity.to_owned(),
            ],
        ),
    ] {
        let count = messages.len();
        let plural = if count == 1 { "" } else { "s" };
        let message = format!("{count} validation error{plural} detected: {}", messages.join("; "));
        let answer = dynamo.call(operation, request).await;
        assert_eq!((answer.exception(), answer.message()), ("ValidationException", message.as_str()), "{operation}");
    }
    for operation in ["CreateTable", "DeleteTable", "DescribeTable", "UpdateTable"] {
        for request in [json!({}), json!({"BillingMode": "X"})] {
            let answer = dynamo.call(operation, request).await;
            assert_eq!((answer.exception(), answer.message()), ("ValidationException", no_name), "{operation}");
        }
    }
}

#[test]
fn every_pattern_of_a_built_operation_can_be_read() {
    fn patterns(shape: &'static Shape, found: &mut Vec<&'static str>) {
        match shape {
            Shape::String(text) => found.extend(text.pattern),
            Shape::List(list) => patterns(list.element, found),
            Shape::Map(map) => {
                patterns(map.key, found);
                patterns(map.value, found);
            }
            Shape::Structure(structure) => structure.members.iter().for_each(|member| patterns(member.shape, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for (_, structure) in built() {
        structure.members.iter().for_each(|member| patterns(member.shape, &mut found));
    }
    assert!(!found.is_empty());
    for pattern in found {
        regex_lite::Regex::new(pattern).expect(pattern);
    }
}

#[tokio::test]
async fn an_arn_may_be_longer_than_a_name() {
    let dynamo = Dynamo::open();
    dynamo.table(&"n".repeat(255), &["pk"]).await;
    let arn = format!("arn:aws:dynamodb:us-east-1:000000000000:table/{}", "n".repeat(255));
    let table = dynamo.call("DescribeTable", json!({"TableName": arn})).await.ok();
    assert_eq!(table["Table"]["TableArn"], json!(arn));
    let long = format!("arn:{}", "a".repeat(1021));
    let answer = dynamo.call("DescribeTable", json!({"TableName": long})).await;
    assert!(answer.message().ends_with("Member must have length less than or equal to 1024"), "{}", answer.message());
}

#[tokio::test]
async fn wrong_json_types_are_refused_before_anything_else() {
    let dynamo = Dynamo::open();
    for (operation, request, message) in [
        ("GetItem", json!({"TableName": 5}), "NUMBER_VALUE cannot be converted to String"),
        ("GetItem", json!({"TableName": true}), "TRUE_VALUE cannot be converted to String"),
        ("GetItem", json!({"TableName": ["a"]}), "Unrecognized collection type class java.lang.String"),
        ("GetItem", json!({"TableName": {"a": 1}}), "Start of structure or map found where not expected."),
        ("GetItem", json!({"Key": "a"}), "Unexpected field type"),
        ("GetItem", json!({"ConsistentRead": "a"}), "STRING_VALUE cannot be converted to Boolean"),
        ("Query", json!({"Limit": "a"}), "STRING_VALUE cannot be converted to Integer"),
        ("Query", json!({"Limit": 1.5}), "DECIMAL_VALUE cannot be converted to Integer"),
        ("CreateTable", json!({"KeySchema": [null]}), "Unexpected null"),
    ] {
        let answer = dynamo.call(operation, request).await;
        assert_eq!((answer.exception(), answer.message()), ("SerializationException", message));
    }
}
