//! GetBucketLocation.

use s3s::S3Response;
use s3s::dto::{GetBucketLocationInput, GetBucketLocationOutput};

use super::Result;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;

/// Gives the bucket's location constraint as it was made with: none in us-east-1, `EU` where it was that.
pub(in crate::emulator::s3) fn run(
    core: &Core,
    context: &Context,
    _: GetBucketLocationInput,
) -> Result<GetBucketLocationOutput> {
    let bucket = context.open_bucket(&core.read()?)?;
    let location_constraint = bucket.constraint.filter(|constraint| !constraint.is_empty()).map(Into::into);
    Ok(S3Response::new(GetBucketLocationOutput { location_constraint }))
}
