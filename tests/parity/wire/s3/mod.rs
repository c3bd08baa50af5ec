//! S3's calls: inputs and outputs in the SDK's own types.
//!
//! An input is AWS's members as JSON. `Body` is a text, or `{"$fill": [BYTE, LENGTH]}` for a long one; an output's `Body`
//! is a text, or `{"$md5": …, "$length": …}` where it is long or no text. `$headers` are sent as they stand, for what the
//! types cannot say. Times are shown as there or not there; an error has the members of its document, and what its
//! headers tell of the object.

mod buckets;
mod clean;
mod configuration;
mod listings;
mod objects;
mod refusal;
mod seen;
mod shape;
mod tagging;
mod uploads;

use aws_sdk_s3::Client;
use serde_json::Value as Json;

pub use clean::remove;

use super::Sent;

/// Sends a call.
pub async fn send(client: &Client, operation: &str, input: &Json) -> Sent {
    match operation {
        "AbortMultipartUpload" => uploads::abort(client, input).await,
        "CompleteMultipartUpload" => uploads::complete(client, input).await,
        "CopyObject" => objects::copy(client, input).await,
        "CreateBucket" => buckets::create(client, input).await,
        "CreateMultipartUpload" => uploads::create(client, input).await,
        "DeleteBucket" => buckets::delete(client, input).await,
        "DeleteBucketCors" => configuration::delete_cors(client, input).await,
        "DeleteBucketEncryption" => configuration::delete_encryption(client, input).await,
        "DeleteBucketTagging" => tagging::delete_of_bucket(client, input).await,
        "DeleteObject" => objects::delete(client, input).await,
        "DeleteObjects" => objects::delete_many(client, input).await,
        "DeleteObjectTagging" => tagging::delete_of_object(client, input).await,
        "GetBucketCors" => configuration::get_cors(client, input).await,
        "GetBucketEncryption" => configuration::get_encryption(client, input).await,
        "GetBucketLocation" => buckets::location(client, input).await,
        "GetBucketTagging" => tagging::get_of_bucket(client, input).await,
        "GetBucketVersioning" => buckets::get_versioning(client, input).await,
        "GetObject" => objects::get(client, input).await,
        "GetObjectAttributes" => objects::attributes(client, input).await,
        "GetObjectTagging" => tagging::get_of_object(client, input).await,
        "HeadBucket" => buckets::head(client, input).await,
        "HeadObject" => objects::head(client, input).await,
        "ListBuckets" => buckets::list(client, input).await,
        "ListMultipartUploads" => listings::uploads(client, input).await,
        "ListObjects" => listings::first(client, input).await,
        "ListObjectsV2" => listings::second(client, input).await,
        "ListObjectVersions" => listings::versions(client, input).await,
        "ListParts" => listings::parts(client, input).await,
        "PutBucketCors" => configuration::put_cors(client, input).await,
        "PutBucketEncryption" => configuration::put_encryption(client, input).await,
        "PutBucketTagging" => tagging::put_of_bucket(client, input).await,
        "PutBucketVersioning" => buckets::put_versioning(client, input).await,
        "PutObject" => objects::put(client, input).await,
        "PutObjectTagging" => tagging::put_of_object(client, input).await,
        "UploadPart" => uploads::part(client, input).await,
        "UploadPartCopy" => uploads::part_copy(client, input).await,
        other => panic!("no generator makes {other}"),
    }
}
