//! The S3 tools.

crate::mcp::tool::tools! {
    list_buckets::ListBuckets,
    create_bucket::CreateBucket,
    delete_bucket::DeleteBucket,
    list_objects::ListObjects,
    get_object::GetObject,
    download_object::DownloadObject,
    put_object::PutObject,
    copy_object::CopyObject,
    delete_objects::DeleteObjects,
    presign_url::PresignUrl,
    usage::Usage,
    copy_prefix::CopyPrefix,
    download_prefix::DownloadPrefix,
    upload_directory::UploadDirectory,
}

pub(crate) mod emptying;
mod folder;
mod listing;
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
