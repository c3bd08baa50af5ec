//! HeadBucket.

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Bucket;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::object_headers::set;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;

/// Says that the bucket is there, and where.
///
/// Every region is this one endpoint, so a request that was signed for another region is served and not redirected.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let read = core.read()?;
    let bucket = match context.open_bucket(&read) {
        // AWS's page: the region is told whatever the caller may do.
        Err(error) if error.status == 403 => {
            let region = Bucket::get(&read, context.bucket())?.region;
            return Err(error.with_header("x-amz-bucket-region", region));
        }
        outcome => outcome?,
    };
    let mut headers = http::HeaderMap::new();
    set(&mut headers, "content-type", "application/xml");
    set(&mut headers, "x-amz-access-point-alias", "false");
    set(&mut headers, "x-amz-bucket-arn", &format!("arn:aws:s3:::{}", context.bucket()));
    set(&mut headers, "x-amz-bucket-region", &bucket.region);
    Ok(Reply::headers(headers))
}
