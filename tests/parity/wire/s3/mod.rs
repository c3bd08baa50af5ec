//! S3's calls: inputs and outputs in the SDK's own types.
//!
//! An input is AWS's members as JSON. `Body` is a text, or `{"$fill": [BYTE, LENGTH]}` for a long one; an output's `Body`
//! is a text, or `{"$md5": …, "$length": …}` where it is long or no text.

mod buckets;
mod objects;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::display::DisplayErrorContext;
use serde_json::{Map, Value as Json};

use super::{Sent, Unanswered};
use crate::call::Answer;

/// Sends a call.
pub async fn send(client: &Client, operation: &str, input: &Json) -> Sent {
    match operation {
        "CreateBucket" => buckets::create(client, input).await,
        "DeleteBucket" => buckets::delete(client, input).await,
        "DeleteObject" => objects::delete(client, input).await,
        "GetObject" => objects::get(client, input).await,
        "PutObject" => objects::put(client, input).await,
        other => panic!("no generator makes {other}"),
    }
}

/// A member that is a text.
fn text(input: &Json, member: &str) -> Option<String> {
    input.get(member)?.as_str().map(str::to_owned)
}

/// An answer without the members that are not there.
fn ok(status: u16, output: Json) -> Sent {
    let Json::Object(output) = output else { panic!("an output is an object") };
    let output: Map<String, Json> = output.into_iter().filter(|(_, value)| !value.is_null()).collect();
    Ok(Answer { status, output, ..Answer::default() })
}

/// An error as AWS told it.
fn refused<E>(error: SdkError<E, HttpResponse>) -> Sent
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let Some(status) = error.raw_response().map(|response| response.status().as_u16()) else {
        return Err(Unanswered(DisplayErrorContext(error).to_string()));
    };
    let (code, message) = (error.code().unwrap_or_default(), error.message().map(str::to_owned));
    Ok(Answer { status, code: Some(code.to_owned()), message, ..Answer::default() })
}

/// Takes away a bucket and all that is in it.
pub async fn remove(client: &Client, bucket: &str) {
    let versions = client.list_object_versions().bucket(bucket).send().await;
    for version in versions.iter().flat_map(|versions| versions.versions()) {
        let call = client.delete_object().bucket(bucket).set_key(version.key().map(str::to_owned));
        drop(call.set_version_id(version.version_id().map(str::to_owned)).send().await);
    }
    drop(client.delete_bucket().bucket(bucket).send().await);
}
