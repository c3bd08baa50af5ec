//! An answer as SDKs show it: members by their API names, from headers and XML alike.

use serde_json::{Map, Value, json};

use crate::harness::Answer;

/// Headers that are members of their own.
const HEADERS: &[(&str, &str)] = &[
    ("etag", "ETag"),
    ("location", "Location"),
    ("x-amz-abort-date", "AbortDate"),
    ("x-amz-bucket-arn", "BucketArn"),
    ("x-amz-checksum-algorithm", "ChecksumAlgorithm"),
    ("x-amz-checksum-crc32", "ChecksumCRC32"),
    ("x-amz-checksum-crc32c", "ChecksumCRC32C"),
    ("x-amz-checksum-crc64nvme", "ChecksumCRC64NVME"),
    ("x-amz-checksum-sha1", "ChecksumSHA1"),
    ("x-amz-checksum-sha256", "ChecksumSHA256"),
    ("x-amz-checksum-type", "ChecksumType"),
    ("x-amz-copy-source-version-id", "CopySourceVersionId"),
    ("x-amz-delete-marker", "DeleteMarker"),
    ("x-amz-mp-parts-count", "PartsCount"),
    ("x-amz-server-side-encryption", "ServerSideEncryption"),
    ("x-amz-storage-class", "StorageClass"),
    ("x-amz-tagging-count", "TagCount"),
    ("x-amz-version-id", "VersionId"),
    ("x-amz-website-redirect-location", "WebsiteRedirectLocation"),
];
/// Headers that only an object's answer has as members.
const OBJECT: &[(&str, &str)] = &[
    ("accept-ranges", "AcceptRanges"),
    ("cache-control", "CacheControl"),
    ("content-disposition", "ContentDisposition"),
    ("content-encoding", "ContentEncoding"),
    ("content-language", "ContentLanguage"),
    ("content-length", "ContentLength"),
    ("content-range", "ContentRange"),
    ("content-type", "ContentType"),
    ("expires", "Expires"),
];
/// Elements that may be repeated, and the member that lists them.
const LISTS: &[(&str, &str)] = &[
    ("AllowedHeader", "AllowedHeaders"),
    ("AllowedMethod", "AllowedMethods"),
    ("AllowedOrigin", "AllowedOrigins"),
    ("CORSRule", "CORSRules"),
    ("ChecksumAlgorithm", "ChecksumAlgorithm"),
    ("CommonPrefixes", "CommonPrefixes"),
    ("Contents", "Contents"),
    ("DeleteMarker", "DeleteMarkers"),
    ("Deleted", "Deleted"),
    ("Error", "Errors"),
    ("ExposeHeader", "ExposeHeaders"),
    ("Part", "Parts"),
    ("Rule", "Rules"),
    ("Upload", "Uploads"),
    ("Version", "Versions"),
];
/// Elements that list their children.
const WRAPPERS: &[(&str, &str)] = &[("TagSet", "Tag"), ("Buckets", "Bucket")];
/// Roots that are a member themselves.
const PAYLOADS: &[&str] = &["CopyObjectResult", "CopyPartResult", "ServerSideEncryptionConfiguration"];

/// The members of an answer. Whether the body is an object's is seen by what was recorded.
pub fn members(method: &str, answer: &Answer, recorded: Option<&Value>) -> Value {
    if let Some(headers) = recorded.and_then(|recorded| recorded.get("Headers")).and_then(Value::as_object) {
        return raw(answer, headers);
    }
    let mut members = Map::new();
    let is_object = recorded.is_some_and(|recorded| recorded.get("AcceptRanges").is_some());
    let failed = answer.status >= 300;
    if failed && method == "HEAD" {
        let reason = http::StatusCode::from_u16(answer.status).unwrap();
        members.insert(
            "Error".into(),
            json!({ "Code": answer.status.to_string(), "Message": reason.canonical_reason().unwrap_or_default() }),
        );
    } else if is_object && !failed {
        if recorded.is_some_and(|recorded| recorded.get("Body").is_some()) {
            members.insert("Body".into(), answer.text().into());
        }
    } else if let Some((root, content)) = document(&answer.text()) {
        match content {
            Value::Object(mut error) if root == "Error" => {
                error.retain(|name, _| name != "RequestId" && name != "HostId");
                members.insert("Error".into(), Value::Object(error));
            }
            content if PAYLOADS.contains(&root.as_str()) => {
                members.insert(root, content);
            }
            Value::Object(content) => {
                let encoded = content.get("EncodingType").is_some_and(|encoding| encoding == "url");
                members.extend(content.into_iter().map(|(name, value)| {
                    let value = if encoded { decoded(&name, value) } else { value };
                    (name, value)
                }));
            }
            _ => {}
        }
    }
    if !failed {
        let objects = OBJECT.iter().chain([&("last-modified", "LastModified")]).filter(|_| is_object);
        for (header, member) in HEADERS.iter().chain(objects) {
            if let Some(value) = answer.header(header) {
                members.insert((*member).to_owned(), value.into());
            }
        }
        if members.get("LastModified").is_none()
            && let Some(modified) = answer.header("last-modified")
        {
            members.insert("LastModified".into(), modified.into());
        }
    }
    if is_object && !failed {
        let metadata = answer.headers.iter().filter_map(|(name, value)| {
            let name = name.as_str().strip_prefix("x-amz-meta-")?;
            Some((name.to_owned(), Value::from(String::from_utf8_lossy(value.as_bytes()))))
        });
        members.insert("Metadata".into(), Value::Object(metadata.collect()));
    }
    members.insert("Status".into(), answer.status.into());
    Value::Object(members)
}

