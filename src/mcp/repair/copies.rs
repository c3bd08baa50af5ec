//! The two places of a copy, each `s3://bucket/key`.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::names::fold;
use super::places;
use super::shape::Shape;
use super::types::decoded;
use super::uri;
use super::work::{Work, is_empty, refused, shown, stated};
use crate::mcp::error::ToolError;

/// Names of the source's bucket, and of its key.
const SOURCE: [&[&str]; 2] = [
    &["sourcebucket", "frombucket", "srcbucket"],
    &["sourcekey", "fromkey", "srckey", "sourceprefix", "fromprefix", "srcprefix"],
];
/// Names of the target's.
const TARGET: [&[&str]; 2] = [
    &["destinationbucket", "destbucket", "tobucket", "targetbucket", "dstbucket"],
    &[
        "destinationkey",
        "destkey",
        "tokey",
        "targetkey",
        "dstkey",
        "destinationprefix",
        "destprefix",
        "toprefix",
        "targetprefix",
    ],
];

/// Whether a tool copies from a place to a place.
fn copies(shape: &Shape) -> bool {
    shape.has("from") && shape.has("to") && !shape.has("bucket")
}

/// Names of a place as a whole.
const PLACES: [&[&str]; 2] = [
    &["from", "source", "src", "copysource", "fromuri", "sourceuri"],
    &["to", "destination", "dest", "target", "dst", "touri", "destinationuri"],
];

/// A member that has a text, with its name.
type Member = Option<(String, String)>;

fn member(map: &Map<String, Value>, names: &[&str]) -> Member {
    let found = map.iter().find(|(name, value)| names.contains(&fold(name).as_str()) && value.is_string());
    found.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
}

/// Buckets and keys apart from each other: AWS's `Bucket`, `Key` and `CopySource`, or `source_bucket` and the like.
pub(super) fn joined(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>) -> Result<(), ToolError> {
    if !copies(shape) {
        return Ok(());
    }
    copy_source(work, map);
    let plain = (member(map, &["bucket", "bucketname"]), member(map, &["key", "objectkey"]));
    let has =
        PLACES.map(|names| map.iter().any(|(name, value)| names.contains(&fold(name).as_str()) && !is_empty(value)));
    let [from, to] = [SOURCE, TARGET].map(|names| (member(map, names[0]), member(map, names[1])));
    // A bucket and a key of no role are those of the place that nothing else names.
    let (from, to) = if has[0] || from.1.is_some() && to.1.is_none() {
        (from, (to.0.or(plain.0), to.1.or(plain.1)))
    } else {
        let (bucket, key) = plain;
        ((from.0.or_else(|| bucket.clone()), from.1.or(key)), (to.0.or(bucket), to.1))
    };
    let mut used = Vec::new();
    for (ours, given, place) in [("from", has[0], from), ("to", has[1], to)] {
        if let (false, (Some((bucket_name, bucket)), Some((key_name, key)))) = (given, place) {
            work.read(format!("{} and {}", shown(&bucket_name), shown(&key_name)), ours);
            used.extend([bucket_name, key_name]);
            map.insert(ours.to_owned(), Value::String(format!("s3://{bucket}/{key}")));
        }
    }
    map.retain(|name, _| !used.contains(name));
    let whole = PLACES.iter().all(|names| map.keys().any(|name| names.contains(&fold(name).as_str())));
    if whole { beside(work, map) } else { Ok(()) }
}

/// Buckets and keys beside both places: what says the same once more goes, and anything else is refused.
fn beside(work: &mut Work<'_>, map: &mut Map<String, Value>) -> Result<(), ToolError> {
    let of_both: [(&[&str], bool, [bool; 2]); 2] =
        [(&["bucket", "bucketname"], false, [true, true]), (&["key", "objectkey"], true, [true, true])];
    let of_one = [(SOURCE, [true, false]), (TARGET, [false, true])];
    let of_one = of_one.into_iter().flat_map(|(names, of)| [(names[0], false, of), (names[1], true, of)]);
    let all: Vec<(&[&str], bool, [bool; 2])> = of_both.into_iter().chain(of_one).collect();
    let places = PLACES.map(|names| member(map, names));
    for (names, is_key, of) in &all {
        while let Some((name, text)) = member(map, names) {
            let mut places = places.iter().zip(of).filter(|(_, of)| **of).filter_map(|(place, _)| place.as_ref());
            let same = places.any(|(_, place)| {
                uri::object(place).is_some_and(|found| text == if *is_key { found.rest } else { found.bucket })
            });
            if !same {
                return Err(other_place(map, &all, (&name, &text), *of));
            }
            map.shift_remove(&name);
            work.left_out(&name);
        }
    }
    Ok(())
}

