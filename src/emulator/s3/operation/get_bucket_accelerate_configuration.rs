//! GetBucketAccelerateConfiguration.

use super::put_bucket_accelerate_configuration::{SETTING, Status};
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;

/// Tells whether transfers are accelerated; nothing where that was never set, as on AWS.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let bucket = context.open_bucket(&core.read()?)?;
    let mut document = Document::new("AccelerateConfiguration");
    document.maybe("Status", bucket.setting(SETTING)?.map(Status::name));
    Ok(Reply::document(document))
}
