//! S3's documents, read and written.

mod read;
mod write;

pub(super) use read::{Element, read, value_of};
pub(super) use write::{DECLARATION, Document, Quotes, element};
