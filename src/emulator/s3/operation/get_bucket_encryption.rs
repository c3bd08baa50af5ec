//! GetBucketEncryption.

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;

/// Gives the default encryption, which every bucket has: S3's own keys.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let bucket = context.open_bucket(&core.read()?)?;
    let mut document = Document::new("ServerSideEncryptionConfiguration");
    document.inside("Rule", |rule| {
        rule.inside("ApplyServerSideEncryptionByDefault", |default| default.text("SSEAlgorithm", "AES256"));
        rule.value("BucketKeyEnabled", bucket.encryption_bucket_key);
    });
    Ok(Reply::document(document))
}
