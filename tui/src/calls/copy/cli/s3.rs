//! Calls of S3 as commands of the AWS CLI.

use serde_json::{Map, Value, json};

use super::super::shell::Command;
use super::{named, new};
use crate::command::Endpoint;

/// Parameters of the query, and headers, with the options that carry them.
const OPTIONS: [(&str, &str); 35] = [
    ("prefix", "--prefix"),
    ("delimiter", "--delimiter"),
    ("max-keys", "--max-keys"),
    ("max-uploads", "--max-uploads"),
    ("max-parts", "--max-parts"),
    ("max-buckets", "--max-buckets"),
    ("marker", "--marker"),
    ("key-marker", "--key-marker"),
    ("version-id-marker", "--version-id-marker"),
    ("upload-id-marker", "--upload-id-marker"),
    ("part-number-marker", "--part-number-marker"),
    ("start-after", "--start-after"),
    ("continuation-token", "--continuation-token"),
    ("encoding-type", "--encoding-type"),
    ("versionId", "--version-id"),
    ("partNumber", "--part-number"),
    ("uploadId", "--upload-id"),
    ("content-type", "--content-type"),
    ("content-encoding", "--content-encoding"),
    ("content-language", "--content-language"),
    ("content-disposition", "--content-disposition"),
    ("content-md5", "--content-md5"),
    ("cache-control", "--cache-control"),
    ("expires", "--expires"),
    ("range", "--range"),
    ("if-match", "--if-match"),
    ("if-none-match", "--if-none-match"),
    ("if-modified-since", "--if-modified-since"),
    ("if-unmodified-since", "--if-unmodified-since"),
    ("x-amz-copy-source-range", "--copy-source-range"),
    ("x-amz-storage-class", "--storage-class"),
    ("x-amz-tagging", "--tagging"),
    ("x-amz-metadata-directive", "--metadata-directive"),
    ("x-amz-tagging-directive", "--tagging-directive"),
    ("x-amz-server-side-encryption", "--server-side-encryption"),
];

/// The command, where the CLI has one that says all of it.
pub(super) fn command(operation: &str, parameters: &Value, endpoint: &Endpoint) -> Option<Command> {
    let member = |name: &str| parameters.get(name);
    let text = |name: &str| member(name).and_then(Value::as_str);
    let body = text("body").filter(|body| !body.is_empty());
    if operation == "PostObject" {
        return None;
    }
    if let ("PutObject", Some(body), Some(bucket), Some(key)) = (operation, body, text("bucket"), text("key"))
        && let Some(text) = put_text(bucket, key, body, parameters, endpoint)
    {
        return Some(text);
    }
    let mut command = new(&format!("s3api {}", named(operation)?), endpoint);
    for name in ["bucket", "key"] {
        if let Some(value) = text(name) {
            command.option(&format!("--{name}"), value);
        }
    }
    for place in ["query", "headers"] {
        for (name, value) in member(place).and_then(Value::as_object).into_iter().flatten() {
            carried(&mut command, name, value)?;
        }
    }
    let metadata = metadata(parameters);
    if !metadata.is_empty() {
        command.option("--metadata", &Value::Object(metadata).to_string());
    }
    match operation {
        "GetObject" => {
            command.arg("OUTFILE");
        }
        "PutObject" | "UploadPart" => {
            command.option("--body", "FILE");
        }
        _ => {
            if let Some(body) = body {
                let (option, value) = document(operation, body)?;
                command.option(option, &value);
            }
        }
    }
    Some(command)
}

/// Gives `command` what a parameter or a header says, where the CLI can say it at all.
fn carried(command: &mut Command, name: &str, value: &Value) -> Option<()> {
    let Some(text) = value.as_str() else { return Some(()) };
    if name == "x-amz-object-attributes" {
        command.flag("--object-attributes");
        for one in text.split(',').map(str::trim) {
            // They stand by themselves, where an option could.
            if one.starts_with('-') {
                return None;
            }
            command.arg(one);
        }
    } else if name == "x-amz-copy-source" {
        command.option("--copy-source", &copy_source(text)?);
    } else if let Some((_, option)) = OPTIONS.iter().find(|(known, _)| *known == name) {
        // A subresource such as `?tagging` has no value.
        if !text.is_empty() || matches!(name, "prefix" | "delimiter") {
            command.option(option, text);
        }
    }
    Some(())
}

