//! Random histories of DynamoDB calls: names, keys and values are few, so that calls meet, and corners are many.

mod expression;
mod reads;
mod shape;
mod tables;
mod update;
mod value;
mod writes;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::call::Call;
use shape::Shape;

/// The table that most calls are on.
pub const TABLE: &str = "${p}tab";

/// The longest history. Engines that once answered otherwise are not asked for the rest of it.
const LONGEST: usize = 24;

/// A history: its table, and calls on it.
pub fn history() -> impl Strategy<Value = Vec<Call>> {
    proptest::sample::select(Shape::all()).prop_flat_map(|shape| {
        let create = shape.create();
        let steps = prop_oneof![
            // Some calls come twice: transactions with a token, writes that change nothing.
            80 => (step(&shape), prop::bool::weighted(0.06))
                .prop_map(|(step, again)| vec![step; if again { 2 } else { 1 }]),
            1 => tables::gone_and_back(&shape),
        ];
        let first = prop::option::weighted(0.85, tables::populated(&shape));
        (first, prop::collection::vec(steps, 1..LONGEST)).prop_map(move |(first, steps)| {
            std::iter::once(create.clone()).chain(first).chain(steps.into_iter().flatten()).collect()
        })
    })
}

fn step(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    prop_oneof![
        10 => writes::put(shape),
        8 => writes::update(shape),
        4 => writes::delete(shape),
        3 => writes::batch(shape),
        5 => writes::transaction(shape),
        1 => writes::race(shape),
        6 => reads::get(shape),
        2 => reads::batch(shape),
        2 => reads::transaction(shape),
        9 => reads::query(shape),
        4 => reads::scan(shape),
        1 => Just(Call::dynamodb("DescribeTable", json!({"TableName": TABLE}))),
        2 => tables::step(shape),
    ]
}

/// An input with those of the members that are there.
fn with(mut input: Json, members: Vec<(&str, Option<Json>)>) -> Json {
    for (name, value) in members {
        if let Some(value) = value {
            input[name] = value;
        }
    }
    input
}

/// Sometimes one of a few values of a member.
fn some(weight: f64, values: &'static [&'static str]) -> impl Strategy<Value = Option<Json>> {
    proptest::option::weighted(weight, proptest::sample::select(values).prop_map(Json::from))
}

/// `ReturnConsumedCapacity`, now and then.
fn capacity() -> impl Strategy<Value = Option<Json>> {
    some(0.45, &["TOTAL", "INDEXES", "INDEXES", "NONE"])
}