/// A bucket or a key that is none of the two places'.
fn other_place(
    map: &Map<String, Value>,
    all: &[(&[&str], bool, [bool; 2])],
    (name, text): (&str, &str),
    of: [bool; 2],
) -> ToolError {
    let problem = format!("{}: {} is not what from and to say", shown(name), shown(text));
    let error = ToolError::arguments(problem);
    let is_bucket = all.iter().any(|(names, is_key, _)| !is_key && names.contains(&fold(name).as_str()));
    let mut send = map.clone();
    send.retain(|name, _| !all.iter().any(|(names, _, _)| names.contains(&fold(name).as_str())));
    // A place that has no bucket yet is in this one.
    let bare = |role: usize| {
        member(map, PLACES[role]).filter(|(_, place)| !place.contains("://") && uri::object(place).is_none())
    };
    let roles = (0..2).filter(|role| of[*role]).filter_map(bare).collect::<Vec<_>>();
    let [(place, key)] = roles.as_slice() else {
        return error.hint("say both places whole, each as s3://bucket/key, and nothing beside them.");
    };
    if !is_bucket {
        return error.hint("say both places whole, each as s3://bucket/key, and nothing beside them.");
    }
    let key = key.trim_start_matches('/');
    let key = key.strip_prefix(text).and_then(|rest| rest.strip_prefix('/')).unwrap_or(key);
    send.insert(place.clone(), Value::String(format!("s3://{text}/{key}")));
    for names in PLACES {
        if let Some((name, place)) = member(&send, names)
            && !place.contains("://")
            && uri::object(&place).is_none()
            && place.trim_start_matches('/').contains('/')
        {
            send.insert(name, Value::String(format!("s3://{}", place.trim_start_matches('/'))));
        }
    }
    match stated(&send) {
        Some(text) => error.hint(format!("send {text}")),
        None => error,
    }
}

/// `CopySource`, which has no scheme, is encoded, and may name a version.
fn copy_source(work: &mut Work<'_>, map: &mut Map<String, Value>) {
    let Some(name) = map.keys().find(|name| fold(name) == "copysource").cloned() else { return };
    let Some(value) = map.get(&name).cloned() else { return };
    let text = match decoded(&value).unwrap_or(value) {
        Value::Object(source) => {
            let part = |name: &str| source.get(name).and_then(Value::as_str);
            let (Some(bucket), Some(key)) = (part("Bucket"), part("Key")) else { return };
            if let Some(version) = part("VersionId") {
                map.insert("version_id".to_owned(), Value::String(version.to_owned()));
            }
            format!("s3://{bucket}/{key}")
        }
        Value::String(text) if uri::object(&text).is_some() => text,
        Value::String(text) => {
            let (path, version) = text.split_once("?versionId=").map_or((text.as_str(), None), |(p, v)| (p, Some(v)));
            let Ok(path) = percent_decode_str(path.trim_start_matches('/')).decode_utf8() else { return };
            if let Some(version) = version {
                map.insert("version_id".to_owned(), Value::String(version.to_owned()));
            }
            format!("s3://{path}")
        }
        _ => return,
    };
    map.shift_remove(&name);
    map.insert("from".to_owned(), Value::String(text));
    work.read(shown(&name), "from");
}

/// Places in other forms, as `s3://bucket/key`.
pub(super) fn placed(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>) -> Result<(), ToolError> {
    if !copies(shape) {
        return Ok(());
    }
    for name in ["from", "to"] {
        let text = match map.get(name) {
            Some(Value::Object(of)) => {
                let part = |wanted: &str| {
                    of.iter().find(|(name, _)| fold(name) == wanted).and_then(|(_, value)| value.as_str())
                };
                let (Some(bucket), Some(key)) = (part("bucket"), part("key")) else { continue };
                format!("s3://{bucket}/{key}")
            }
            Some(Value::String(text)) if text.starts_with("s3://") => continue,
            Some(Value::String(text)) => {
                let Some(found) = uri::object(text) else {
                    return Err(schemeless(map, name, text));
                };

                places::version(work, shape, map, name, &found)?;
                format!("s3://{}/{}", found.bucket, found.rest)
            }
            _ => continue,
        };
        work.read(name, shown(&text));
        map.insert(name.to_owned(), Value::String(text));
    }
    Ok(())
}

/// `media/a.txt` may be a bucket with a key, or a key without its bucket.
fn schemeless(map: &Map<String, Value>, name: &str, text: &str) -> ToolError {
    let mut send = map.clone();
    for (name, value) in &mut send {
        if let (true, Value::String(text)) = (matches!(name.as_str(), "from" | "to"), value)
            && !text.contains("://")
            && text.trim_start_matches('/').contains('/')
        {
            *text = format!("s3://{}", text.trim_start_matches('/'));
        }
    }
    let problem = format!("{name}: want s3://bucket/key, have {}", shown(text));
    if text.trim_start_matches('/').contains('/') { refused(problem, &send) } else { ToolError::arguments(problem) }
}
