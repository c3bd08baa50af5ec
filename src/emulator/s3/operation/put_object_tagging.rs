//! PutObjectTagging.

use s3s::S3Response;
use s3s::dto::{PutObjectTaggingInput, PutObjectTaggingOutput};

use super::Result;
use super::get_object_tagging::replace;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::tags::{self, Holder};

/// Gives an object, or one version of it, other tags.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    _: PutObjectTaggingInput,
) -> Result<PutObjectTaggingOutput> {
    let tags = tags::of_document(Holder::Object, &context.document())?;
    let headers = replace(core, context, tags).await?;
    Ok(S3Response::with_headers(PutObjectTaggingOutput::default(), headers))
}
