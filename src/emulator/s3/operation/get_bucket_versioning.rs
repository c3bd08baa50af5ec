//! GetBucketVersioning.

use s3s::S3Response;
use s3s::dto::{BucketVersioningStatus, GetBucketVersioningInput, GetBucketVersioningOutput};

use super::Result;
use crate::emulator::s3::catalogue::Versioning;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;

/// Tells whether a bucket keeps versions; nothing where it never did, as on AWS.
pub(in crate::emulator::s3) fn run(
    core: &Core,
    context: &Context,
    _: GetBucketVersioningInput,
) -> Result<GetBucketVersioningOutput> {
    let status = match context.open_bucket(&core.read()?)?.versioning {
        Versioning::Unversioned => None,
        Versioning::Enabled => Some(BucketVersioningStatus::from_static(BucketVersioningStatus::ENABLED)),
        Versioning::Suspended => Some(BucketVersioningStatus::from_static(BucketVersioningStatus::SUSPENDED)),
    };
    Ok(S3Response::new(GetBucketVersioningOutput { status, ..GetBucketVersioningOutput::default() }))
}
