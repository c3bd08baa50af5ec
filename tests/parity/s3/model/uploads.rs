//! Multipart uploads.

use std::collections::BTreeMap;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::digest::{self, Checksum};
use super::listings::{Entry, Listing};
use super::refusal::{self, Refusal};
use super::state::check_key;
use super::state::{Keeping, Object, Part, Upload, World};
use super::{Said, TIME, conditions, describe, objects, text, told};
use crate::wire::s3::body;

/// The least size of every part but the last.
const LEAST: usize = 5 * 1024 * 1024;

/// The upload of a call, while it is open.
pub fn find<'w>(world: &'w mut World, input: &Json) -> Result<&'w mut Upload, Refusal> {
    let id = text(input, "UploadId").expect("an upload");
    let (bucket, key) = world.place(input)?;
    let found = bucket.uploads.iter_mut().find(|upload| upload.id == id && upload.key == key);
    found.ok_or_else(|| refusal::no_such_upload(id))
}

pub fn part_number(input: &Json) -> Result<u16, Refusal> {
    let number = input["PartNumber"].as_i64().expect("a number");
    let valid = u16::try_from(number).ok().filter(|number| (1..=10_000).contains(number));
    valid.ok_or_else(|| {
        let message = "Part number must be an integer between 1 and 10000, inclusive";
        refusal::invalid_argument(message, "partNumber", number.to_string())
    })
}

/// The algorithm and type of checksum that an upload is begun with.
fn checksum(input: &Json) -> Result<Option<(&'static str, &'static str)>, Refusal> {
    let kind = text(input, "ChecksumType");
    let Some(name) = text(input, "ChecksumAlgorithm") else {
        let message = "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.";
        return if kind.is_some() { Err(refusal::invalid_request(message)) } else { Ok(None) };
    };
    let algorithm = digest::algorithm(name);
    let (whole, composite) = (!algorithm.starts_with("SHA"), algorithm != "CRC64NVME");
    match kind {
        None => Ok(Some((algorithm, if composite { "COMPOSITE" } else { "FULL_OBJECT" }))),
        Some("FULL_OBJECT") if whole => Ok(Some((algorithm, "FULL_OBJECT"))),
        Some("COMPOSITE") if composite => Ok(Some((algorithm, "COMPOSITE"))),
        Some(kind) => Err(refusal::invalid_request(&format!(
            "The {kind} checksum type cannot be used with the {} checksum algorithm.",
            algorithm.to_lowercase()
        ))),
    }
}

pub fn create(world: &mut World, input: &Json) -> Said {
    check_key(input)?;
    let described = describe::read(input, "binary/octet-stream")?;
    let checksum = checksum(input)?;
    let id = format!("upload-{}", world.next());
    let (bucket, key) = world.place(input)?;
    let (parts, changed) = (BTreeMap::new(), false);
    bucket.uploads.push(Upload { id: id.clone(), key: key.to_owned(), described, checksum, parts, changed });
    told(
        200,
        json!({
            "Bucket": input["Bucket"], "Key": key, "UploadId": id, "ServerSideEncryption": "AES256",
            "ChecksumAlgorithm": checksum.map(|(algorithm, _)| algorithm), "ChecksumType": checksum.map(|(_, kind)| kind),
        }),
    )
}

pub fn part(world: &mut World, input: &Json) -> Said {
    let number = part_number(input)?;
    let body_number = world.next();
    let sent = objects::algorithm_sent(input);
    let upload = find(world, input)?;
    if let Some((wanted, _)) = upload.checksum.filter(|(wanted, _)| *wanted != sent) {
        return Err(refusal::invalid_request(&format!(
            "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}",
            wanted.to_lowercase(),
            sent.to_lowercase()
        )));
    }
    let bytes = body(input);
    objects::check_body(input, &bytes)?;
    let etag = digest::etag(&bytes);
    let mut output = json!({"ETag": format!("\"{etag}\""), "ServerSideEncryption": "AES256"});
    let told_of = Checksum::of(sent, &bytes);
    output[told_of.member()] = json!(told_of.value);
    let checksum = Checksum::of(upload.checksum.map_or("CRC64NVME", |(algorithm, _)| algorithm), &bytes);
    upload.parts.insert(number, Part { number, bytes: Arc::new(bytes), etag, checksum, body: body_number });
    told(200, output)
}

