//! S3 as clients see it.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod answer;
mod bodies;
mod buckets;
mod copying;
mod cors;
mod encryption;
mod form;
mod gate;
mod harness;
mod history;
mod keys;
mod listing;
mod multipart;
mod objects;
mod post;
mod recorded;
mod streaming;
mod versions;
