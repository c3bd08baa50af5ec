//! Calls of S3, as operations and as tools.

use serde_json::Value;

use super::value::{self, is_note};
use super::view::{View, count, counted, find, length};
use super::{Effect, Parts, effect};
use crate::time::bytes;

/// Keys that are shown of many.
const SOME: usize = 3;

pub(super) fn parts(view: &View<'_>) -> Parts {
    let mut parts = Parts {
        name: view.name.clone(),
        on: on(view),
        asked: Vec::new(),
        came: String::new(),
        effect: effect(&view.name),
    };
    asked(view, &mut parts);
    parts.came = came(view);
    parts
}

/// `bucket` or `bucket/key`.
fn on(view: &View<'_>) -> String {
    let resources: Vec<&str> = view.resources("s3://").collect();
    if let Some(to) = view.text(&["to"]) {
        return to.strip_prefix("s3://").unwrap_or(to).to_owned();
    }
    let given = |names: &[&str]| view.text(names).filter(|name| !is_note(name));
    match (given(&["bucket", "Bucket"]), given(&["key", "Key"])) {
        (Some(bucket), Some(key)) => format!("{bucket}/{key}"),
        (Some(bucket), None) if view.parameter(&["key", "Key"]).is_none() => bucket.to_owned(),
        // What is listed or deleted of a bucket stands in what was asked.
        _ if view.name.starts_with("List") || view.name == "DeleteObjects" => {
            resources.first().map_or("", |of| of.split('/').next().unwrap_or(of)).to_owned()
        }
        (bucket, _) => resources.first().copied().or(bucket).unwrap_or_default().to_owned(),
    }
}

/// A parameter, however S3 carries it: by its own name, in the query, in a header.
fn given<'a>(view: &View<'a>, names: &[&str]) -> Option<&'a Value> {
    let parameters = view.parameters;
    let places = [Some(parameters), parameters.get("query"), parameters.get("headers")];
    places.into_iter().flatten().find_map(|place| spelt(place, names))
}

/// The member of this name, whatever its spelling: `versionId`, `version-id`, `x-amz-version-id`.
fn spelt<'a>(place: &'a Value, names: &[&str]) -> Option<&'a Value> {
    let members = place.as_object()?;
    let is = |given: &str, name: &str| {
        let given = given.strip_prefix("x-amz-").unwrap_or(given);
        let letters = given.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
        letters.eq(name.bytes())
    };
    names
        .iter()
        .find_map(|name| members.iter().find(|(given, _)| is(given, name)))
        .map(|(_, value)| value)
        .filter(|value| !value.is_null())
}

fn text<'a>(view: &View<'a>, names: &[&str]) -> Option<&'a str> {
    given(view, names).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// `word value`, where the parameter is there.
fn named(view: &View<'_>, word: &str, names: &[&str]) -> Option<String> {
    given(view, names)
        .filter(|value| value.as_str() != Some(""))
        .map(|value| format!("{word} {}", value::value(value, false)))
        .filter(|text| text.len() > word.len() + 1)
}

