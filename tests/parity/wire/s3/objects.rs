//! Calls on one object.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use md5::{Digest, Md5};
use serde_json::{Value as Json, json};

use super::{ok, refused, text};
use crate::wire::{Sent, Unanswered};

/// The longest body that an answer shows.
const SHOWN: usize = 200;

/// The bytes that an input's `Body` means.
pub fn body(input: &Json) -> Vec<u8> {
    match input.get("Body") {
        None => Vec::new(),
        Some(Json::String(text)) => text.clone().into_bytes(),
        Some(fill) => {
            let of = |at: usize| fill["$fill"][at].as_u64().expect("[byte, length]");
            vec![u8::try_from(of(0)).expect("a byte"); usize::try_from(of(1)).expect("a length")]
        }
    }
}

fn shown(bytes: &[u8]) -> Json {
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.len() <= SHOWN => text.into(),
        _ => {
            let md5: String = Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            json!({"$md5": md5, "$length": bytes.len()})
        }
    }
}

pub async fn put(client: &Client, input: &Json) -> Sent {
    let call = client.put_object().set_bucket(text(input, "Bucket")).set_key(text(input, "Key"));
    let call = call.set_if_match(text(input, "IfMatch")).set_if_none_match(text(input, "IfNoneMatch"));
    match call.body(ByteStream::from(body(input))).send().await {
        Ok(output) => ok(200, json!({"ETag": output.e_tag(), "VersionId": output.version_id()})),
        Err(error) => refused(error),
    }
}

pub async fn get(client: &Client, input: &Json) -> Sent {
    let call = client.get_object().set_bucket(text(input, "Bucket")).set_key(text(input, "Key"));
    match call.set_version_id(text(input, "VersionId")).set_range(text(input, "Range")).send().await {
        Ok(output) => {
            let head = json!({"ETag": output.e_tag(), "VersionId": output.version_id(), "ContentRange": output.content_range()});
            let status = if output.content_range().is_some() { 206 } else { 200 };
            let bytes = output.body.collect().await.map_err(|error| Unanswered(error.to_string()))?;
            let mut output = head;
            output["Body"] = shown(&bytes.into_bytes());
            ok(status, output)
        }
        Err(error) => refused(error),
    }
}

pub async fn delete(client: &Client, input: &Json) -> Sent {
    let call = client.delete_object().set_bucket(text(input, "Bucket")).set_key(text(input, "Key"));
    match call.set_version_id(text(input, "VersionId")).send().await {
        Ok(output) => ok(204, json!({"DeleteMarker": output.delete_marker(), "VersionId": output.version_id()})),
        Err(error) => refused(error),
    }
}
