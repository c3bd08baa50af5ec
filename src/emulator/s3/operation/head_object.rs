//! HeadObject.

use s3s::S3Response;
use s3s::dto::{HeadObjectInput, HeadObjectOutput};

use super::Result;
use super::get_object::{find, not_modified};
use crate::emulator::s3::condition::Verdict;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;

/// Gives what GetObject would give, without the body.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    _: HeadObjectInput,
) -> Result<HeadObjectOutput> {
    let found = find(core, context, &core.read()?)?;
    if found.verdict == Verdict::NotModified {
        return Ok(not_modified(found.headers));
    }
    let answer: S3Response<HeadObjectOutput> = found.answer();
    Ok(answer)
}