fn asked(view: &View<'_>, parts: &mut Parts) {
    let asked = &mut parts.asked;
    match view.name.as_str() {
        name if name.starts_with("List") => {
            asked.extend(named(view, "prefix", &["prefix"]));
            asked.extend(named(view, "delimiter", &["delimiter"]));
            asked.extend(named(view, "limit", &["maxkeys", "limit", "maxuploads", "maxparts", "maxbuckets"]));
            asked.extend(named(view, "after", &["startafter", "marker", "keymarker", "partnumbermarker"]));
            if given(view, &["continuationtoken", "cursor"]).is_some() {
                asked.push("next page".to_owned());
            }
        }
        "DeleteObjects" => deletes(view, parts),
        "DeleteBucket" if view.is_true(&["force"]) => asked.push("with its objects".to_owned()),
        "PresignUrl" => {
            let method = text(view, &["method"]).unwrap_or("get").to_ascii_lowercase();
            asked.push(value::text(&method));
            asked.extend(named(view, "for", &["expiresin"]).map(|text| text + " s"));
            parts.effect = match method.as_str() {
                "put" => Effect::Write,
                "delete" => Effect::Destroy,
                _ => Effect::Read,
            };
        }
        "PutObject" | "UploadPart" | "PostObject" => {
            asked.extend(named(view, "part", &["partnumber"]));
            asked.extend(sent(view).map(bytes));
            asked.extend(named(view, "file", &["file"]));
            asked.extend(text(view, &["contenttype"]).map(value::text));
        }
        "CopyObject" | "UploadPartCopy" => {
            asked.extend(named(view, "part", &["partnumber"]));
            // A key is worth more room than other values.
            let from = text(view, &["from"]).map(|from| from.strip_prefix("s3://").unwrap_or(from).to_owned());
            let encoded = text(view, &["copysource"]).map(|source| {
                let (path, version) = source.split_once("?versionId=").unwrap_or((source, ""));
                let version = if version.is_empty() { "" } else { &format!(" version {}", value::text(version)) };
                decoded(path.trim_start_matches('/')) + version
            });
            asked.extend(from.or(encoded).map(|from| format!("from {}", value::cut(&from, 120))));
            asked.extend(named(view, "range", &["copysourcerange"]));
        }
        "DownloadObject" => asked.extend(named(view, "to", &["saveto"])),
        "CompleteMultipartUpload" => {
            let parts = body(view).map(|body| body.matches("<PartNumber>").count() as u64).filter(|parts| *parts > 0);
            asked.extend(parts.map(|parts| counted(parts, "part", "parts")));
        }
        "CreateMultipartUpload" => asked.extend(text(view, &["contenttype"]).map(value::text)),
        "CreateBucket" => asked.extend(
            body(view).and_then(|body| element(body, "LocationConstraint")).map(|of| format!("in {}", value::text(of))),
        ),
        "PutBucketVersioning" | "PutBucketAccelerateConfiguration" => {
            asked.extend(
                body(view).and_then(|body| element(body, "Status")).map(|of| value::text(&of.to_ascii_lowercase())),
            );
        }
        "PutObjectTagging" | "PutBucketTagging" => asked.extend(tags(view)),
        "GetObjectAttributes" => asked.extend(named(view, "of", &["objectattributes"])),
        name if name.starts_with("Put") => asked.extend(sent(view).map(bytes)),
        _ => {}
    }
    let asked = &mut parts.asked;
    asked.extend(text(view, &["range"]).map(value::text));
    asked.extend(
        named(view, "part", &["partnumber"]).filter(|_| matches!(view.name.as_str(), "GetObject" | "HeadObject")),
    );
    asked.extend(named(view, "version", &["versionid"]));
    asked.extend(named(view, "class", &["storageclass"]));
    for (word, name) in [
        ("if-match", "ifmatch"),
        ("if-none-match", "ifnonematch"),
        ("if-modified-since", "ifmodifiedsince"),
        ("if-unmodified-since", "ifunmodifiedsince"),
    ] {
        asked.extend(named(view, word, &[name]));
    }
    if view.is_true(&["dry_run"]) {
        asked.push("dry run".to_owned());
        parts.effect = Effect::Read;
    }
    let uploads = ["UploadPart", "UploadPartCopy", "CompleteMultipartUpload", "AbortMultipartUpload", "ListParts"];
    if uploads.contains(&view.name.as_str()) {
        asked.extend(named(view, "upload", &["uploadid"]));
    }
}

