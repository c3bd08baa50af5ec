//! PutObject.

use std::ops::RangeInclusive;

use http::HeaderMap;

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Placed;
use crate::emulator::s3::checksum::Algorithm;
use crate::emulator::s3::condition::WriteCondition;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::ingest::Claims;
use crate::emulator::s3::object_headers::{self, Described, Whole};
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;

/// Keeps an object.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    Ok(Reply::headers(put(core, context, None).await?))
}

/// Keeps an object in one commit, after all of its body has come and was verified, and gives the headers of the answer.
///
/// The body of a form does not say its length; it has to be within `sizes`, in bytes.
pub(super) async fn put(
    core: &Core,
    context: &Context,
    sizes: Option<RangeInclusive<u64>>,
) -> Result<HeaderMap, AwsError> {
    // Before the body: what cannot be kept need not be sent.
    context.open_bucket(&core.read()?)?;
    let condition = WriteCondition::of(context)?;
    let described = Described::read(context)?;
    let claims = match sizes {
        None => Claims::read(context.headers(), Algorithm::Crc64Nvme)?,
        Some(sizes) => Claims::of_form(context.headers(), Algorithm::Crc64Nvme, sizes)?,
    };
    let stored = core.ingest(context.take_body(), claims).await?;
    let modified = core.clock().millis();
    let random = core.ids().next();
    let (etag, checksum) = (stored.md5.clone(), stored.checksum.clone());
    let within = context.clone();
    let (stored, version_id) = core
        .write(move |change| {
            let bucket = within.open_bucket(change)?;
            let key = within.key();
            let old = Placed::newest(change, bucket.id, key)?;
            condition.judge(key, old.as_ref())?;
            let bytes = Whole::of(&stored, change.hold(&stored)?);
            let version = described.version(bytes, &bucket.owner, modified);
            let version = change.add(&bucket, key, old.as_ref(), version, random)?;
            Ok((stored, version.id))
        })
        .await?;
    stored.keep();
    let mut headers = HeaderMap::new();
    object_headers::set(&mut headers, "etag", &format!("\"{etag}\""));
    object_headers::set(&mut headers, "x-amz-server-side-encryption", "AES256");
    object_headers::add_checksum(&mut headers, &checksum);
    object_headers::add_version(&mut headers, &version_id);
    Ok(headers)
}
