//! S3 as clients see it.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod bodies;
mod buckets;
mod gate;
mod harness;
mod history;
mod keys;
mod listing;
mod multipart;
mod objects;
mod streaming;
mod versions;