/// The parts that a completion lists.
fn listed(upload: &Upload, given: &[Json]) -> Result<Vec<Part>, Refusal> {
    let number = |part: &Json| part["PartNumber"].as_i64().expect("a number");
    let mut parts = Vec::new();
    for part in given {
        let etag = text(part, "ETag").expect("an entity tag").trim_matches('"');
        let held = u16::try_from(number(part)).ok().and_then(|number| upload.parts.get(&number));
        let missing = || {
            let message = "One or more of the specified parts could not be found.  The part may not have been uploaded, \
                           or the specified entity tag may not match the part's entity tag.";
            Refusal::new(400, "InvalidPart", message)
                .with("UploadId", upload.id.as_str())
                .with("PartNumber", number(part).to_string())
                .with("ETag", etag)
        };
        let held = held.filter(|held| held.etag == etag).ok_or_else(missing)?;
        if let Some((algorithm, "COMPOSITE")) = upload.checksum {
            match text(part, &format!("Checksum{algorithm}")) {
                None => {
                    return Err(refusal::invalid_request(&format!(
                        "The upload was created using a {} checksum. The complete request must include the checksum for \
                         each part. It was missing for part {} in the request.",
                        algorithm.to_lowercase(),
                        number(part)
                    )));
                }
                Some(given) if given != held.checksum.value => return Err(missing()),
                Some(_) => {}
            }
        }
        parts.push(held.clone());
    }
    if given.windows(2).any(|pair| number(&pair[0]) >= number(&pair[1])) {
        let message = "The list of parts was not in ascending order. Parts must be ordered by part number.";
        return Err(Refusal::new(400, "InvalidPartOrder", message).with("UploadId", upload.id.as_str()));
    }
    for part in parts.iter().rev().skip(1).rev() {
        if part.bytes.len() < LEAST {
            let message = "Your proposed upload is smaller than the minimum allowed size";
            return Err(Refusal::new(400, "EntityTooSmall", message)
                .with("ProposedSize", part.bytes.len().to_string())
                .with("MinSizeAllowed", LEAST.to_string())
                .with("PartNumber", part.number.to_string())
                .with("ETag", part.etag.as_str()));
        }
    }
    Ok(parts)
}

pub fn complete(world: &mut World, input: &Json) -> Said {
    let given = input["MultipartUpload"]["Parts"].as_array().map_or(&[][..], Vec::as_slice);
    let (name, id) = (text(input, "Bucket").expect("a bucket"), text(input, "UploadId").expect("an upload"));
    conditions::writable(input)?;
    let (bucket, key) = world.place(input)?;
    let keeping = bucket.keeping;
    let Some(at) = bucket.uploads.iter().position(|upload| upload.id == id && upload.key == key) else {
        // Again with the same parts it is the same answer, as long as its object is what the key shows.
        let tags = given.iter().map(|part| text(part, "ETag").expect("an entity tag").trim_matches('"'));
        let etag = digest::etag_of_parts(tags);
        let before = bucket.versions(key).first();
        return match before.and_then(|version| Some((version, version.object.as_ref()?))) {
            Some((version, object)) if object.upload.as_deref() == Some(id) && object.etag == etag => {
                told(200, completed(input, object, Some(version.id.as_str()).filter(|id| *id != "null")))
            }
            _ => Err(refusal::no_such_upload(id)),
        };
    };
    let upload = bucket.uploads[at].clone();
    conditions::write(input, bucket, key)?;
    if given.is_empty() {
        return Err(refusal::invalid_request("You must specify at least one part"));
    }
    let parts = listed(&upload, given)?;
    for (member, header) in [("IfNoneMatch", "If-None-Match"), ("IfMatch", "If-Match")] {
        if upload.changed && text(input, member).is_some() {
            let message =
                "The conditional request cannot succeed due to a conflicting operation against this resource.";
            let refusal = Refusal::new(409, "ConditionalRequestConflict", message);
            return Err(refusal.with("Condition", header).with("Key", key));
        }
    }
    let bytes: Vec<u8> = parts.iter().map(|part| part.bytes.as_slice()).collect::<Vec<_>>().concat();
    if let Some(size) = input.get("MpuObjectSize").filter(|size| **size != json!(bytes.len())) {
        return Err(refusal::invalid_request(&format!(
            "The provided 'x-amz-mp-object-size' header value {size} does not match what was computed: {}",
            bytes.len()
        )));
    }
    bucket.uploads.remove(at);
    let checksum = match upload.checksum {
        Some((algorithm, "COMPOSITE")) => Checksum::composite(algorithm, parts.iter().map(|part| &part.checksum)),
        Some((algorithm, _)) => Checksum::of(algorithm, &bytes),
        None => Checksum::of("CRC64NVME", &bytes),
    };
    let object = Object {
        etag: digest::etag_of_parts(parts.iter().map(|part| part.etag.as_str())),
        checksum,
        bytes: Arc::new(bytes),
        described: upload.described,
        bodies: parts.iter().map(|part| part.body).collect(),
        parts,
        upload: Some(upload.id),
        part_checksums: upload.checksum.is_some(),
    };
    let made = world.add(name, key, Some(object.clone()));
    told(200, completed(input, &object, Some(made.as_str()).filter(|_| keeping == Keeping::Enabled)))
}