/// `text` with its `%20` as what they stand for.
fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(&part.as_bytes()[2..]);
            }
            None => bytes.extend([b"%", part.as_bytes()].concat()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Keys that are deleted at once.
fn deletes(view: &View<'_>, parts: &mut Parts) {
    let listed = view.parameter(&["keys"]).and_then(Value::as_array);
    let mut keys: Vec<String> = Vec::new();
    let mut total = 0;
    if let Some(listed) = listed {
        total = count(listed);
        keys = listed.iter().take(SOME).map(|key| value::value(key, false)).collect();
    } else if let Some(body) = body(view) {
        total = body.matches("<Key>").count() as u64;
        keys = body
            .split("<Key>")
            .skip(1)
            .take(SOME)
            .filter_map(|rest| rest.split("</Key>").next())
            .map(value::text)
            .collect();
    }
    if total == 0 {
        let named: Vec<&str> =
            view.resources("s3://").filter_map(|of| of.split_once('/').map(|(_, key)| key)).collect();
        let is_prefix = view.text(&["prefix"]).is_some();
        total = if is_prefix { 0 } else { named.len() as u64 };
        keys = named.iter().take(if is_prefix { 0 } else { SOME }).map(|key| value::text(key)).collect();
    }
    match (total, keys.as_slice()) {
        (0, _) => {}
        (1, [only]) => {
            if view.is_tool {
                "DeleteObject".clone_into(&mut parts.name);
                parts.on = format!("{}/{}", parts.on, whole_key(view).unwrap_or(only));
            } else {
                parts.asked.push(only.clone());
            }
        }
        (total, first) => {
            let dots = if total > first.len() as u64 { ", …" } else { "" };
            parts.asked.push(format!("{} {}{dots}", counted(total, "key", "keys"), first.join(", ")));
        }
    }
    parts.asked.extend(named(view, "prefix", &["prefix"]));
}

fn whole_key<'a>(view: &View<'a>) -> Option<&'a str> {
    view.parameter(&["keys"])?.get(0)?.as_str()
}

/// `team=a stage=b`
fn tags(view: &View<'_>) -> Vec<String> {
    let Some(body) = body(view) else { return Vec::new() };
    let each = body.split("<Tag>").skip(1).take(SOME);
    each.filter_map(|tag| {
        Some(format!("{}={}", value::text(element(tag, "Key")?), value::text(element(tag, "Value")?)))
    })
    .collect()
}

/// What is in the first element of this name, in a document that is looked at as a text.
fn element<'a>(document: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = document.split_once(&format!("<{name}>"))?;
    let (inner, _) = rest.split_once("</")?;
    (!inner.contains('<')).then_some(inner.trim())
}

fn body<'a>(view: &View<'a>) -> Option<&'a str> {
    view.text(&["body", "text"])
}

/// How many bytes of content were sent.
fn sent(view: &View<'_>) -> Option<u64> {
    // Without the framing that some clients put around it.
    let bare = given(view, &["contentlength"]).and_then(number);
    bare.or(view.call.started.bytes_in).or_else(|| {
        let text = view.parameter(&["text", "body"])?.as_str()?;
        // What was cut or not recorded says how long it was.
        let note = text.rsplit_once("… ").map_or(text, |(_, note)| note);
        let whole =
            note.strip_prefix('[').and_then(|note| note.strip_suffix(" bytes]")).and_then(|number| number.parse().ok());
        Some(whole.unwrap_or(text.len() as u64))
    })
}

fn came(view: &View<'_>) -> String {
    let done = match view.name.as_str() {
        "PutObject" | "PostObject" | "UploadPart" => "stored",
        "CreateBucket" => "created",
        "CopyObject" | "UploadPartCopy" => "copied",
        "CompleteMultipartUpload" => "completed",
        "CreateMultipartUpload" => "begun",
        "AbortMultipartUpload" => "aborted",
        "HeadBucket" => "there",
        "DeleteObjects" | "DeleteObject" | "DeleteBucket" => "deleted",
        "PresignUrl" => "signed",
        "DownloadObject" => "saved",
        name if name.starts_with("Delete") => "deleted",
        name if name.starts_with("Put") => "set",
        _ => "",
    };
    let mut parts = Vec::new();
    results(view, &mut parts);
    let not_modified = view.call.finished.as_ref().and_then(|end| end.http_status) == Some(304);
    if not_modified {
        parts = vec!["not modified".to_owned()];
    }
    if parts.is_empty() {
        parts.push(super::other::size(view, done));
    }
    parts.join(" · ")
}

