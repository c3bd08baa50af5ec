//! S3 as clients see it.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]
#![allow(clippy::disallowed_macros, reason = "some tests say what they ran")]
#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::similar_names,
    reason = "plain is better than fast in a test"
)]

mod answer;
mod bodies;
mod buckets;
mod copying;
mod cors;
mod damaged;
mod encryption;
mod form;
mod fsck;
mod gate;
mod harness;
mod histories;
mod keys;
mod listing;
mod model;
mod multipart;
mod objects;
mod post;
mod recorded;
mod sdks;
mod streaming;
mod unset;
mod versions;
