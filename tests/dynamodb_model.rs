//! A random history of calls gives what a plain map gives: items, and the entries of every kind of index.
//!
//! `FOOTBRIDGE_MODEL_STEPS` says how many calls to make in all; `.ci/run` makes many more than `cargo test`.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/dynamodb.rs"]
mod dynamodb;

use std::collections::BTreeMap;

use dynamodb::Dynamo;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// The calls of one history.
const HISTORY: usize = 50;
/// The calls of all histories where nothing else is said.
const STEPS: usize = 1000;

/// The key of an item: partition and sort key.
type Key = (String, i64);

/// An item's other attributes. Those that are not always there are keys of indexes.
#[derive(Debug, Clone, PartialEq)]
struct Rest {
    value: i64,
    group: Option<&'static str>,
    rank: Option<i64>,
}

/// What the emulator should hold.
#[derive(Debug, Default)]
struct Model {
    items: BTreeMap<Key, Rest>,
    /// Whether the index that comes and goes is there.
    late: bool,
}

/// The indexes of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Index {
    /// Local: `pk` and `rank`, keys only.
    Local,
    /// Global: `group` and `rank`, whole items.
    Whole,
    /// Global: `group`, with `v`.
    Some,
    /// Global, made and deleted again and again: `rank`, keys only.
    Late,
}

