//! ListParts.

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Part, Upload};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::date;
use crate::emulator::s3::listing::PAGE;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;

/// Lists the parts of an open upload.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let max_parts = context.number("max-parts", PAGE)?.min(PAGE);
    let marker = context.number("part-number-marker", 0)?;
    let id = context.query("uploadId").unwrap_or_default();
    let read = core.read()?;
    let bucket = context.open_bucket(&read)?;
    let upload = Upload::get(&read, bucket.id, context.key(), id)?;
    let mut parts = Vec::new();
    let mut truncated = false;
    for part in Part::after(&read, id, u16::try_from(marker).unwrap_or(u16::MAX))? {
        if parts.len() == max_parts as usize {
            truncated = true;
            break;
        }
        let (number, part) = part?;
        parts.push((number, part));
    }
    // Recorded: the last part listed, also where nothing follows; 0 for none.
    let next = parts.last().map_or(0, |(number, _)| *number);
    let (initiator, name) = &upload.initiator;
    let mut document = Document::new("ListPartsResult");
    document.text("Bucket", context.bucket());
    document.text("Key", context.key());
    document.text("UploadId", id);
    document.inside("Initiator", |shown| {
        shown.text("ID", initiator);
        shown.text("DisplayName", name);
    });
    document.inside("Owner", |owner| owner.text("ID", &upload.owner));
    document.text("StorageClass", &upload.storage_class);
    document.value("PartNumberMarker", marker);
    document.value("NextPartNumberMarker", next);
    document.value("MaxParts", max_parts);
    document.value("IsTruncated", truncated);
    if let Some((algorithm, kind)) = upload.checksum {
        document.text("ChecksumAlgorithm", algorithm.name());
        document.text("ChecksumType", kind.name());
    }
    for (number, part) in &parts {
        document.inside("Part", |shown| {
            shown.value("PartNumber", number);
            shown.text("LastModified", &date::iso(part.modified));
            shown.text("ETag", &format!("\"{}\"", part.etag));
            shown.value("Size", part.size);
            if upload.checksum.is_some() {
                shown.text(part.checksum.algorithm.element(), &part.checksum.value);
            }
        });
    }
    Ok(Reply::document(document))
}
