//! Amazon S3: how a call is recognised, the table of operations, the gate before them, their rows and their bodies. See
//! docs/architecture.md.

mod access;
pub mod agreement;
mod begun;
mod blobs;
mod call;
mod catalogue;
mod checksum;
mod clear;
mod condition;
mod context;
mod copy_source;
mod cors;
mod date;
mod error;
mod gate;
mod heard;
mod ingest;
mod keeper;
mod listing;
mod mail_words;
mod model;
mod object_headers;
mod operation;
mod outgo;
pub mod portable;
mod post;
pub mod quarantine;
mod range;
mod reply;
mod service;
pub mod span;
pub mod staging;
mod stamp;
pub mod survey;
mod tags;
pub mod undo;
mod xml;

pub(crate) use crate::hex::hex;
pub use access::{S3Call, by_name, of_s3, takes_object};
pub use agreement::OpenNotice;
pub use blobs::{BLOBS, BlobCounters, BlobError, BlobId, Blobs, is_ours_in_blobs, is_unfinished};
pub use call::Call;
pub use clear::clear;
pub use gate::{handle, refuse};
pub use heard::{Asked, headers_of_answer, may_be_text};
pub use ingest::RIDER_LIMIT;
pub use operation::{Extent, Operation, names_of_the_model, operations};
pub use service::Service;

/// What is in the root of one of S3's documents, as JSON; elements of the names that `is_list` knows are arrays.
#[must_use]
pub fn document(text: &str, is_list: fn(&str) -> bool) -> Option<serde_json::Value> {
    xml::value_of(text.as_bytes(), is_list)
}

/// The header of a checksum of this algorithm, and its value for `body`.
#[must_use]
pub fn checksum_of(algorithm: &str, body: &[u8]) -> Option<(&'static str, String)> {
    let algorithm = checksum::Algorithm::named(algorithm)?;
    let mut hasher = checksum::Hasher::new(algorithm);
    hasher.update(body);
    Some((algorithm.header(), hasher.finish()))
}
