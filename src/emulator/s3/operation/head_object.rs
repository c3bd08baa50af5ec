//! HeadObject.

use s3s::dto::{HeadObjectInput, HeadObjectOutput};

use super::Result;
use super::get_object::find;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;

/// Gives what GetObject would give, without the body.
pub(in crate::emulator::s3) fn run(core: &Core, context: &Context, _: HeadObjectInput) -> Result<HeadObjectOutput> {
    Ok(find(core, context, &core.read()?)?.answer(context))
}
