//! UploadPartCopy.

use std::ops::Range;

use super::upload_part::{keep, part_number};
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Upload;
use crate::emulator::s3::checksum::Algorithm;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::copy_source::{CopySource, check_size, show_version};
use crate::emulator::s3::error::{invalid_argument, invalid_request};
use crate::emulator::s3::ingest::Claims;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;
use crate::emulator::s3::{date, object_headers, outgo};

/// The header that names the bytes to copy.
const RANGE: &str = "x-amz-copy-source-range";

/// Makes a part of an object, or of a range of it, reading it once through.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let number = part_number(context.query("partNumber").unwrap_or_default())?;
    let id = context.query("uploadId").unwrap_or_default();
    let source = CopySource::of(context)?;
    let asked = context.header(RANGE).map(first_and_last).transpose()?;
    // Announced before the snapshot: what the snapshot shows stays readable, also when the source is deleted meanwhile.
    let reader = core.blobs().reader();
    let read = core.read()?;
    let bucket = context.open_bucket(&read)?;
    let upload = Upload::get(&read, bucket.id, context.key(), id)?;
    let modified = core.clock().millis();
    let found = source.find(&read, context, modified)?.version;
    let range = match asked {
        Some(asked) => within(asked, found.size, context)?,
        None => 0..found.size,
    };
    let size = range.end - range.start;
    check_size(size)?;
    let wanted = upload.checksum.map(|(algorithm, _)| algorithm);
    let body = outgo::open_for_copy(core.blobs(), reader, read, source.of_version(&found), range).await?;
    let stored = core.ingest(body, Claims::own(size, wanted.unwrap_or(Algorithm::Crc64Nvme))).await?;
    let mut document = Document::new("CopyPartResult");
    document.text("LastModified", &date::iso(modified));
    document.text("ETag", &format!("\"{}\"", stored.md5));
    if wanted.is_some() {
        document.text(stored.checksum.algorithm.element(), &stored.checksum.value);
    }
    keep(core, context, number, stored, modified).await?;
    let mut headers = http::HeaderMap::new();
    show_version(&mut headers, &found);
    object_headers::set(&mut headers, "x-amz-server-side-encryption", "AES256");
    Ok(Reply::document_with(document, headers))
}

/// The first and the last byte that are asked for; no other form than `bytes=first-last` is taken (recorded 2026-02).
fn first_and_last(header: &str) -> Result<(u64, u64), AwsError> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let parsed = header.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    match parsed.and_then(|(first, last)| Some((number(first)?, number(last)?))) {
        Some((first, last)) if first <= last => Ok((first, last)),
        _ => {
            let message = "The x-amz-copy-source-range value must be of the form bytes=first-last where first and \
                           last are the zero-based offsets of the first and last bytes to copy";
            Err(invalid_argument(message, RANGE, header))
        }
    }
}

/// The bytes of a source of `size` bytes; past its end they are refused (recorded 2026-02).
fn within((first, last): (u64, u64), size: u64, context: &Context) -> Result<Range<u64>, AwsError> {
    if first >= size {
        return Err(invalid_request("The specified copy range is invalid for the source object size"));
    }
    if last >= size {
        let message = format!("Range specified is not valid for source object of size: {size}");
        return Err(invalid_argument(&message, RANGE, context.header(RANGE)));
    }
    Ok(first..last + 1)
}
