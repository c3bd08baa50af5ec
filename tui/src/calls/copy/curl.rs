//! A call at the endpoint as curl makes it.

use std::fmt::Write as _;

use footbridge_record::{Call, Subject};
use serde_json::Value;

use super::shell::Command;
use crate::command::Endpoint;

/// The command, where curl can make the call: it signs by itself.
pub(super) fn command(call: &Call, endpoint: &Endpoint) -> Option<String> {
    let Subject::Operation { service, operation } = &call.started.subject else { return None };
    let parameters = &call.started.parameters;
    let region = endpoint.region.as_deref().unwrap_or("us-east-1");
    let mut command = match service.as_str() {
        "dynamodb" | "dynamodbstreams" => {
            let version = if service == "dynamodb" { "DynamoDB_20120810" } else { "DynamoDBStreams_20120810" };
            let url = endpoint.url.clone().unwrap_or_else(|| {
                let host = if service == "dynamodb" { "dynamodb" } else { "streams.dynamodb" };
                format!("https://{host}.{region}.amazonaws.com")
            });
            let mut command = Command::new("curl -sS");
            command.word(&format!("{}/", url.trim_end_matches('/')));
            command.pair("-H", "content-type: application/x-amz-json-1.0");
            command.pair("-H", &format!("x-amz-target: {version}.{operation}"));
            let body = if parameters.is_null() { "{}".to_owned() } else { parameters.to_string() };
            command.pair("--data-raw", &body);
            command
        }
        "s3" => s3(operation, parameters, endpoint, region)?,
        _ => return None,
    };
    let signer = if service == "s3" { "s3" } else { "dynamodb" };
    command.pair("--aws-sigv4", &format!("aws:amz:{region}:{signer}"));
    if endpoint.local {
        command.pair("--user", &format!("{}:test", endpoint.key()));
    } else {
        command.flag("--user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"");
        if endpoint.url.is_none() {
            command.flag("-H \"x-amz-security-token: $AWS_SESSION_TOKEN\"");
        }
    }
    Some(command.text())
}

fn s3(operation: &str, parameters: &Value, endpoint: &Endpoint, region: &str) -> Option<Command> {
    let text = |name: &str| parameters.get(name).and_then(Value::as_str);
    let method = method(operation)?;
    let base = endpoint.url.clone().unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
    let mut url = format!("{}/", base.trim_end_matches('/'));
    if let Some(bucket) = text("bucket") {
        url += &escaped(bucket, false);
        if let Some(key) = text("key") {
            url.push('/');
            url += &escaped(key, true);
        }
    }
    let query: Vec<String> = parameters
        .get("query")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| match value.as_str()? {
            "" => Some(escaped(name, false)),
            value => Some(format!("{}={}", escaped(name, false), escaped(value, false))),
        })
        .collect();
    if !query.is_empty() {
        url.push('?');
        url += &query.join("&");
    }
    // What a key has in it is not to be taken for steps up.
    let mut command = Command::new("curl -sS --path-as-is");
    match method {
        "GET" => {}
        "HEAD" => drop(command.flag("--head")),
        method => drop(command.pair("-X", method)),
    }
    command.word(&url);
    let mut has_type = false;
    for (name, value) in parameters.get("headers").and_then(Value::as_object).into_iter().flatten() {
        // curl counts for itself.
        if name != "content-length"
            && let Some(value) = value.as_str()
        {
            has_type |= name == "content-type";
            command.pair("-H", &format!("{name}: {value}"));
        }
    }
    // With a header of its own curl signs without reading the body.
    command.pair("-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD");
    if method == "PUT" && !has_type {
        // curl would say that it is a form.
        command.pair("-H", "content-type: binary/octet-stream");
    }
    match text("body").filter(|body| !body.is_empty()) {
        // With any other option for data, a body that begins with `@` is a file's name.
        Some(body) => drop(command.pair("--data-raw", body)),
        None if matches!(operation, "PutObject" | "UploadPart") => drop(command.pair("--data-binary", "@FILE")),
        None => {}
    }
    Some(command)
}

/// The method of an operation of S3.
fn method(operation: &str) -> Option<&'static str> {
    let begins = |verbs: &[&str]| verbs.iter().any(|verb| operation.starts_with(verb));
    Some(match operation {
        "DeleteObjects" | "CreateMultipartUpload" | "CompleteMultipartUpload" | "RestoreObject" => "POST",
        "CreateBucket" | "CopyObject" | "UploadPart" | "UploadPartCopy" => "PUT",
        _ if begins(&["Get", "List"]) => "GET",
        _ if begins(&["Head"]) => "HEAD",
        _ if begins(&["Put"]) => "PUT",
        _ if begins(&["Delete", "Abort"]) => "DELETE",
        _ => return None,
    })
}

/// `text` as a part of a URL; slashes stay where it is a path.
fn escaped(text: &str, path: bool) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || (path && byte == b'/');
        if plain {
            out.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