/// An answer as a plain HTTP client shows it: the headers that were recorded, and every one of CORS.
fn raw(answer: &Answer, recorded: &Map<String, Value>) -> Value {
    let counts = |name: &str| recorded.contains_key(name) || name.starts_with("access-control-") || name == "vary";
    let headers: Map<String, Value> = answer
        .headers
        .iter()
        .filter(|(name, _)| counts(name.as_str()))
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    let mut members =
        Map::from_iter([("Headers".to_owned(), headers.into()), ("Status".to_owned(), answer.status.into())]);
    match document(&answer.text()) {
        Some((root, Value::Object(mut error))) if root == "Error" => {
            error.retain(|name, _| name != "RequestId" && name != "HostId");
            members.insert("Error".into(), Value::Object(error));
        }
        _ if answer.body.is_empty() => {}
        _ => {
            members.insert("Body".into(), answer.text().into());
        }
    }
    Value::Object(members)
}

/// The value of a member as SDKs show it where the answer is URL-encoded: they decode what is a key.
fn decoded(name: &str, value: Value) -> Value {
    const KEYS: [&str; 8] =
        ["Delimiter", "Key", "KeyMarker", "Marker", "NextKeyMarker", "NextMarker", "Prefix", "StartAfter"];
    match value {
        Value::String(text) if KEYS.contains(&name) => {
            let spaced = text.replace('+', " ");
            percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned().into()
        }
        Value::Array(items) => items.into_iter().map(|item| decoded(name, item)).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name.clone(), decoded(&name, value))).collect::<Map<_, _>>().into()
        }
        other => other,
    }
}

/// The root of an XML document and its content.
fn document(text: &str) -> Option<(String, Value)> {
    let text = text.trim_start();
    let text = text.strip_prefix("<?xml").map_or(Some(text), |rest| rest.split_once("?>").map(|(_, rest)| rest))?;
    let (name, content, _) = element(text)?;
    Some((name, content))
}

/// The element that `text` begins with: its name, its content, and what follows.
fn element(text: &str) -> Option<(String, Value, &str)> {
    let (tag, mut rest) = text.trim_start().strip_prefix('<')?.split_once('>')?;
    let name = tag.trim_end_matches('/').split_whitespace().next()?.to_owned();
    if tag.ends_with('/') {
        return Some((name, Value::from(""), rest));
    }
    let (mut members, mut text) = (Map::new(), String::new());
    let wrapped = WRAPPERS.iter().find(|(wrapper, _)| *wrapper == name);
    let mut list = Vec::new();
    let end = format!("</{name}>");
    loop {
        let at = rest.find('<')?;
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix(&end) {
            rest = after;
            break;
        }
        let (child, content, after) = element(rest)?;
        rest = after;
        if wrapped.is_some_and(|(_, member)| *member == child) {
            list.push(content);
        } else if let Some((_, member)) = LISTS.iter().find(|(known, _)| *known == child && name != "Deleted") {
            let slot = members.entry(*member).or_insert_with(|| json!([]));
            slot.as_array_mut()?.push(content);
        } else if child == "PartsCount" {
            members.insert("TotalPartsCount".into(), content);
        } else {
            members.insert(child, content);
        }
    }
    let content = match wrapped {
        Some(_) => Value::Array(list),
        None if members.is_empty() => Value::from(unescape(&text)),
        None => Value::Object(members),
    };
    Some((name, content, rest))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
