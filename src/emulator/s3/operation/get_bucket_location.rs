//! GetBucketLocation.

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;

/// Gives the bucket's location constraint as it was made with: none in us-east-1, `EU` where it was that.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let bucket = context.open_bucket(&core.read()?)?;
    let mut document = Document::new("LocationConstraint");
    document.content(bucket.constraint.as_deref().unwrap_or_default());
    Ok(Reply::document(document))
}
