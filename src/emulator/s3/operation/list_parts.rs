//! ListParts.

use s3s::S3Response;
use s3s::dto::{ETag, Initiator, ListPartsInput, ListPartsOutput, Owner, Part as Listed};

use super::Result;
use crate::emulator::s3::catalogue::{Part, Upload};
use crate::emulator::s3::checksum::show;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::date;
use crate::emulator::s3::listing::PAGE;
use crate::emulator::s3::service::Core;

/// Lists the parts of an open upload.
pub(in crate::emulator::s3) fn run(core: &Core, context: &Context, _: ListPartsInput) -> Result<ListPartsOutput> {
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
        parts.push(listed(number, part, upload.checksum.is_some()));
    }
    // Recorded: the last part listed, also where nothing follows; 0 for none.
    let next = parts.last().and_then(|part| part.part_number).unwrap_or(0);
    let (initiator, name) = upload.initiator;
    Ok(S3Response::new(ListPartsOutput {
        bucket: Some(context.bucket().to_owned()),
        checksum_algorithm: upload.checksum.map(|(algorithm, _)| algorithm.name().to_owned().into()),
        checksum_type: upload.checksum.map(|(_, kind)| kind.name().to_owned().into()),
        initiator: Some(Initiator { display_name: Some(name), id: Some(initiator) }),
        is_truncated: Some(truncated),
        key: Some(context.key().to_owned()),
        max_parts: i32::try_from(max_parts).ok(),
        next_part_number_marker: Some(next),
        owner: Some(Owner { display_name: None, id: Some(upload.owner) }),
        part_number_marker: i32::try_from(marker).ok(),
        parts: (!parts.is_empty()).then_some(parts),
        storage_class: Some(upload.storage_class.into()),
        upload_id: Some(id.to_owned()),
        ..ListPartsOutput::default()
    }))
}

fn listed(number: u16, part: Part, with_checksum: bool) -> Listed {
    let mut listed = Listed {
        e_tag: Some(ETag::Strong(part.etag)),
        last_modified: Some(date::stamp(date::whole_seconds(part.modified))),
        part_number: Some(i32::from(number)),
        size: i64::try_from(part.size).ok(),
        ..Listed::default()
    };
    if with_checksum {
        show!(listed, part.checksum);
    }
    listed
}
