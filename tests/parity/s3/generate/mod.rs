//! Random histories of S3 calls. Names and bodies are few, so that calls meet.

mod buckets;
mod listings;
mod names;
mod objects;
mod uploads;

use proptest::prelude::*;
use serde_json::json;

use crate::call::Call;
use names::{ONE, TWO};

fn step() -> BoxedStrategy<Call> {
    prop_oneof![
        30 => objects::step(),
        14 => uploads::step(),
        8 => listings::step(),
        6 => buckets::step(),
    ]
    .boxed()
}

/// How a history begins: its buckets, the first perhaps with versions.
fn begun() -> BoxedStrategy<Vec<Call>> {
    let create = |bucket| Call::s3("CreateBucket", json!({"Bucket": bucket}));
    let keep = |status| {
        let configuration = json!({"Status": status});
        Call::s3("PutBucketVersioning", json!({"Bucket": ONE, "VersioningConfiguration": configuration}))
    };
    prop_oneof![
        3 => Just(vec![create(ONE)]),
        1 => Just(vec![create(ONE), create(TWO)]),
        3 => Just(vec![create(ONE), keep("Enabled")]),
        1 => Just(vec![create(ONE), create(TWO), keep("Suspended")]),
    ]
    .boxed()
}

/// A history of its buckets and at most so many calls on them; a few have parts of their least size, which takes long.
pub fn history(most: usize) -> BoxedStrategy<Vec<Call>> {
    let populated = prop_oneof![4 => objects::populated(), 1 => Just(Vec::new())];
    let steps = prop_oneof![
        20 => (step(), 0..4_usize).prop_map(|(step, look)| {
            let look = objects::seen(&step).and_then(|looks| looks.into_iter().nth(look));
            std::iter::once(step).chain(look).collect()
        }),
        1 => uploads::whole(),
    ];
    let usual =
        (begun(), populated, prop::collection::vec(steps, 1..most)).prop_map(|(mut history, populated, steps)| {
            history.extend(populated);
            history.extend(steps.concat());
            history
        });
    prop_oneof![25 => usual, 1 => uploads::large()].boxed()
}
