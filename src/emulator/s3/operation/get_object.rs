//! GetObject, and what HeadObject shares with it.

use std::ops::Range;

use http::{HeaderMap, StatusCode};

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Content, Part, Placed, Version, Versioning};
use crate::emulator::s3::checksum::{Checksum, Kind};
use crate::emulator::s3::condition::{Verdict, judge_read};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::object_headers::{self, set};
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::{error, outgo, range};
use crate::emulator::store::{Read, Snapshot};

/// Gives an object, or the part of it that is asked for.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    // Announced before the snapshot: what the snapshot shows stays until the body has gone out.
    let reader = core.blobs().reader();
    let read = core.read()?;
    let found = find(core, context, &read)?;
    if found.verdict == Verdict::NotModified {
        return Ok(found.answer());
    }
    if matches!(found.version.storage_class.as_str(), "GLACIER" | "DEEP_ARCHIVE") {
        let message = "The operation is not valid for the object's storage class";
        return Err(AwsError::new(403, "InvalidObjectState", message)
            .with("StorageClass", found.version.storage_class.as_str()));
    }
    let source = outgo::Source { bucket: context.bucket(), key: context.key(), version: &found.version };
    let body = outgo::open(core.blobs(), reader, read, source, found.range.clone()).await?;
    Ok(Reply { body, ..found.answer() })
}

/// An object that was found, and what is asked for of it.
pub(super) struct Found {
    version: Version,
    verdict: Verdict,
    range: Range<u64>,
    partial: bool,
    headers: HeaderMap,
}

impl Found {
    /// The answer without its body.
    pub(super) fn answer(mut self) -> Reply {
        let status = match (self.verdict, self.partial) {
            (Verdict::NotModified, _) => StatusCode::NOT_MODIFIED,
            (Verdict::Proceed, true) => StatusCode::PARTIAL_CONTENT,
            (Verdict::Proceed, false) => StatusCode::OK,
        };
        if self.verdict == Verdict::NotModified {
            for name in ["content-type", "accept-ranges"] {
                self.headers.remove(name);
            }
        }
        Reply { status: Some(status), ..Reply::headers(self.headers) }
    }
}

/// Headers of a key that the customer keeps: no object here is encrypted so.
const CUSTOMER_KEY: &str = "x-amz-server-side-encryption-customer-";

/// Finds the object of the request, judges its conditions and resolves range and part.
pub(super) fn find(core: &Core, context: &Context, read: &Snapshot) -> Result<Found, AwsError> {
    let bucket = context.open_bucket(read)?;
    let Placed { version, .. } =
        Placed::asked(read, bucket.id, context.key(), context.query("versionId"), context.method())?;
    if context.headers().keys().any(|name| name.as_str().starts_with(CUSTOMER_KEY)) {
        // boto3's issue 982 quotes AWS.
        return Err(error::invalid_request("The encryption parameters are not applicable to this object."));
    }
    let mut headers = object_headers::of_version(&version);
    if bucket.versioning != Versioning::Unversioned {
        set(&mut headers, "x-amz-version-id", &version.id);
    }
    let verdict = judge_read(context, &version.etag, version.modified, core.clock().millis())?;
    if verdict == Verdict::NotModified {
        // Conditions come before ranges (RFC 9110, 13.2.2): what is not there of an object that did not change is no error.
        return Ok(Found { version, verdict, range: 0..0, partial: false, headers });
    }
    object_headers::override_by_query(&mut headers, context)?;
    let wants_checksum = context.header("x-amz-checksum-mode").is_some_and(|mode| mode.eq_ignore_ascii_case("enabled"));
    let asked = context.header("range");
    let (range, partial) = match context.query("partNumber") {
        Some(_) if asked.is_some() => {
            return Err(error::invalid_request("Cannot specify both Range header and partNumber query parameter"));
        }
        Some(number) => {
            let (range, checksum) = part(read, &version, number, &mut headers)?;
            if let Some(checksum) = checksum.filter(|_| wants_checksum) {
                object_headers::add_checksum(&mut headers, &checksum);
            }
            // An empty object has no range to show.
            let partial = !range.is_empty();
            (range, partial)
        }
        None => {
            let ranged = match asked {
                Some(header) => range::resolve(header, version.size)?,
                None => None,
            };
            let partial = ranged.is_some();
            let range = ranged.unwrap_or(0..version.size);
            // Recorded: the checksum comes only with the whole object.
            if wants_checksum
                && range == (0..version.size)
                && let Some(checksum) = &version.checksum
            {
                object_headers::add_checksum(&mut headers, checksum);
            }
            (range, partial)
        }
    };
    if partial {
        set(&mut headers, "content-range", &format!("bytes {}-{}/{}", range.start, range.end - 1, version.size));
    }
    set(&mut headers, "content-length", &(range.end - range.start).to_string());
    Ok(Found { version, verdict, range, partial, headers })
}

/// The bytes of one part, and its checksum (recorded 2026-02).
fn part(
    read: &impl Read,
    version: &Version,
    number: &str,
    headers: &mut HeaderMap,
) -> Result<(Range<u64>, Option<Checksum>), AwsError> {
    let number = super::upload_part::part_number(number)?;
    let missing = |count: u32| {
        AwsError::new(416, "InvalidPartNumber", "The requested partnumber is not satisfiable")
            .with("PartNumberRequested", number.to_string())
            .with("ActualPartCount", count.to_string())
    };
    let Content::Parts(upload) = &version.content else {
        return if number == 1 { Ok((0..version.size, version.checksum.clone())) } else { Err(missing(1)) };
    };
    set(headers, "x-amz-mp-parts-count", &version.parts.to_string());
    // The object's parts count from one, whatever numbers they were uploaded under.
    let mut start = 0;
    for (at, part) in Part::after(read, upload, 0)?.enumerate() {
        let (_, part) = part?;
        if at + 1 == usize::from(number) {
            let checksum = match &version.checksum {
                Some(_) if !version.part_checksums => None,
                Some(whole) if whole.kind == Kind::Composite => {
                    Some(Checksum { kind: Kind::Composite, ..part.checksum })
                }
                // Recorded: with that of the whole object only the whole object, as with a range.
                Some(whole) if version.parts == 1 => Some(whole.clone()),
                _ => None,
            };
            return Ok((start..start + part.size, checksum));
        }
        start += part.size;
    }
    Err(missing(version.parts))
}
