//! CompleteMultipartUpload.

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Change, Content, Part, Placed, Upload, UploadId, Version};
use crate::emulator::s3::checksum::{Algorithm, Checksum, Kind, combine};
use crate::emulator::s3::condition::WriteCondition;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error::{self, invalid_request};
use crate::emulator::s3::object_headers;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::{self, Document, Element};
use crate::hex::hex;

/// The least size of every part but the last: 5 MiB.
const LEAST_PART: u64 = 5 << 20;

/// Makes the parts one object, in one commit and without copying a byte.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let parts = parts(context.document())?;
    let condition = WriteCondition::of(context)?;
    let modified = core.clock().millis();
    let random = core.ids().next();
    let within = context.clone();
    let done = core
        .write(move |change| {
            let bucket = within.open_bucket(change)?;
            let key = within.key();
            let id = within.query("uploadId").unwrap_or_default();
            let old = Placed::newest(change, bucket.id, key)?;
            let Some(upload) = Upload::find(change, bucket.id, key, id)? else {
                return completed_before(old, id, &parts);
            };
            condition.judge(key, old.as_ref())?;
            let listed = listed(change, &upload, &parts)?;
            check_conflict(&condition, key, old.as_ref(), &upload)?;
            let size = listed.values().map(|part| part.size).sum();
            check_size(&within, size)?;
            let checksum = whole_checksum(&within, &upload, &listed)?;
            Upload::drop_parts(change, id, |number| listed.contains_key(&number))?;
            upload.close(change, bucket.id, key);
            let version = Version {
                id: String::new(),
                null_order: None,
                modified,
                size,
                etag: etag(listed.values().map(|part| part.etag.as_str()), listed.len()),
                content: Content::Parts(id.to_owned()),
                headers: upload.headers,
                metadata: upload.metadata,
                checksum: Some(checksum),
                storage_class: upload.storage_class,
                parts: u32::try_from(listed.len()).unwrap_or(u32::MAX),
                part_checksums: upload.checksum.is_some(),
                owner: bucket.owner.clone(),
                tags: upload.tags,
            };
            Ok(change.add(&bucket, key, old.as_ref(), version, random)?)
        })
        .await?;
    Ok(answer(context, &done))
}

/// A part as the request lists it.
#[derive(Debug)]
struct Given {
    number: i32,
    etag: String,
    checksums: Vec<(Algorithm, String)>,
}

fn parts(document: &[u8]) -> Result<Vec<Given>, AwsError> {
    let mut root = xml::read(document, "CompleteMultipartUpload")?;
    let given = root.take_all("Part").into_iter().map(Given::read).collect();
    root.end()?;
    given
}

impl Given {
    fn read(mut part: Element) -> Result<Self, AwsError> {
        let number = part.take_value("PartNumber")?.unwrap_or_default();
        let etag = part.take_text("ETag")?.unwrap_or_default();
        let mut checksums = Vec::new();
        for algorithm in Algorithm::ALL {
            if let Some(value) = part.take_text(algorithm.element())? {
                checksums.push((algorithm, value));
            }
        }
        part.end()?;
        Ok(Self { number, etag: etag.trim_matches('"').to_owned(), checksums })
    }
}

fn answer(context: &Context, done: &Version) -> Reply {
    /// What AWS leaves as it is in a Location.
    const KEEP: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    let location =
        format!("http://{}/{}/{}", context.host(), context.bucket(), utf8_percent_encode(context.key(), KEEP));
    let mut document = Document::new("CompleteMultipartUploadResult");
    document.text("Location", &location);
    document.text("Bucket", context.bucket());
    document.text("Key", context.key());
    document.text("ETag", &done.quoted_etag());
    if let Some(checksum) = &done.checksum {
        document.text(checksum.algorithm.element(), &checksum.value);
        document.text("ChecksumType", checksum.kind.name());
    }
    let mut headers = http::HeaderMap::new();
    object_headers::set(&mut headers, "x-amz-server-side-encryption", "AES256");
    object_headers::add_version(&mut headers, &done.id);
    Reply::document_with(document, headers)
}

/// The MD5 of the parts' MD5s, and how many they are.
fn etag<'a>(parts: impl Iterator<Item = &'a str>, count: usize) -> String {
    let mut md5 = Md5::new();
    for part in parts {
        let bytes: Vec<u8> =
            (0..part.len() / 2).filter_map(|at| u8::from_str_radix(part.get(2 * at..2 * at + 2)?, 16).ok()).collect();
        md5.update(bytes);
    }
    format!("{}-{count}", hex(&md5.finalize()))
}

/// Completing the same upload again with the same parts gives the same answer.
fn completed_before(current: Option<Placed>, id: &str, parts: &[Given]) -> Result<Version, AwsError> {
    let same = |version: &Version| {
        matches!(&version.content, Content::Parts(upload) if upload == id)
            && version.etag == etag(parts.iter().map(|part| part.etag.as_str()), parts.len())
    };
    current.map(|placed| placed.version).filter(same).ok_or_else(|| error::no_such_upload(id))
}

