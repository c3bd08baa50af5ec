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
use futures::future::BoxFuture;
use serde_json::Value as Json;

pub use clean::remove;
pub use shape::{body, join, shown};

use super::Sent;

/// Sends a call.
pub async fn send(client: &Client, operation: &str, input: &Json) -> Sent {
    // Boxed: each of these futures is large.
    let sent: BoxFuture<'_, Sent> = match operation {
        "AbortMultipartUpload" => Box::pin(uploads::abort(client, input)),
        "CompleteMultipartUpload" => Box::pin(uploads::complete(client, input)),
        "CopyObject" => Box::pin(objects::copy(client, input)),
        "CreateBucket" => Box::pin(buckets::create(client, input)),
        "CreateMultipartUpload" => Box::pin(uploads::create(client, input)),
        "DeleteBucket" => Box::pin(buckets::delete(client, input)),
        "DeleteBucketCors" => Box::pin(configuration::delete_cors(client, input)),
        "DeleteBucketEncryption" => Box::pin(configuration::delete_encryption(client, input)),
        "DeleteBucketTagging" => Box::pin(tagging::delete_of_bucket(client, input)),
        "DeleteObject" => Box::pin(objects::delete(client, input)),
        "DeleteObjects" => Box::pin(objects::delete_many(client, input)),
        "DeleteObjectTagging" => Box::pin(tagging::delete_of_object(client, input)),
        "GetBucketCors" => Box::pin(configuration::get_cors(client, input)),
        "GetBucketEncryption" => Box::pin(configuration::get_encryption(client, input)),
        "GetBucketLocation" => Box::pin(buckets::location(client, input)),
        "GetBucketTagging" => Box::pin(tagging::get_of_bucket(client, input)),
        "GetBucketVersioning" => Box::pin(buckets::get_versioning(client, input)),
        "GetObject" => Box::pin(objects::get(client, input)),
        "GetObjectAttributes" => Box::pin(objects::attributes(client, input)),
        "GetObjectTagging" => Box::pin(tagging::get_of_object(client, input)),
        "HeadBucket" => Box::pin(buckets::head(client, input)),
        "HeadObject" => Box::pin(objects::head(client, input)),
        "ListBuckets" => Box::pin(buckets::list(client, input)),
        "ListMultipartUploads" => Box::pin(listings::uploads(client, input)),
        "ListObjects" => Box::pin(listings::first(client, input)),
        "ListObjectsV2" => Box::pin(listings::second(client, input)),
        "ListObjectVersions" => Box::pin(listings::versions(client, input)),
        "ListParts" => Box::pin(listings::parts(client, input)),
        "PutBucketCors" => Box::pin(configuration::put_cors(client, input)),
        "PutBucketEncryption" => Box::pin(configuration::put_encryption(client, input)),
        "PutBucketTagging" => Box::pin(tagging::put_of_bucket(client, input)),
        "PutBucketVersioning" => Box::pin(buckets::put_versioning(client, input)),
        "PutObject" => Box::pin(objects::put(client, input)),
        "PutObjectTagging" => Box::pin(tagging::put_of_object(client, input)),
        "UploadPart" => Box::pin(uploads::part(client, input)),
        "UploadPartCopy" => Box::pin(uploads::part_copy(client, input)),
        other => panic!("no generator makes {other}"),
    };
    sent.await
}
