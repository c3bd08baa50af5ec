//! Calls on tags.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{Tag, Tagging};
use serde_json::{Value as Json, json};

use super::shape::{ok, send, text, told, with};
use crate::wire::Sent;

/// The tags of a list.
pub fn tags(list: &Json) -> Vec<Tag> {
    let tag =
        |tag: &Json| Tag::builder().key(text(tag, "Key").expect("a key")).value(text(tag, "Value").expect("a value"));
    list.as_array().into_iter().flatten().map(|given| tag(given).build().expect("key and value")).collect()
}

fn tagging(input: &Json) -> Tagging {
    Tagging::builder().set_tag_set(Some(tags(&input["Tagging"]["TagSet"]))).build().expect("a set")
}

/// Tags as an answer shows them, by key: they are a set.
fn shown(set: &[Tag]) -> Json {
    let mut set: Vec<&Tag> = set.iter().collect();
    set.sort_by_key(|tag| tag.key());
    // No tag is not the same as no set.
    let set: Vec<Json> = set.iter().map(|tag| json!({"Key": tag.key(), "Value": tag.value()})).collect();
    if set.is_empty() { json!("none") } else { set.into() }
}

pub async fn put_of_bucket(client: &Client, input: &Json) -> Sent {
    let call = with!(client.put_bucket_tagging(), input, "Bucket" => set_bucket).tagging(tagging(input));
    let (status, _) = send!(call, input);
    ok(status, json!({}))
}

pub async fn get_of_bucket(client: &Client, input: &Json) -> Sent {
    let (status, output) = send!(with!(client.get_bucket_tagging(), input, "Bucket" => set_bucket), input);
    ok(status, json!({"TagSet": shown(output.tag_set())}))
}

pub async fn delete_of_bucket(client: &Client, input: &Json) -> Sent {
    let (status, _) = send!(with!(client.delete_bucket_tagging(), input, "Bucket" => set_bucket), input);
    ok(status, json!({}))
}

pub async fn put_of_object(client: &Client, input: &Json) -> Sent {
    let call = with!(client.put_object_tagging(), input, "Bucket" => set_bucket, "Key" => set_key,
        "VersionId" => set_version_id);
    let (status, output) = send!(call.tagging(tagging(input)), input);
    ok(status, told!(output, "VersionId" => version_id))
}

pub async fn get_of_object(client: &Client, input: &Json) -> Sent {
    let call = with!(client.get_object_tagging(), input, "Bucket" => set_bucket, "Key" => set_key,
        "VersionId" => set_version_id);
    let (status, output) = send!(call, input);
    ok(status, json!({"TagSet": shown(output.tag_set()), "VersionId": output.version_id()}))
}

pub async fn delete_of_object(client: &Client, input: &Json) -> Sent {
    let call = with!(client.delete_object_tagging(), input, "Bucket" => set_bucket, "Key" => set_key,
        "VersionId" => set_version_id);
    let (status, output) = send!(call, input);
    ok(status, told!(output, "VersionId" => version_id))
}