/// The parts that the request lists: each of them is there, they are in order, and large enough.
fn listed(change: &Change<'_, '_>, upload: &Upload, parts: &[Given]) -> Result<BTreeMap<u16, Part>, AwsError> {
    if parts.is_empty() {
        return Err(invalid_request("You must specify at least one part"));
    }
    let mut listed = BTreeMap::new();
    for given in parts {
        let number = given.number;
        let invalid = || {
            let message = "One or more of the specified parts could not be found.  The part may not have been \
                           uploaded, or the specified entity tag may not match the part's entity tag.";
            AwsError::new(400, "InvalidPart", message)
                .with("UploadId", upload.id.as_str())
                .with("PartNumber", number.to_string())
                .with("ETag", given.etag.as_str())
        };
        let key = u16::try_from(number).map_err(|_| invalid())?;
        let part = Part::find(change, &upload.id, key)?.filter(|part| part.etag == given.etag.as_str());
        let part = part.ok_or_else(invalid)?;
        check_part_checksum(upload, given, &part, invalid)?;
        listed.insert(key, part);
    }
    let numbers = || parts.iter().map(|part| part.number);
    if numbers().zip(numbers().skip(1)).any(|(before, number)| number <= before) {
        let message = "The list of parts was not in ascending order. Parts must be ordered by part number.";
        return Err(AwsError::new(400, "InvalidPartOrder", message).with("UploadId", upload.id.as_str()));
    }
    let last = listed.keys().next_back().copied();
    for (number, part) in &listed {
        if Some(*number) != last && part.size < LEAST_PART {
            let message = "Your proposed upload is smaller than the minimum allowed size";
            return Err(AwsError::new(400, "EntityTooSmall", message)
                .with("ProposedSize", part.size)
                .with("MinSizeAllowed", LEAST_PART)
                .with("PartNumber", number.to_string())
                .with("ETag", part.etag.as_str()));
        }
    }
    Ok(listed)
}

/// Holds the checksum that the request gives for a part against the part's own (recorded 2026-02).
fn check_part_checksum(
    upload: &Upload,
    given: &Given,
    part: &Part,
    invalid: impl Fn() -> AwsError,
) -> Result<(), AwsError> {
    let number = given.number;
    let mut missing = true;
    for (algorithm, value) in &given.checksums {
        match upload.checksum {
            // What the answer to the part said of itself is no claim of the client's own.
            None if *value == part.checksum.value && *algorithm == part.checksum.algorithm => {}
            None => return Err(invalid()),
            Some((wanted, _)) if wanted == *algorithm => {
                if *value != part.checksum.value {
                    return Err(invalid());
                }
                missing = false;
            }
            Some(_) => {
                let name = algorithm.name().to_ascii_lowercase();
                let message = format!("The {name} you specified for part {number} did not match what we received.");
                return Err(AwsError::new(400, "BadDigest", message));
            }
        }
    }
    match upload.checksum {
        Some((algorithm, Kind::Composite)) if missing => Err(invalid_request(format!(
            "The upload was created using a {} checksum. The complete request must include the checksum for each part. \
             It was missing for part {number} in the request.",
            algorithm.name().to_ascii_lowercase()
        ))),
        _ => Ok(()),
    }
}

/// What was written or deleted since the upload began conflicts with a conditional completion (recorded 2026-02).
fn check_conflict(
    condition: &WriteCondition,
    key: &str,
    old: Option<&Placed>,
    upload: &Upload,
) -> Result<(), AwsError> {
    let began = UploadId::parse(&upload.id).map_or(0, |id| id.order);
    let since = upload.disturbed || old.is_some_and(|old| old.order > began);
    let header = match condition {
        WriteCondition::Absent if since => "If-None-Match",
        WriteCondition::Matches(_) if since => "If-Match",
        _ => return Ok(()),
    };
    let message = "The conditional request cannot succeed due to a conflicting operation against this resource.";
    Err(AwsError::new(409, "ConditionalRequestConflict", message).with("Condition", header).with("Key", key))
}

fn check_size(context: &Context, size: u64) -> Result<(), AwsError> {
    match context.header("x-amz-mp-object-size") {
        Some(given) if given.parse() != Ok(size) => Err(invalid_request(format!(
            "The provided 'x-amz-mp-object-size' header value {given} does not match what was computed: {size}"
        ))),
        _ => Ok(()),
    }
}

/// The checksum of the object, held against the one that the request gives.
fn whole_checksum(context: &Context, upload: &Upload, listed: &BTreeMap<u16, Part>) -> Result<Checksum, AwsError> {
    if let Some(kind) = context.header("x-amz-checksum-type")
        && upload.checksum.is_none_or(|(_, wanted)| wanted.name() != kind)
    {
        let wanted = upload.checksum.map_or("null", |(_, wanted)| wanted.name());
        return Err(invalid_request(format!(
            "The upload was created using the {wanted} checksum mode. The complete request must use the same checksum \
             mode."
        )));
    }
    let (algorithm, kind) = upload.checksum.unwrap_or((Algorithm::Crc64Nvme, Kind::FullObject));
    let parts = listed.values().map(|part| (part.checksum.value.as_str(), part.size));
    let whole = combine(algorithm, kind, parts).ok_or_else(|| error::internal("a part's checksum does not combine"))?;
    // A composite checksum carries the number of parts behind it, which some clients leave out and others send.
    let given =
        Algorithm::ALL.into_iter().filter_map(|algorithm| Some((algorithm, context.header(algorithm.header())?)));
    for (named, value) in given {
        let bare = value.split_once('-').map_or(value, |(bare, _)| bare);
        if named.decode(bare).is_none() {
            return Err(named.invalid());
        }
        let own = whole.value.split_once('-').map_or(whole.value.as_str(), |(bare, _)| bare);
        if named != algorithm || (value != whole.value && bare != own) {
            let name = algorithm.name().to_ascii_lowercase();
            let message = format!("The {name} you specified did not match the calculated checksum.");
            return Err(AwsError::new(400, "BadDigest", message));
        }
    }
    Ok(whole)
}
