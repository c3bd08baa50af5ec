//! Calls that read.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::expression::{Pool, projected, projection, sometimes, written};
use super::shape::{Index, Shape, few, hash_value, key_value};
use super::{TABLE, capacity, some, with};
use crate::call::Call;

fn consistent() -> impl Strategy<Value = Option<Json>> {
    prop::option::weighted(0.3, any::<bool>().prop_map(Json::from))
}

pub fn get(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    (shape.key(), projection(0.4), consistent(), capacity()).prop_map(|(key, paths, consistent, capacity)| {
        let mut pool = Pool::default();
        let members = vec![
            ("ProjectionExpression", paths.map(|paths| projected(&paths, &mut pool))),
            ("ConsistentRead", consistent),
            ("ReturnConsumedCapacity", capacity),
        ];
        let mut input = with(json!({"TableName": TABLE, "Key": key}), members);
        pool.put_into(&mut input);
        Call::dynamodb("GetItem", input)
    })
}

pub fn batch(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    let keys = prop::collection::vec(shape.key(), 1..5);
    (keys, projection(0.2), consistent(), capacity()).prop_map(|(keys, paths, consistent, capacity)| {
        let mut pool = Pool::default();
        let paths = paths.map(|paths| projected(&paths, &mut pool));
        let mut table =
            with(json!({"Keys": keys}), vec![("ProjectionExpression", paths), ("ConsistentRead", consistent)]);
        pool.put_into(&mut table);
        let input = json!({"RequestItems": {TABLE: table}});
        Call::dynamodb("BatchGetItem", with(input, vec![("ReturnConsumedCapacity", capacity)]))
    })
}

pub fn transaction(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    let one = (shape.key(), projection(0.2)).prop_map(|(key, paths)| {
        let mut pool = Pool::default();
        let paths = paths.map(|paths| projected(&paths, &mut pool));
        let mut input = with(json!({"TableName": TABLE, "Key": key}), vec![("ProjectionExpression", paths)]);
        pool.put_into(&mut input);
        json!({"Get": input})
    });
    (prop::collection::vec(one, 1..4), capacity()).prop_map(|(items, capacity)| {
        let input = json!({"TransactItems": items});
        Call::dynamodb("TransactGetItems", with(input, vec![("ReturnConsumedCapacity", capacity)]))
    })
}

/// What a Query or a Scan reads: the table, or one of its indexes, with the attributes of its key.
#[derive(Debug, Clone)]
struct Source {
    index: Option<Index>,
    hash: Vec<(&'static str, &'static str)>,
    range: Vec<(&'static str, &'static str)>,
    /// The attributes of a start key.
    start: Vec<(&'static str, &'static str)>,
}

fn sources(shape: &Shape) -> Vec<Source> {
    let table = Source {
        index: None,
        hash: vec![shape.hash],
        range: shape.range.into_iter().collect(),
        start: shape.key_names(),
    };
    let indexes = shape.indexes.iter().map(|index| {
        let mut start = shape.key_names();
        start.extend(index.key_names().into_iter().filter(|one| !shape.key_names().contains(one)));
        Source { index: Some(index.clone()), hash: index.hash.clone(), range: index.range.clone(), start }
    });
    std::iter::once(table).chain(indexes).collect()
}

/// What a Query and a Scan have in common.
fn common() -> impl Strategy<Value = Common> {
    let limit = prop::option::weighted(0.5, prop_oneof![12 => 1..5_u64, 1 => Just(0), 1 => Just(1000)]);
    let select = some(0.15, &["COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES"]);
    (sometimes(0.3), projection(0.2), limit, select, consistent(), capacity(), prop::bool::weighted(0.5)).prop_map(
        |(filter, projection, limit, select, consistent, capacity, pages)| Common {
            filter,
            projection,
            limit,
            select,
            consistent,
            capacity,
            pages,
        },
    )
}

#[derive(Debug, Clone)]
struct Common {
    filter: Option<(super::expression::Condition, Option<super::expression::Spoil>)>,
    projection: Option<Vec<super::expression::Path>>,
    limit: Option<u64>,
    select: Option<Json>,
    consistent: Option<Json>,
    capacity: Option<Json>,
    pages: bool,
}