/// One call of a history.
#[derive(Debug, Clone)]
enum Step {
    Put(Key, Rest),
    PutNew(Key, Rest),
    Add(Key, i64),
    /// Sets or removes the keys of indexes.
    Move(Key, Option<&'static str>, Option<i64>),
    Delete(Key),
    /// Puts and deletions; of a key that comes twice the first counts.
    Batch(Vec<(Key, Option<Rest>)>),
    /// A put, if wanted only where there is no such item, and a deletion.
    Transact {
        put: (Key, Rest),
        new: bool,
        delete: Key,
    },
    Query {
        partition: String,
        from: i64,
        to: i64,
        descending: bool,
        limit: usize,
    },
    Scan {
        limit: usize,
    },
    QueryIndex {
        index: Index,
        partition: Partition,
        from: i64,
        to: i64,
        descending: bool,
        limit: usize,
    },
    ScanIndex {
        index: Index,
        limit: usize,
        segments: usize,
    },
    /// Makes the late index, or deletes it.
    Change,
    /// Lets the background work come to its end.
    Rest,
}

/// A partition key of any index.
#[derive(Debug, Clone)]
struct Partition {
    pk: String,
    group: &'static str,
    rank: i64,
}

fn step() -> impl Strategy<Value = Step> {
    // Few keys, so that calls meet; partitions of which one begins another.
    let pk = || proptest::sample::select(vec!["a", "ab", "a\0", "\u{10FFFF}"]).prop_map(str::to_owned);
    let sort = || prop_oneof![-6_i64..6, Just(-100), Just(100)];
    let key = move || (pk(), sort());
    let number = || -5_i64..5;
    let group = || proptest::sample::select(vec!["x", "xy", "x\0"]);
    let some_group = move || proptest::option::of(group());
    let rank = || proptest::option::of(-2_i64..3);
    let rest = move || (number(), some_group(), rank()).prop_map(|(value, group, rank)| Rest { value, group, rank });
    let index = || proptest::sample::select(vec![Index::Local, Index::Whole, Index::Some, Index::Late]);
    let partition = move || (pk(), group(), -2_i64..3).prop_map(|(pk, group, rank)| Partition { pk, group, rank });
    let writes = proptest::collection::vec((key(), proptest::option::of(rest())), 1..5);
    prop_oneof![
        8 => (key(), rest()).prop_map(|(key, rest)| Step::Put(key, rest)),
        3 => (key(), rest()).prop_map(|(key, rest)| Step::PutNew(key, rest)),
        4 => (key(), number()).prop_map(|(key, n)| Step::Add(key, n)),
        4 => (key(), some_group(), rank()).prop_map(|(key, group, rank)| Step::Move(key, group, rank)),
        4 => key().prop_map(Step::Delete),
        3 => writes.prop_map(Step::Batch),
        3 => (key(), rest(), any::<bool>(), key())
            .prop_map(|(put, rest, new, delete)| Step::Transact { put: (put, rest), new, delete }),
        2 => (pk(), sort(), sort(), any::<bool>(), 1_usize..5).prop_map(|(partition, a, b, descending, limit)| {
            Step::Query { partition, from: a.min(b), to: a.max(b), descending, limit }
        }),
        1 => (1_usize..7).prop_map(|limit| Step::Scan { limit }),
        6 => (index(), partition(), -3_i64..3, -3_i64..3, any::<bool>(), 1_usize..5).prop_map(
            |(index, partition, a, b, descending, limit)| {
                Step::QueryIndex { index, partition, from: a.min(b), to: a.max(b), descending, limit }
            }
        ),
        3 => (index(), 1_usize..7, 1_usize..4)
            .prop_map(|(index, limit, segments)| Step::ScanIndex { index, limit, segments }),
        3 => Just(Step::Change),
        1 => Just(Step::Rest),
    ]
}

fn n(number: i64) -> Json {
    json!({"N": number.to_string()})
}

fn key((partition, sort): &Key) -> Json {
    json!({"pk": {"S": partition}, "sk": n(*sort)})
}

/// An item with those of its attributes that `shown` names.
fn part(of: &Key, rest: &Rest, shown: &[&str]) -> Json {
    let mut item = key(of);
    let group = rest.group.map(|group| json!({"S": group}));
    for (name, value) in [("v", Some(n(rest.value))), ("g", group), ("r", rest.rank.map(n))] {
        if let Some(value) = value.filter(|_| shown.contains(&name)) {
            item[name] = value;
        }
    }
    item
}

fn item(of: &Key, rest: &Rest) -> Json {
    part(of, rest, &["v", "g", "r"])
}

impl Index {
    fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Whole => "whole",
            Self::Some => "some",
            Self::Late => "late",
        }
    }

    /// The attributes of its key.
    fn keys(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Local => ("pk", Some("r")),
            Self::Whole => ("g", Some("r")),
            Self::Some => ("g", None),
            Self::Late => ("r", None),
        }
    }

    fn declared(self) -> Json {
        let (hash, range) = self.keys();
        let hash = json!({"AttributeName": hash, "KeyType": "HASH"});
        let range = range.map(|range| json!({"AttributeName": range, "KeyType": "RANGE"}));
        let projection = match self {
            Self::Local | Self::Late => json!({"ProjectionType": "KEYS_ONLY"}),
            Self::Whole => json!({"ProjectionType": "ALL"}),
            Self::Some => json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": ["v"]}),
        };
        let keys: Vec<_> = std::iter::once(hash).chain(range).collect();
        json!({"IndexName": self.name(), "KeySchema": keys, "Projection": projection})
    }

    fn shown(self) -> &'static [&'static str] {
        match self {
            Self::Local | Self::Late => &["r"],
            Self::Whole => &["v", "g", "r"],
            Self::Some => &["v", "g"],
        }
    }

    /// Whether an item is in it.
    fn holds(self, rest: &Rest) -> bool {
        match self {
            Self::Local | Self::Late => rest.rank.is_some(),
            Self::Whole => rest.group.is_some() && rest.rank.is_some(),
            Self::Some => rest.group.is_some(),
        }
    }

    /// Whether an item that is in it is in a partition of it.
    fn is_in(self, (pk, _): &Key, rest: &Rest, partition: &Partition) -> bool {
        match self {
            Self::Local => *pk == partition.pk,
            Self::Whole | Self::Some => rest.group == Some(partition.group),
            Self::Late => rest.rank == Some(partition.rank),
        }
    }

    /// The value of a partition key.
    fn hash(self, partition: &Partition) -> Json {
        match self {
            Self::Local => json!({"S": partition.pk}),
            Self::Whole | Self::Some => json!({"S": partition.group}),
            Self::Late => n(partition.rank),
        }
    }
}

impl Model {
    /// The items in an index, in no order.
    fn entries(&self, index: Index) -> Vec<(&Key, &Rest)> {
        let there = index != Index::Late || self.late;
        self.items.iter().filter(|(_, rest)| there && index.holds(rest)).collect()
    }
}

