//! HeadBucket.

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::object_headers::set;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;

/// Says that the bucket is there, and where.
///
/// Every region is this one endpoint, so a request that was signed for another region is served and not redirected.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let bucket = context.open_bucket(&core.read()?)?;
    let mut headers = http::HeaderMap::new();
    set(&mut headers, "content-type", "application/xml");
    set(&mut headers, "x-amz-access-point-alias", "false");
    set(&mut headers, "x-amz-bucket-arn", &format!("arn:aws:s3:::{}", context.bucket()));
    set(&mut headers, "x-amz-bucket-region", &bucket.region);
    Ok(Reply::headers(headers))
}
