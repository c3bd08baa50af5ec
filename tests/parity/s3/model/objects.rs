//! Objects: put, got, deleted.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use serde_json::{Value as Json, json};

use super::digest::{self, Checksum};
use super::refusal::{self, Refusal};
use super::state::{Keeping, Object, World, check_key};
use super::{Said, conditions, describe, ranges, text, told};
use crate::wire::s3::{body, shown};

/// The checksum that the SDK sends where none is asked for.
pub const SENT: &str = "CRC32";

/// Holds a body against the digests that come with it.
pub fn check_body(input: &Json, bytes: &[u8]) -> Result<(), Refusal> {
    if let Some(given) = text(input, "ContentMD5") {
        match STANDARD.decode(given) {
            Ok(digest) if digest.len() == 16 => {
                if digest != Md5::digest(bytes).to_vec() {
                    return Err(Refusal::vague(400, "BadDigest"));
                }
            }
            _ => {
                let refusal = Refusal::new(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
                return Err(refusal.with("Content-MD5", given));
            }
        }
    }
    for algorithm in ["CRC32", "SHA256"] {
        let Some(given) = text(input, &format!("Checksum{algorithm}")) else { continue };
        let own = Checksum::of(algorithm, bytes).value;
        if given == own {
            continue;
        }
        if STANDARD.decode(given).map(|digest| digest.len()) != STANDARD.decode(own).map(|digest| digest.len()) {
            let header = format!("x-amz-checksum-{}", algorithm.to_lowercase());
            return Err(refusal::invalid_request(&format!("Value for {header} header is invalid.")));
        }
        let message = format!("The {algorithm} you specified did not match the calculated checksum.");
        return Err(Refusal::new(400, "BadDigest", &message));
    }
    Ok(())
}

/// The algorithm of the checksum that a body comes with.
pub fn algorithm_sent(input: &Json) -> &'static str {
    match ["CRC32", "SHA256"].into_iter().find(|name| text(input, &format!("Checksum{name}")).is_some()) {
        Some(given) => given,
        None => text(input, "ChecksumAlgorithm").map_or(SENT, digest::algorithm),
    }
}

pub fn put(world: &mut World, input: &Json) -> Said {
    let body_number = world.next();
    check_key(input)?;
    conditions::writable(input)?;
    // The SDK calls a body what it calls every stream of bytes.
    let described = describe::read(input, "application/octet-stream")?;
    let (bucket, key) = world.place(input)?;
    let bytes = body(input);
    check_body(input, &bytes)?;
    conditions::write(input, bucket, key)?;
    let keeping = bucket.keeping;
    let object = Object {
        etag: digest::etag(&bytes),
        checksum: Checksum::of(algorithm_sent(input), &bytes),
        bytes: Arc::new(bytes),
        described,
        parts: Vec::new(),
        upload: None,
        part_checksums: false,
        bodies: vec![body_number],
    };
    let mut output = json!({"ETag": format!("\"{}\"", object.etag), "ServerSideEncryption": "AES256"});
    object.checksum.show(&mut output);
    let id = world.add(text(input, "Bucket").expect("a bucket"), key, Some(object));
    // Unlike a copy, a put shows no null version.
    output["VersionId"] = json!(Some(id).filter(|_| keeping == Keeping::Enabled));
    told(200, output)
}