/// What a copy's header says, as the CLI takes it: it encodes by itself.
fn copy_source(header: &str) -> Option<String> {
    const VERSION: &str = "?versionId=";
    let (path, version) = header.rsplit_once(VERSION).map_or((header, None), |(path, version)| (path, Some(version)));
    let path = decoded(path)?;
    // The CLI would take the end of such a key for a version.
    let version = version.map_or_else(String::new, |version| format!("{VERSION}{version}"));
    (!path.contains(VERSION)).then(|| path + &version)
}

/// `text` with its percent signs and what follows them as the bytes they stand for.
fn decoded(text: &str) -> Option<String> {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let code = piece.get(..2).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            bytes.push(byte);
            bytes.extend_from_slice(&piece.as_bytes()[2..]);
        } else {
            bytes.push(b'%');
            bytes.extend_from_slice(piece.as_bytes());
        }
    }
    String::from_utf8(bytes).ok()
}

fn metadata(parameters: &Value) -> Map<String, Value> {
    let headers = parameters.get("headers").and_then(Value::as_object);
    let named =
        headers.into_iter().flatten().filter_map(|(name, value)| Some((name.strip_prefix("x-amz-meta-")?, value)));
    named.map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

/// An object whose text is known: it goes in through a pipe, where the CLI can be told the rest so too.
fn put_text(bucket: &str, key: &str, body: &str, parameters: &Value, endpoint: &Endpoint) -> Option<Command> {
    let mut command = new("s3 cp -", endpoint);
    command.arg(&format!("s3://{bucket}/{key}"));
    for (name, value) in parameters.get("headers").and_then(Value::as_object).into_iter().flatten() {
        let text = value.as_str()?;
        match name.as_str() {
            "content-type"
            | "cache-control"
            | "content-encoding"
            | "content-language"
            | "content-disposition"
            | "expires" => {
                command.option(&format!("--{name}"), text);
            }
            "x-amz-storage-class" => drop(command.option("--storage-class", text)),
            // It comes of the text itself, and checksums are the CLI's own.
            "content-length" | "content-md5" => {}
            name if name.starts_with("x-amz-meta-") || name.contains("checksum") => {}
            _ => return None,
        }
    }
    let metadata = metadata(parameters);
    if !metadata.is_empty() {
        command.option("--metadata", &Value::Object(metadata).to_string());
    }
    Some(command.fed(body))
}

/// What S3 is given as XML, in the CLI's words.
fn document(operation: &str, body: &str) -> Option<(&'static str, String)> {
    let json = |value: Value| value.to_string();
    Some(match operation {
        "DeleteObjects" => {
            let objects: Vec<Value> = elements(body, "Object")
                .map(|object| {
                    let mut one = Map::new();
                    for (name, tag) in [("Key", "Key"), ("VersionId", "VersionId")] {
                        if let Some(text) = elements(object, tag).next() {
                            one.insert(name.to_owned(), Value::String(unescaped(text)));
                        }
                    }
                    Value::Object(one)
                })
                .collect();
            let quiet = elements(body, "Quiet").next() == Some("true");
            ("--delete", json(json!({ "Objects": objects, "Quiet": quiet })))
        }
        "CompleteMultipartUpload" => {
            let parts: Option<Vec<Value>> = elements(body, "Part")
                .map(|part| {
                    let number: u32 = elements(part, "PartNumber").next()?.trim().parse().ok()?;
                    let etag = unescaped(elements(part, "ETag").next()?);
                    Some(json!({ "PartNumber": number, "ETag": etag }))
                })
                .collect();
            ("--multipart-upload", json(json!({ "Parts": parts? })))
        }
        "PutBucketVersioning" => {
            ("--versioning-configuration", json(json!({ "Status": unescaped(elements(body, "Status").next()?) })))
        }
        "CreateBucket" => {
            let region = unescaped(elements(body, "LocationConstraint").next()?);
            ("--create-bucket-configuration", json(json!({ "LocationConstraint": region })))
        }
        "PutBucketTagging" | "PutObjectTagging" => {
            let tags: Vec<Value> = elements(body, "Tag")
                .filter_map(|tag| {
                    let [key, value] = ["Key", "Value"].map(|name| elements(tag, name).next().map(unescaped));
                    Some(json!({ "Key": key?, "Value": value? }))
                })
                .collect();
            ("--tagging", json(json!({ "TagSet": tags })))
        }
        _ => return None,
    })
}

/// What stands in each element of this name.
fn elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = xml;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (inner, after) = after.split_once(&close)?;
        rest = after;
        Some(inner)
    })
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}
