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
mod ingest;
mod keeper;
mod listing;
mod mail_words;
mod model;
mod object_headers;
mod operation;
mod outgo;
mod post;
pub mod quarantine;
mod range;
mod reply;
mod service;
mod stamp;
pub mod survey;
mod tags;
mod xml;

pub use access::{S3Call, by_name, of_s3, takes_object};
pub use agreement::OpenNotice;
pub use blobs::{BLOBS, BlobCounters, BlobError, BlobId, Blobs, is_ours_in_blobs, is_unfinished};
pub use call::Call;
pub use clear::clear;
pub use gate::{handle, peek, refuse};
pub use ingest::RIDER_LIMIT;
pub use operation::{Operation, names_of_the_model, operations};
pub use service::Service;
