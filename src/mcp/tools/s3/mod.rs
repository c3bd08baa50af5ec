//! The S3 tools.

pub(crate) mod copy_object;
pub(crate) mod create_bucket;
pub(crate) mod delete_bucket;
pub(crate) mod delete_objects;
pub(crate) mod download_object;
pub(crate) mod get_object;
pub(crate) mod list_buckets;
pub(crate) mod list_objects;
pub(crate) mod presign_url;
pub(crate) mod put_object;

pub(crate) mod emptying;
mod reading;
pub(crate) mod upload;

use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use serde_json::{Value, json};

/// A time as S3 writes it, in UTC.
fn time(at: Option<&DateTime>) -> Value {
    at.and_then(|at| at.fmt(DateTimeFormat::DateTime).ok()).map_or(Value::Null, |text| json!(text))
}

/// An entity tag without its quotes.
fn etag(tag: Option<&str>) -> Value {
    tag.map_or(Value::Null, |tag| json!(tag.trim_matches('"')))
}

/// The same object without the members that are null or empty.
fn compact(value: Value) -> Value {
    match value {
        Value::Object(mut map) => {
            map.retain(|_, value| !value.is_null() && value.as_object().is_none_or(|inner| !inner.is_empty()));
            Value::Object(map)
        }
        other => other,
    }
}