/// A member of the answer, however it is carried.
fn told<'a>(view: &View<'a>, names: &[&str]) -> Option<&'a Value> {
    let response = view.response;
    [Some(response), response.get("headers")].into_iter().flatten().find_map(|place| spelt(place, names))
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn results(view: &View<'_>, parts: &mut Vec<String>) {
    let xml = find(view.response, &["body"]).and_then(Value::as_str).unwrap_or_default();
    let counts = |names: &[&str], root: &str| {
        let listed = view.answer(names).and_then(length);
        // A document that was cut tells too few.
        let whole = !xml.is_empty() && !xml.ends_with(" bytes]");
        listed.or_else(|| whole.then(|| xml.matches(&format!("<{root}>")).count() as u64))
    };
    match view.name.as_str() {
        "GetObject" | "HeadObject" | "DownloadObject" => {
            let size = told(view, &["size", "byteswritten", "contentlength"]).and_then(number);
            let sent = view
                .call
                .finished
                .as_ref()
                .and_then(|end| end.bytes_out)
                .filter(|_| view.name == "GetObject" && !view.is_tool);
            parts.extend(sent.or(size).map(bytes));
            parts.extend(told(view, &["contenttype"]).and_then(Value::as_str).map(value::text));
        }
        "ListObjects" | "ListObjectsV2" | "ListObjectVersions" => {
            let keys = element(xml, "KeyCount").and_then(|count| count.parse().ok());
            let keys = counts(&["objects"], "Contents")
                .or(keys)
                .map(|keys| keys + counts(&["versions"], "Version").unwrap_or_default());
            parts.extend(keys.map(|keys| counted(keys, "key", "keys")));
            let prefixes = counts(&["prefixes"], "CommonPrefixes").filter(|prefixes| *prefixes > 0);
            parts.extend(prefixes.map(|prefixes| counted(prefixes, "prefix", "prefixes")));
            if view.answer(&["cursor"]).is_some() || element(xml, "IsTruncated") == Some("true") {
                parts.push("more".to_owned());
            }
        }
        "ListBuckets" => {
            parts.extend(counts(&["buckets"], "Bucket").map(|buckets| counted(buckets, "bucket", "buckets")));
        }
        "ListParts" => parts.extend(counts(&["parts"], "Part").map(|of| counted(of, "part", "parts"))),
        "ListMultipartUploads" => {
            parts.extend(counts(&["uploads"], "Upload").map(|of| counted(of, "upload", "uploads")));
        }
        "DeleteObjects" if view.is_tool => {
            let deleted = view.answer(&["deleted", "would_delete"]).and_then(Value::as_u64);
            parts.extend(deleted.map(|deleted| format!("{deleted} deleted")));
        }
        "DeleteObjects" if !xml.is_empty() && !xml.ends_with(" bytes]") => {
            let [deleted, errors] = ["<Deleted>", "<Error>"].map(|root| xml.matches(root).count());
            if deleted > 0 {
                parts.push(format!("{deleted} deleted"));
            }
            if errors > 0 {
                parts.push(format!("{errors} failed"));
            }
        }
        "DeleteObject" if told(view, &["deletemarker"]).is_some_and(|is| is == "true" || is == true) => {
            parts.push("delete marker".to_owned());
        }
        "DeleteBucket" => {
            let objects = view.answer(&["objects_deleted"]).and_then(Value::as_u64).filter(|objects| *objects > 0);
            parts.extend(objects.map(|objects| format!("deleted with {}", counted(objects, "object", "objects"))));
        }
        "GetBucketVersioning" => parts.extend(element(xml, "Status").map(|of| value::text(&of.to_ascii_lowercase()))),
        "GetBucketLocation" => parts.extend(element(xml, "LocationConstraint").map(value::text)),
        "PutObject" if view.is_tool => {
            parts.extend(told(view, &["size"]).and_then(number).map(|size| format!("stored {}", bytes(size))));
        }
        _ => {}
    }
}
