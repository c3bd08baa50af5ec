//! GetBucketVersioning.

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Versioning;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;

/// Tells whether a bucket keeps versions; nothing where it never did, as on AWS.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let mut document = Document::new("VersioningConfiguration");
    match context.open_bucket(&core.read()?)?.versioning {
        Versioning::Unversioned => {}
        Versioning::Enabled => document.text("Status", "Enabled"),
        Versioning::Suspended => document.text("Status", "Suspended"),
    }
    Ok(Reply::document(document))
}