impl Common {
    fn call(self, operation: &str, source: &Source, input: Json, mut pool: Pool) -> Call {
        let members = vec![
            ("IndexName", source.index.as_ref().map(|index| index.name.into())),
            ("FilterExpression", self.filter.map(|filter| written(&filter, &mut pool))),
            ("ProjectionExpression", self.projection.map(|paths| projected(&paths, &mut pool))),
            ("Limit", self.limit.map(Json::from)),
            ("Select", self.select),
            ("ConsistentRead", self.consistent),
            ("ReturnConsumedCapacity", self.capacity),
        ];
        let mut input = with(input, members);
        pool.put_into(&mut input);
        let call = Call::dynamodb(operation, input);
        if self.pages { call.in_pages() } else { call }
    }
}

/// A condition on a key: how the range is limited, and by what.
fn on_range(kind: &'static str) -> impl Strategy<Value = (&'static str, Json, Json)> {
    let how = prop_oneof![
        5 => select(&["=", "<", "<=", ">", ">="][..]),
        3 => Just("BETWEEN"),
        2 => Just(if kind == "N" { ">=" } else { "begins_with" }),
        1 => Just("begins_with"),
    ];
    // What most items have, in its order; now and then the other way round.
    let two = prop::sample::subsequence(few(kind), 2);
    let two = two.prop_map(move |two| (json!({kind: two[0]}), json!({kind: two[1]})));
    let two = prop_oneof![5 => two, 1 => (key_value(kind), key_value(kind))];
    (how, two).prop_map(|(how, (low, high))| (how, low, high))
}

pub fn query(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    select(sources(shape)).prop_flat_map(|source| {
        let hash: Vec<_> = source.hash.iter().map(|(_, kind)| hash_value(kind)).collect();
        let range: Vec<_> = source.range.iter().map(|(_, kind)| on_range(kind)).collect();
        let limited = 0..=source.range.len();
        let start: Vec<_> = source.start.iter().map(|(_, kind)| key_value(kind)).collect();
        let rest = (prop::option::weighted(0.1, start), prop::option::weighted(0.6, any::<bool>()), 0..40_u8);
        (hash, range, limited, rest, common()).prop_map(
            move |(hash, range, limited, (start, forward, wrong), common)| {
                let mut pool = Pool::default();
                let mut parts: Vec<String> = (source.hash.iter().zip(&hash))
                    .map(|((name, _), value)| format!("{} = {}", pool.name(name), pool.value(value)))
                    .collect();
                for (at, ((name, _), (how, low, high))) in source.range.iter().zip(&range).take(limited).enumerate() {
                    // All but the last must be equal.
                    let how = if at + 1 < limited { "=" } else { how };
                    let name = pool.name(name);
                    parts.push(match how {
                        "BETWEEN" => format!("{name} BETWEEN {} AND {}", pool.value(low), pool.value(high)),
                        "begins_with" => format!("begins_with({name}, {})", pool.value(low)),
                        how => format!("{name} {how} {}", pool.value(low)),
                    });
                }
                match wrong {
                    0 => drop(parts.remove(0)),
                    1 => parts.reverse(),
                    2 => parts.push(format!("{} = {}", pool.name("v"), pool.value(&json!({"N": "1"})))),
                    _ => {}
                }
                let start = start.map(|values| start_key(&source, values));
                let members = vec![
                    ("KeyConditionExpression", Some(parts.join(" AND ").into())),
                    ("ScanIndexForward", forward.map(Json::from)),
                    ("ExclusiveStartKey", start),
                ];
                common.call("Query", &source, with(json!({"TableName": TABLE}), members), pool)
            },
        )
    })
}

fn start_key(source: &Source, values: Vec<Json>) -> Json {
    let members = source.start.iter().zip(values).map(|((name, _), value)| ((*name).to_owned(), value));
    Json::Object(members.collect())
}

pub fn scan(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    select(sources(shape)).prop_flat_map(|source| {
        let segments = prop::option::weighted(0.1, (0..4_u64, 1..4_u64));
        (segments, common()).prop_map(move |(segments, mut common)| {
            // Which item is on which page is AWS's to choose: all pages, or one that holds all.
            if segments.is_some() || common.limit.is_some() {
                common.pages = true;
            }
            let members = vec![
                ("Segment", segments.filter(|(of, all)| of >= all).map(|(of, _)| of.into())),
                ("TotalSegments", segments.filter(|(of, all)| of >= all).map(|(_, all)| all.into())),
            ];
            common.call("Scan", &source, with(json!({"TableName": TABLE}), members), Pool::default())
        })
    })
}
