//! PutObjectTagging.

use super::get_object_tagging::replace;
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::tags::{self, Holder};

/// Gives an object, or one version of it, other tags.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let tags = tags::of_document(Holder::Object, context.document())?;
    let headers = replace(core, context, tags).await?;
    Ok(Reply::headers(headers))
}
