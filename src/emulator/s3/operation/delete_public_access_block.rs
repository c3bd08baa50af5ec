//! DeletePublicAccessBlock.

use super::put_public_access_block::replace;
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;

/// Takes the block away, also the one that a new bucket has. It is no error that there is none.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    replace(core, context, None).await
}