/// The object of a read, and what of it.
fn read(world: &mut World, input: &Json, method: &str) -> Result<(u16, Json, Vec<u8>), Refusal> {
    world.place(input)?;
    let id = world.named(input)?;
    let (bucket, key) = world.place(input)?;
    let (version, object) = bucket.read(key, id, method)?;
    conditions::read(input, object, bucket.shown(version))?;
    let mut output = describe::shown(object, bucket.shown(version), input)?;
    let whole = 0..object.bytes.len();
    let (mut checksum, mut asked) = (Some(object.checksum.clone()), None);
    if let Some(number) = input.get("PartNumber").and_then(Json::as_u64) {
        if text(input, "Range").is_some() {
            return Err(refusal::invalid_request("Cannot specify both Range header and partNumber query parameter"));
        }
        let count = object.parts.len().max(1);
        let at = usize::try_from(number).expect("a number") - 1;
        if at >= count {
            let refusal = Refusal::new(416, "InvalidPartNumber", "The requested partnumber is not satisfiable");
            return Err(refusal
                .with("PartNumberRequested", number.to_string())
                .with("ActualPartCount", count.to_string()));
        }
        if let Some(part) = object.parts.get(at) {
            output["PartsCount"] = json!(count);
            let first: usize = object.parts[..at].iter().map(|part| part.bytes.len()).sum();
            asked = Some(first..first + part.bytes.len());
            // Recorded for composite checksums; of a whole object's only with the whole object.
            checksum = match object.checksum.kind {
                _ if !object.part_checksums => None,
                "COMPOSITE" => Some(Checksum { kind: "COMPOSITE", ..part.checksum.clone() }),
                _ => checksum.filter(|_| count == 1),
            };
        } else {
            asked = Some(whole.clone());
        }
        // An empty object has no range to show.
        asked = asked.filter(|range| !range.is_empty());
    } else if let Some(range) = text(input, "Range") {
        asked = ranges::asked(range, object.bytes.len())?;
        checksum = checksum.filter(|_| asked.as_ref().is_none_or(|asked| *asked == whole));
    }
    // The SDK asks for the checksum with every GET.
    if let Some(checksum) = checksum.filter(|_| method == "GET" || text(input, "ChecksumMode").is_some()) {
        checksum.show(&mut output);
    }
    let (status, range) = match asked {
        Some(range) => {
            let (first, last) = (range.start, range.end - 1);
            output["ContentRange"] = json!(format!("bytes {first}-{last}/{}", whole.end));
            (206, range)
        }
        None => (200, whole),
    };
    output["ContentLength"] = json!(range.len());
    Ok((status, output, object.bytes[range].to_vec()))
}

pub fn get(world: &mut World, input: &Json) -> Said {
    let (status, mut output, bytes) = read(world, input, "GET")?;
    output["Body"] = shown(&bytes);
    told(status, output)
}

pub fn head(world: &mut World, input: &Json) -> Said {
    let (status, output, _) = read(world, input, "HEAD")?;
    told(status, output)
}

/// Deletes an object or a version: the id to show, and whether it is or was a delete marker.
fn delete_one(
    world: &mut World,
    bucket: &str,
    key: &str,
    id: Option<&str>,
    tag: Option<&str>,
) -> Result<(Option<String>, bool), Refusal> {
    let held = world.buckets.get_mut(bucket).expect("a bucket");
    conditions::delete(tag, held, key)?;
    match (id, held.keeping) {
        (Some(id), _) => Ok((Some(id.to_owned()), held.remove(key, id))),
        (None, Keeping::Never) => {
            held.remove(key, "null");
            Ok((None, false))
        }
        (None, _) => Ok((Some(world.add(bucket, key, None)), true)),
    }
}

pub fn delete(world: &mut World, input: &Json) -> Said {
    world.place(input)?;
    let id = world.named(input)?;
    let (bucket, key) = (text(input, "Bucket").expect("a bucket"), text(input, "Key").expect("a key"));
    let (shown, marker) = delete_one(world, bucket, key, id, text(input, "IfMatch"))?;
    told(204, json!({"VersionId": shown, "DeleteMarker": marker.then_some(true)}))
}

pub fn delete_many(world: &mut World, input: &Json) -> Said {
    let name = text(input, "Bucket").expect("a bucket");
    let given = &input["Delete"];
    let objects = given["Objects"].as_array().map_or(&[][..], Vec::as_slice);
    if objects.is_empty() || objects.len() > 1000 {
        return Err(refusal::malformed());
    }
    world.bucket(input)?;
    let (mut deleted, mut errors) = (Vec::new(), Vec::new());
    for object in objects {
        let (key, id) = (text(object, "Key").expect("a key"), text(object, "VersionId"));
        let outcome = match id.filter(|id| !world.is_id(id)) {
            // Here an id that no bucket gave is told as one that is gone.
            Some(id) => Err(refusal::no_such_version(key, id)),
            None => delete_one(world, name, key, id, text(object, "ETag")),
        };
        match outcome {
            Ok((shown, marker)) => deleted.push(json!({
                "Key": key, "VersionId": id, "DeleteMarker": marker.then_some(true),
                "DeleteMarkerVersionId": shown.filter(|_| marker),
            })),
            Err(refusal) => errors.push(json!({
                "Key": key, "VersionId": id, "Code": refusal.code(), "Message": refusal.message(),
            })),
        }
    }
    let quiet = given["Quiet"] == json!(true);
    told(200, json!({"Deleted": if quiet { Vec::new() } else { deleted }, "Errors": errors}))
}
