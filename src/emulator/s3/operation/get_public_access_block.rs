//! GetPublicAccessBlock.

use super::put_public_access_block::{Block, FLAGS, SETTING};
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;

/// Tells what of public access is blocked: all, where nothing else was set.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let bucket = context.open_bucket(&core.read()?)?;
    let Some(block) = bucket.setting(SETTING)?.unwrap_or(Some(Block::NEW)) else {
        let message = "The public access block configuration was not found";
        return Err(
            AwsError::new(404, "NoSuchPublicAccessBlockConfiguration", message).with("BucketName", context.bucket())
        );
    };
    let mut document = Document::new("PublicAccessBlockConfiguration");
    for (name, flag) in FLAGS.into_iter().zip(block.0) {
        document.value(name, flag);
    }
    Ok(Reply::document(document))
}
