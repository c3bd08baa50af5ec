//! DeleteObjectTagging.

use s3s::S3Response;
use s3s::dto::{DeleteObjectTaggingInput, DeleteObjectTaggingOutput};

use super::Result;
use super::get_object_tagging::replace;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::tags::Tags;

/// Takes all tags off an object, or off one version of it.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    _: DeleteObjectTaggingInput,
) -> Result<DeleteObjectTaggingOutput> {
    let headers = replace(core, context, Tags::new()).await?;
    Ok(S3Response::with_headers(DeleteObjectTaggingOutput::default(), headers))
}