fn completed(input: &Json, object: &Object, id: Option<&str>) -> Json {
    const KEEP: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    let (bucket, key) = (text(input, "Bucket").expect("a bucket"), text(input, "Key").expect("a key"));
    let mut output = json!({
        "Bucket": bucket, "Key": key, "ETag": format!("\"{}\"", object.etag), "VersionId": id,
        "Location": format!("/{bucket}/{}", utf8_percent_encode(key, KEEP)), "ServerSideEncryption": "AES256",
    });
    object.checksum.show(&mut output);
    output
}

pub fn abort(world: &mut World, input: &Json) -> Said {
    let id = find(world, input)?.id.clone();
    world.bucket(input)?.uploads.retain(|upload| upload.id != id);
    told(204, json!({}))
}

pub fn list(world: &mut World, input: &Json) -> Said {
    let listing = Listing::of(input, "MaxUploads")?;
    let bucket = world.bucket(input)?;
    let (key_marker, id_marker) = (text(input, "KeyMarker"), text(input, "UploadIdMarker"));
    let mut all: Vec<&Upload> = bucket.uploads.iter().collect();
    all.sort_by(|one, other| one.key.cmp(&other.key));
    // Without a key marker, an upload id marker means nothing, and is not told again.
    let within = key_marker.filter(|key| !key.is_empty()).zip(id_marker.filter(|id| !id.is_empty()));
    let from = match within {
        None => None,
        Some((key, id)) => {
            let at = all.iter().position(|upload| upload.key == key && upload.id == id);
            let invalid = || refusal::invalid_argument("Invalid uploadId marker", "upload-id-marker", id);
            Some(at.ok_or_else(invalid)?)
        }
    };
    let after = all.iter().enumerate().filter(|(at, upload)| match from {
        Some(from) => *at > from,
        None => upload.key.as_str() > key_marker.unwrap_or_default(),
    });
    let skipped = key_marker.and_then(|key| listing.rolled_up(key));
    let after = after.map(|(_, upload)| (upload.key.as_str(), *upload));
    let page = listing.page(after.filter(|(key, _)| !skipped.is_some_and(|prefix| key.starts_with(prefix))));
    let shown = page.items().map(|upload| {
        json!({
            "Key": listing.shown(&upload.key), "UploadId": upload.id, "Initiated": TIME,
            "StorageClass": upload.described.class.as_deref().unwrap_or("STANDARD"),
            "ChecksumAlgorithm": upload.checksum.map(|(algorithm, _)| algorithm),
            "ChecksumType": upload.checksum.map(|(_, kind)| kind),
        })
    });
    let mut output = json!({"Uploads": shown.collect::<Json>()});
    // Recorded: the last upload that is shown, also where no more follow, and nothing where a prefix came last.
    let (next_key, next_id) = match page.entries.last() {
        Some(Entry::Item(upload)) => (listing.shown(&upload.key), upload.id.clone()),
        _ => (String::new(), String::new()),
    };
    listing.tell(&mut output, &page);
    crate::wire::s3::join(
        &mut output,
        json!({
            "Bucket": input["Bucket"], "MaxUploads": listing.most, "Prefix": listing.given(input, "Prefix"),
            "KeyMarker": listing.given(input, "KeyMarker").unwrap_or_default(), "UploadIdMarker": within.map_or("", |(_, id)| id),
            "NextKeyMarker": next_key, "NextUploadIdMarker": next_id,
        }),
    );
    told(200, output)
}

pub fn list_parts(world: &mut World, input: &Json) -> Said {
    let most = input.get("MaxParts").and_then(Json::as_u64).unwrap_or(1000).min(1000);
    let marker: u64 = text(input, "PartNumberMarker").map_or(0, |marker| marker.parse().expect("a number"));
    let upload = find(world, input)?;
    let after = || upload.parts.values().filter(|part| u64::from(part.number) > marker);
    let page: Vec<&Part> = after().take(usize::try_from(most).expect("not so many")).collect();
    let parts = page.iter().map(|part| {
        let mut shown = json!({
            "PartNumber": part.number, "ETag": format!("\"{}\"", part.etag), "Size": part.bytes.len(), "LastModified": TIME,
        });
        if upload.checksum.is_some() {
            shown[part.checksum.member()] = json!(part.checksum.value);
        }
        shown
    });
    told(
        200,
        json!({
            "Bucket": input["Bucket"], "Key": upload.key, "UploadId": upload.id, "MaxParts": most,
            "PartNumberMarker": marker.to_string(), "Parts": parts.collect::<Json>(),
            "NextPartNumberMarker": page.last().map_or(0, |part| part.number).to_string(),
            "IsTruncated": after().count() > page.len(),
            "StorageClass": upload.described.class.as_deref().unwrap_or("STANDARD"),
            "ChecksumAlgorithm": upload.checksum.map(|(algorithm, _)| algorithm),
            "ChecksumType": upload.checksum.map(|(_, kind)| kind),
        }),
    )
}
