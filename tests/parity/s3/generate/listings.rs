//! Listings.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::names::{Members, and, bucket, sometimes};
use crate::call::Call;

/// What every listing may ask for; the limit under its name in this listing.
fn asked(limit: &'static str) -> BoxedStrategy<Members> {
    let limits = [0, 1, 1, 2, 2, 3, 999, 1000, 1001, -1].map(Json::from).to_vec();
    let parts = vec![
        sometimes("Prefix", ["", "a", "a/", "a/b", "é", "/", "x", "nothing"].map(Json::from).to_vec(), 2),
        sometimes("Delimiter", ["/", "/", "b", "/b", "", "é", "//"].map(Json::from).to_vec(), 2),
        sometimes(limit, limits, 2),
        sometimes("EncodingType", vec![json!("url"), json!("url"), json!("none")], 5),
    ];
    parts.prop_map(|parts| parts.concat()).boxed()
}

/// Asks for all pages where that is possible.
fn paged(call: Call, all: bool) -> Call {
    let limits = ["MaxKeys", "MaxUploads"].iter().filter_map(|limit| call.input.get(*limit)?.as_i64());
    // Marks that are encoded would have to be decoded first.
    if all && limits.into_iter().all(|limit| limit > 0) && call.input.get("EncodingType").is_none() {
        call.in_pages()
    } else {
        call
    }
}

fn marker(member: &'static str) -> BoxedStrategy<Members> {
    sometimes(member, ["a", "a/", "a/b", "aa", "b", "é/", "", "zzz"].map(Json::from).to_vec(), 3)
}

pub fn step() -> BoxedStrategy<Call> {
    let listing = |operation: &'static str, limit: &'static str, own: BoxedStrategy<Members>| {
        (bucket(), asked(limit), own, prop::bool::weighted(0.4)).prop_map(move |(bucket, asked, own, all)| {
            paged(Call::s3(operation, and(and(json!({"Bucket": bucket}), asked), own)), all)
        })
    };
    let second = (
        marker("StartAfter"),
        sometimes("FetchOwner", vec![json!(true), json!(false)], 6),
        sometimes("ContinuationToken", vec![json!("made-up!")], 24),
    );
    let second = second.prop_map(|(start, owner, token)| [start, owner, token].concat()).boxed();
    let versions = (select(&["a", "a/b", "ab"][..]), 0..5_usize).prop_map(|(key, number)| {
        vec![("KeyMarker", json!(key)), ("VersionIdMarker", json!(format!("${{version:${{p}}one/{key}:{number}}}")))]
    });
    prop_oneof![
        3 => listing("ListObjects", "MaxKeys", marker("Marker")),
        4 => listing("ListObjectsV2", "MaxKeys", second),
        4 => listing("ListObjectVersions", "MaxKeys", marker("KeyMarker")),
        1 => listing("ListObjectVersions", "MaxKeys", versions.boxed()),
        2 => listing("ListMultipartUploads", "MaxUploads", marker("KeyMarker")),
    ]
    .boxed()
}
