//! HeadObject.

use super::get_object::find;
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;

/// Gives what GetObject would give, without the body.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    Ok(find(core, context, &core.read()?)?.answer())
}
