//! Amazon S3: the gate round the codec, the operations, their rows and their bodies. See docs/architecture.md.

pub mod agreement;
mod begun;
mod blobs;
mod catalogue;
mod checksum;
mod clear;
mod codec;
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
mod object_headers;
mod operation;
mod outgo;
mod post;
pub mod quarantine;
mod range;
mod service;
mod stamp;
pub mod survey;
mod tags;

pub use agreement::OpenNotice;
pub use blobs::{BLOBS, BlobCounters, BlobError, BlobId, Blobs, is_ours_in_blobs, is_unfinished};
pub use clear::clear;
pub use gate::{Asked, Operation, describe, handle, operations, peek, refuse};
pub use ingest::RIDER_LIMIT;
pub use service::Service;
