//! Calls on buckets.

use aws_sdk_s3::Client;
use serde_json::{Value as Json, json};

use super::{ok, refused, text};
use crate::wire::Sent;

pub async fn create(client: &Client, input: &Json) -> Sent {
    match client.create_bucket().set_bucket(text(input, "Bucket")).send().await {
        Ok(output) => ok(200, json!({"Location": output.location()})),
        Err(error) => refused(error),
    }
}

pub async fn delete(client: &Client, input: &Json) -> Sent {
    match client.delete_bucket().set_bucket(text(input, "Bucket")).send().await {
        Ok(_) => ok(204, json!({})),
        Err(error) => refused(error),
    }
}
