//! CompleteMultipartUpload.

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::S3Response;
use s3s::dto::{CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart, ETag};

use super::Result;
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Change, Content, Part, Placed, Upload, UploadId, Version};
use crate::emulator::s3::checksum::{Algorithm, Checksum, Kind, combine, show};
use crate::emulator::s3::condition::WriteCondition;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error::{self, invalid_request};
use crate::emulator::s3::ingest::hex;
use crate::emulator::s3::object_headers;
use crate::emulator::s3::service::Core;

/// The least size of every part but the last: 5 MiB.
const LEAST_PART: u64 = 5 << 20;

/// Makes the parts one object, in one commit and without copying a byte.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    input: CompleteMultipartUploadInput,
) -> Result<CompleteMultipartUploadOutput> {
    let parts = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
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
    Ok(answer(context, done))
}

fn answer(context: &Context, done: Version) -> S3Response<CompleteMultipartUploadOutput> {
    /// What AWS leaves as it is in a Location.
    const KEEP: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    let location =
        format!("http://{}/{}/{}", context.host(), context.bucket(), utf8_percent_encode(context.key(), KEEP));
    let mut output = CompleteMultipartUploadOutput {
        bucket: Some(context.bucket().to_owned()),
        e_tag: Some(ETag::Strong(done.etag)),
        key: Some(context.key().to_owned()),
        location: Some(location),
        ..CompleteMultipartUploadOutput::default()
    };
    if let Some(checksum) = done.checksum {
        output.checksum_type = Some(checksum.kind.name().to_owned().into());
        show!(output, checksum);
    }
    let mut headers = http::HeaderMap::new();
    object_headers::set(&mut headers, "x-amz-server-side-encryption", "AES256");
    object_headers::add_version(&mut headers, &done.id);
    S3Response::with_headers(output, headers)
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

fn given_etag(part: &CompletedPart) -> &str {
    part.e_tag.as_ref().map_or("", ETag::value)
}

/// Completing the same upload again with the same parts gives the same answer.
fn completed_before(
    current: Option<Placed>,
    id: &str,
    parts: &[CompletedPart],
) -> std::result::Result<Version, AwsError> {
    let same = |version: &Version| {
        matches!(&version.content, Content::Parts(upload) if upload == id)
            && version.etag == etag(parts.iter().map(given_etag), parts.len())
    };
    current.map(|placed| placed.version).filter(same).ok_or_else(|| error::no_such_upload(id))
}

/// The parts that the request lists: each of them is there, they are in order, and large enough.
fn listed(
    change: &Change<'_, '_>,
    upload: &Upload,
    parts: &[CompletedPart],
) -> std::result::Result<BTreeMap<u16, Part>, AwsError> {
    if parts.is_empty() {
        return Err(invalid_request("You must specify at least one part"));
    }
    let mut listed = BTreeMap::new();
    for given in parts {
        let number = given.part_number.unwrap_or_default();
        let invalid = || {
            let message = "One or more of the specified parts could not be found.  The part may not have been \
                           uploaded, or the specified entity tag may not match the part's entity tag.";
            AwsError::new(400, "InvalidPart", message)
                .with("UploadId", upload.id.as_str())
                .with("PartNumber", number.to_string())
                .with("ETag", given_etag(given))
        };
        let key = u16::try_from(number).map_err(|_| invalid())?;
        let part = Part::find(change, &upload.id, key)?.filter(|part| part.etag == given_etag(given));
        let part = part.ok_or_else(invalid)?;
        check_part_checksum(upload, given, &part, invalid)?;
        listed.insert(key, part);
    }
    let numbers = || parts.iter().map(|part| part.part_number.unwrap_or_default());
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
    given: &CompletedPart,
    part: &Part,
    invalid: impl Fn() -> AwsError,
) -> std::result::Result<(), AwsError> {
    let number = given.part_number.unwrap_or_default();
    let checksums = [
        (Algorithm::Crc32, &given.checksum_crc32),
        (Algorithm::Crc32c, &given.checksum_crc32c),
        (Algorithm::Crc64Nvme, &given.checksum_crc64nvme),
        (Algorithm::Sha1, &given.checksum_sha1),
        (Algorithm::Sha256, &given.checksum_sha256),
    ];
    let mut missing = true;
    for (algorithm, value) in checksums.iter().filter_map(|(algorithm, value)| Some((*algorithm, value.as_ref()?))) {
        match upload.checksum {
            None => return Err(invalid()),
            Some((wanted, _)) if wanted == algorithm => {
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
) -> std::result::Result<(), AwsError> {
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

fn check_size(context: &Context, size: u64) -> std::result::Result<(), AwsError> {
    match context.header("x-amz-mp-object-size") {
        Some(given) if given.parse() != Ok(size) => Err(invalid_request(format!(
            "The provided 'x-amz-mp-object-size' header value {given} does not match what was computed: {size}"
        ))),
        _ => Ok(()),
    }
}

/// The checksum of the object, held against the one that the request gives.
fn whole_checksum(
    context: &Context,
    upload: &Upload,
    listed: &BTreeMap<u16, Part>,
) -> std::result::Result<Checksum, AwsError> {
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