/// A table with its three indexes.
async fn table(dynamo: &Dynamo) {
    let attribute = |(name, kind): (&str, &str)| json!({"AttributeName": name, "AttributeType": kind});
    let attributes = [("pk", "S"), ("sk", "N"), ("g", "S"), ("r", "N")].map(attribute);
    let request = json!({
        "TableName": "tab", "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": attributes,
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        "LocalSecondaryIndexes": [Index::Local.declared()],
        "GlobalSecondaryIndexes": [Index::Whole.declared(), Index::Some.declared()],
    });
    dynamo.call("CreateTable", request).await.ok();
}

/// The items of all pages; no page has more than `Limit`.
async fn pages(dynamo: &Dynamo, operation: &str, mut request: Json) -> Vec<Json> {
    let limit = request["Limit"].as_u64().expect("a limit");
    let mut items = Vec::new();
    loop {
        let page = dynamo.call(operation, request.clone()).await.ok();
        assert!(page["Count"].as_u64() <= Some(limit));
        items.extend(page["Items"].as_array().expect("items").clone());
        match page.get("LastEvaluatedKey") {
            Some(last) => request["ExclusiveStartKey"] = last.clone(),
            None => return items,
        }
    }
}

async fn take(dynamo: &Dynamo, model: &mut Model, step: Step) {
    match step {
        Step::Put(of, rest) => {
            dynamo.put("tab", item(&of, &rest)).await;
            model.items.insert(of, rest);
        }
        Step::PutNew(of, rest) => {
            let request = json!({
                "TableName": "tab", "Item": item(&of, &rest), "ConditionExpression": "attribute_not_exists(pk)",
            });
            let answer = dynamo.call("PutItem", request).await;
            let known = model.items.contains_key(&of);
            assert_eq!(answer.exception(), if known { "ConditionalCheckFailedException" } else { "" });
            model.items.entry(of).or_insert(rest);
        }
        Step::Add(of, value) => {
            let request = json!({
                "TableName": "tab", "Key": key(&of), "UpdateExpression": "ADD v :v",
                "ExpressionAttributeValues": {":v": n(value)}, "ReturnValues": "UPDATED_NEW",
            });
            let rest = model.items.entry(of).or_insert(Rest { value: 0, group: None, rank: None });
            rest.value += value;
            assert_eq!(dynamo.call("UpdateItem", request).await.ok()["Attributes"]["v"], n(rest.value));
        }
        Step::Move(of, group, rank) => {
            moved(dynamo, &of, group, rank).await;
            let rest = model.items.entry(of).or_insert(Rest { value: 7, group, rank });
            (rest.value, rest.group, rest.rank) = (7, group, rank);
        }
        Step::Delete(of) => {
            let request = json!({"TableName": "tab", "Key": key(&of), "ReturnValues": "ALL_OLD"});
            let answer = dynamo.call("DeleteItem", request).await.ok();
            let old = model.items.remove(&of).map(|rest| item(&of, &rest));
            assert_eq!(answer.get("Attributes"), old.as_ref());
        }
        Step::Batch(writes) => batch(dynamo, model, writes).await,
        Step::Transact { put, new, delete } => transact(dynamo, model, put, new, delete).await,
        Step::Change => change(dynamo, model).await,
        Step::Rest => dynamo.service.swept().await,
        reading => read(dynamo, model, reading).await,
    }
}

/// Sets or removes the keys of indexes, and sets the value to 7.
async fn moved(dynamo: &Dynamo, of: &Key, group: Option<&str>, rank: Option<i64>) {
    let (mut set, mut remove) = (vec!["v = :v"], Vec::new());
    let mut values = json!({":v": n(7)});
    match group {
        Some(group) => {
            set.push("g = :g");
            values[":g"] = json!({"S": group});
        }
        None => remove.push("g"),
    }
    match rank {
        Some(rank) => {
            set.push("r = :r");
            values[":r"] = n(rank);
        }
        None => remove.push("r"),
    }
    let remove = if remove.is_empty() { String::new() } else { format!(" REMOVE {}", remove.join(", ")) };
    let request = json!({
        "TableName": "tab", "Key": key(of), "UpdateExpression": format!("SET {}{remove}", set.join(", ")),
        "ExpressionAttributeValues": values,
    });
    dynamo.call("UpdateItem", request).await.ok();
}

