//! ListMultipartUploads.

use std::ops::Bound;

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Upload, UploadId, key_range, split_key};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::listing::{Ask, Common, PAGE};
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;
use crate::emulator::s3::{date, error};
use crate::emulator::store::{Read, Table};

/// Lists the open uploads of a bucket, by key and then as they were begun.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let common = Common::read(context)?;
    let max_uploads = context.number("max-uploads", PAGE)?.min(PAGE);
    let key_marker = context.query("key-marker").unwrap_or_default();
    // Recorded: an upload-id-marker without a key-marker means nothing, and is not told again.
    let id_marker = context.query("upload-id-marker").filter(|_| !key_marker.is_empty()).unwrap_or_default();
    let read = core.read()?;
    let bucket = context.open_bucket(&read)?;
    let begun_after = match id_marker {
        "" => None,
        id => {
            let order = begun(&read, bucket.id, key_marker, id)?;
            let invalid = || error::invalid_argument("Invalid uploadId marker", "upload-id-marker", id);
            Some(order.ok_or_else(invalid)?)
        }
    };
    let ask = Ask {
        prefix: common.prefix.clone(),
        delimiter: common.delimiter.clone(),
        after: Some(key_marker.to_owned()).filter(|marker| !marker.is_empty()),
        limit: max_uploads as usize,
    };
    let skipped = ask.after.as_deref().and_then(|after| ask.rolled_up(after)).map(str::to_owned);
    let mut uploads = Vec::new();
    let mut prefixes: Vec<String> = Vec::new();
    let mut truncated = false;
    let mut last = None;
    let from = match &ask.after {
        None => Bound::Unbounded,
        Some(after) => Bound::Included(after.as_bytes()),
    };
    for row in read.range(Table::Uploads, key_range(bucket.id, &ask.prefix, from), false)? {
        let row = row?;
        let (key, order) = split_key(row.key())?;
        let order = order.try_into().map(u64::from_be_bytes).unwrap_or_default();
        // The marker's own uploads come only with an upload-id-marker, and then those begun later.
        let seen = Some(&key) == ask.after.as_ref() && begun_after.is_none_or(|begun| order <= begun);
        if seen || skipped.as_deref().is_some_and(|skipped| key.starts_with(skipped)) {
            continue;
        }
        let prefix = ask.rolled_up(&key);
        if prefix.is_some_and(|prefix| prefixes.last().is_some_and(|known| known == prefix)) {
            continue;
        }
        if uploads.len() + prefixes.len() == ask.limit {
            // Asked for none, AWS says that there is no more.
            truncated = ask.limit > 0;
            break;
        }
        if let Some(prefix) = prefix {
            prefixes.push(prefix.to_owned());
            last = None;
            continue;
        }
        let upload = Upload::decode(row.value())?;
        last = Some((key.clone(), upload.id.clone()));
        uploads.push((key, upload));
    }
    // Recorded: the last upload listed, also where nothing follows, and empty where a common prefix came last.
    let (next_key, next_id) = last.unwrap_or_default();
    let mut document = Document::new("ListMultipartUploadsResult");
    document.text("Bucket", context.bucket());
    document.text("KeyMarker", &common.show(key_marker));
    document.text("UploadIdMarker", id_marker);
    document.text("NextKeyMarker", &common.show(&next_key));
    document.text("NextUploadIdMarker", &next_id);
    document.maybe("Delimiter", common.shown_delimiter().as_deref());
    if !common.prefix.is_empty() {
        document.text("Prefix", &common.show(&common.prefix));
    }
    document.maybe("EncodingType", common.encoding());
    document.value("MaxUploads", max_uploads);
    document.value("IsTruncated", truncated);
    for (key, upload) in &uploads {
        document.inside("Upload", |shown| show(shown, &common.show(key), upload));
    }
    common.list_prefixes(&mut document, &prefixes);
    Ok(Reply::document(document))
}

/// When the upload of an upload-id-marker was begun; none where that cannot be one of `key`. It need not be open any more:
/// whoever lists uploads to abort them goes on behind one that is gone.
fn begun(read: &impl Read, bucket: u64, key: &str, id: &str) -> Result<Option<u64>, AwsError> {
    let Some(UploadId { order, .. }) = UploadId::parse(id) else { return Ok(None) };
    for row in read.range(Table::Uploads, key_range(bucket, "", Bound::Unbounded), false)? {
        let row = row?;
        let (other, begun) = split_key(row.key())?;
        // Recorded: that of another key is refused.
        if begun == order.to_be_bytes() && other != key {
            return Ok(None);
        }
    }
    Ok(Some(order))
}

fn show(shown: &mut Document, key: &str, upload: &Upload) {
    shown.text("Key", key);
    shown.text("UploadId", &upload.id);
    let (initiator, name) = &upload.initiator;
    shown.inside("Initiator", |shown| {
        shown.text("ID", initiator);
        shown.text("DisplayName", name);
    });
    shown.inside("Owner", |owner| owner.text("ID", &upload.owner));
    shown.text("StorageClass", &upload.storage_class);
    shown.text("Initiated", &date::iso(upload.initiated));
    if let Some((algorithm, kind)) = upload.checksum {
        shown.text("ChecksumAlgorithm", algorithm.name());
        shown.text("ChecksumType", kind.name());
    }
}
