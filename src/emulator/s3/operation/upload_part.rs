//! UploadPart.

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Part, Upload};
use crate::emulator::s3::checksum::{Algorithm, Kind};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error::{invalid_argument, invalid_request};
use crate::emulator::s3::ingest::{Claims, Stored};
use crate::emulator::s3::object_headers;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;

/// Keeps a part, in place of one of the same number.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let number = part_number(context.query("partNumber").unwrap_or_default())?;
    let id = context.query("uploadId").unwrap_or_default();
    let upload = {
        let read = core.read()?;
        let bucket = context.open_bucket(&read)?;
        Upload::get(&read, bucket.id, context.key(), id)?
    };
    let wanted = upload.checksum.map(|(algorithm, _)| algorithm);
    let claims = Claims::read(context.headers(), wanted.unwrap_or(Algorithm::Crc64Nvme))?;
    let given = Some(claims.algorithm()).filter(|_| claims.named);
    // Recorded: where the object's checksum is that of its bytes, a part may come without one.
    let may_lack = upload.checksum.is_none_or(|(_, kind)| kind == Kind::FullObject);
    if let Some(wanted) = wanted
        && given != Some(wanted)
        && (given.is_some() || !may_lack)
    {
        let wanted = wanted.name().to_ascii_lowercase();
        let given = given.map_or_else(|| "null".to_owned(), |given| given.name().to_ascii_lowercase());
        return Err(invalid_request(format!(
            "Checksum Type mismatch occurred, expected checksum Type: {wanted}, actual checksum Type: {given}"
        )));
    }
    // AWS's model of the answer: a checksum is there where the request or the upload named one.
    let is_asked_for = claims.named || wanted.is_some();
    let stored = core.ingest(context.take_body(), claims).await?;
    let (etag, shown) = (stored.md5.clone(), stored.checksum.clone());
    keep(core, context, number, stored, core.clock().millis()).await?;
    let mut headers = http::HeaderMap::new();
    object_headers::set(&mut headers, "etag", &format!("\"{etag}\""));
    object_headers::set(&mut headers, "x-amz-server-side-encryption", "AES256");
    if is_asked_for {
        object_headers::set(&mut headers, shown.algorithm.header(), &shown.value);
    }
    Ok(Reply::headers(headers))
}

/// Writes the part that `stored` is, unless its upload was completed or aborted while the body came.
pub(super) async fn keep(
    core: &Core,
    context: &Context,
    number: u16,
    stored: Stored,
    modified: u64,
) -> Result<(), AwsError> {
    let within = context.clone();
    let stored = core
        .write(move |change| {
            let bucket = within.open_bucket(change)?;
            let id = within.query("uploadId").unwrap_or_default();
            let upload = Upload::get(change, bucket.id, within.key(), id)?;
            if let Some(old) = Part::find(change, id, number)? {
                change.release(old.blob)?;
            }
            let part = Part {
                blob: change.hold(&stored)?,
                size: stored.size,
                etag: stored.md5.clone(),
                // Where none was asked for, the object's own checksum is the default one, whatever its parts were sent with.
                checksum: if upload.checksum.is_some() { &stored.checksum } else { &stored.crc64 }.clone(),
                modified,
            };
            part.put(change, id, number)?;
            Ok::<_, AwsError>(stored)
        })
        .await?;
    stored.keep();
    Ok(())
}

/// A part number, from 1 to 10,000.
pub(super) fn part_number(text: &str) -> Result<u16, AwsError> {
    text.parse::<u16>().ok().filter(|number| (1..=10_000).contains(number)).ok_or_else(|| {
        invalid_argument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text)
    })
}