async fn batch(dynamo: &Dynamo, model: &mut Model, writes: Vec<(Key, Option<Rest>)>) {
    let mut distinct = BTreeMap::new();
    for (of, rest) in writes {
        distinct.entry(of).or_insert(rest);
    }
    let request = |(of, rest): (&Key, &Option<Rest>)| match rest {
        Some(rest) => json!({"PutRequest": {"Item": item(of, rest)}}),
        None => json!({"DeleteRequest": {"Key": key(of)}}),
    };
    let requests: Vec<_> = distinct.iter().map(request).collect();
    dynamo.call("BatchWriteItem", json!({"RequestItems": {"tab": requests}})).await.ok();
    for (of, rest) in distinct {
        match rest {
            Some(rest) => model.items.insert(of, rest),
            None => model.items.remove(&of),
        };
    }
}

async fn transact(dynamo: &Dynamo, model: &mut Model, (of, rest): (Key, Rest), new: bool, delete: Key) {
    let mut put = json!({"TableName": "tab", "Item": item(&of, &rest)});
    if new {
        put["ConditionExpression"] = json!("attribute_not_exists(pk)");
    }
    let delete_it = json!({"TableName": "tab", "Key": key(&delete)});
    let answer =
        dynamo.call("TransactWriteItems", json!({"TransactItems": [{"Put": put}, {"Delete": delete_it}]})).await;
    let want = match (of == delete, new && model.items.contains_key(&of)) {
        (true, _) => "ValidationException",
        (false, true) => "TransactionCanceledException",
        (false, false) => "",
    };
    assert_eq!(answer.exception(), want, "{}", answer.body);
    if want.is_empty() {
        model.items.insert(of, rest);
        model.items.remove(&delete);
    }
}

/// Makes the late index or deletes it; one that is still being made or deleted comes to its end first.
async fn change(dynamo: &Dynamo, model: &mut Model) {
    let request = if model.late {
        json!({"TableName": "tab", "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "late"}}]})
    } else {
        json!({
            "TableName": "tab", "AttributeDefinitions": [{"AttributeName": "r", "AttributeType": "N"}],
            "GlobalSecondaryIndexUpdates": [{"Create": Index::Late.declared()}],
        })
    };
    let answer = dynamo.call("UpdateTable", request.clone()).await;
    if answer.status != 200 {
        assert_eq!(answer.exception(), "LimitExceededException", "{}", answer.body);
        dynamo.service.swept().await;
        dynamo.call("UpdateTable", request).await.ok();
    }
    model.late = !model.late;
}

/// Waits for the late index where it is still being made; whether it is there.
async fn can_be_read(dynamo: &Dynamo, model: &Model, index: Index) -> bool {
    let answer = dynamo.call("Scan", json!({"TableName": "tab", "IndexName": index.name(), "Limit": 1})).await;
    match answer.message() {
        "" => {
            assert!(index != Index::Late || model.late);
            true
        }
        "Cannot read from backfilling global secondary index: late" => {
            assert!(model.late);
            dynamo.service.swept().await;
            true
        }
        message => {
            assert_eq!(message, "The table does not have the specified index: late");
            assert!(!model.late);
            false
        }
    }
}

async fn read(dynamo: &Dynamo, model: &Model, step: Step) {
    match step {
        Step::Query { partition, from, to, descending, limit } => {
            let request = json!({
                "TableName": "tab", "KeyConditionExpression": "pk = :p AND sk BETWEEN :a AND :b", "Limit": limit,
                "ExpressionAttributeValues": {":p": {"S": partition}, ":a": n(from), ":b": n(to)},
                "ScanIndexForward": !descending,
            });
            let range = model.items.range((partition.clone(), from)..=(partition, to));
            let mut want: Vec<_> = range.map(|(of, rest)| item(of, rest)).collect();
            if descending {
                want.reverse();
            }
            assert_eq!(pages(dynamo, "Query", request).await, want);
        }
        Step::Scan { limit } => {
            let found = pages(dynamo, "Scan", json!({"TableName": "tab", "Limit": limit})).await;
            assert_eq!(in_order(found), in_order(model.items.iter().map(|(of, rest)| item(of, rest)).collect()));
        }
        Step::QueryIndex { index, partition, from, to, descending, limit } => {
            if !can_be_read(dynamo, model, index).await {
                return;
            }
            let (hash, range) = index.keys();
            let mut request = json!({
                "TableName": "tab", "IndexName": index.name(), "Limit": limit, "ScanIndexForward": !descending,
                "KeyConditionExpression": format!("{hash} = :h"),
                "ExpressionAttributeValues": {":h": index.hash(&partition)},
            });
            if let Some(range) = range {
                request["KeyConditionExpression"] = json!(format!("{hash} = :h AND {range} BETWEEN :a AND :b"));
                request["ExpressionAttributeValues"][":a"] = n(from);
                request["ExpressionAttributeValues"][":b"] = n(to);
            }
            let fits = |rest: &Rest| range.is_none() || rest.rank.is_some_and(|rank| (from..=to).contains(&rank));
            let mut want = model.entries(index);
            want.retain(|(of, rest)| index.is_in(of, rest, &partition) && fits(rest));
            // After the index's own keys, those of the table decide.
            want.sort_by_key(|(of, rest)| (range.and(rest.rank), (*of).clone()));
            if descending {
                want.reverse();
            }
            let want: Vec<_> = want.into_iter().map(|(of, rest)| part(of, rest, index.shown())).collect();
            assert_eq!(pages(dynamo, "Query", request).await, want, "{index:?}");
        }
        Step::ScanIndex { index, limit, segments } => {
            if !can_be_read(dynamo, model, index).await {
                return;
            }
            let mut found = Vec::new();
            for segment in 0..segments {
                let request = json!({
                    "TableName": "tab", "IndexName": index.name(), "Limit": limit, "Segment": segment,
                    "TotalSegments": segments,
                });
                found.extend(pages(dynamo, "Scan", request).await);
            }
            let want = model.entries(index).into_iter().map(|(of, rest)| part(of, rest, index.shown())).collect();
            assert_eq!(in_order(found), in_order(want), "{index:?}");
        }
        other => unreachable!("{other:?} reads nothing"),
    }
}

fn in_order(mut items: Vec<Json>) -> Vec<Json> {
    items.sort_by_key(|item| format!("{} {}", item["pk"], item["sk"]));
    items
}

/// What stands in the store, and what DescribeTable says of it, is what the model holds and no row more.
async fn check_rows(dynamo: &Dynamo, model: &Model) {
    use footbridge::emulator::store::{Read, Table as Rows};
    dynamo.service.swept().await;
    let indexes = [Index::Local, Index::Whole, Index::Some, Index::Late];
    let entries: usize = indexes.iter().map(|index| model.entries(*index).len()).sum();
    let rows = dynamo.store.read().expect("a snapshot").prefix(Rows::Items, &[]).expect("rows").count();
    assert_eq!(rows, model.items.len() + entries);
    let table = dynamo.call("DescribeTable", json!({"TableName": "tab"})).await.ok()["Table"].take();
    assert_eq!(table["ItemCount"], model.items.len());
    let mut described = 0;
    for list in ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"] {
        for index in table[list].as_array().expect("indexes") {
            let of = indexes.iter().find(|of| index["IndexName"] == of.name()).expect("an index");
            assert_eq!(index["ItemCount"], model.entries(*of).len(), "{of:?}");
            described += 1;
        }
    }
    assert_eq!(described, if model.late { 4 } else { 3 });
}

fn histories() -> u32 {
    let steps = std::env::var("FOOTBRIDGE_MODEL_STEPS").ok().map(|steps| steps.parse().expect("a number of steps"));
    u32::try_from(steps.unwrap_or(STEPS).div_ceil(HISTORY)).expect("fewer steps")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: histories(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_history_leaves_what_a_map_holds(steps in proptest::collection::vec(step(), HISTORY)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let dynamo = Dynamo::open();
            table(&dynamo).await;
            let mut model = Model::default();
            for step in steps {
                take(&dynamo, &mut model, step).await;
            }
            read(&dynamo, &model, Step::Scan { limit: 3 }).await;
            check_rows(&dynamo, &model).await;
        });
    }
}
