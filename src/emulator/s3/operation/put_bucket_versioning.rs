//! PutBucketVersioning.

use s3s::S3Response;
use s3s::dto::{MFADelete, PutBucketVersioningInput, PutBucketVersioningOutput};

use super::Result;
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Versioning;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error;
use crate::emulator::s3::service::Core;

/// Has a bucket keep versions from now on, or stop to. What it holds stays as it is.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    input: PutBucketVersioningInput,
) -> Result<PutBucketVersioningOutput> {
    let asked = input.versioning_configuration;
    // Recorded: the values are told apart by case.
    let versioning = match asked.status.as_ref().map(s3s::dto::BucketVersioningStatus::as_str) {
        Some("Enabled") => Some(Versioning::Enabled),
        Some("Suspended") => Some(Versioning::Suspended),
        Some(_) => return Err(error::malformed_xml()),
        None => None,
    };
    match asked.mfa_delete.as_ref().map(MFADelete::as_str) {
        None | Some("Disabled") => {}
        Some("Enabled") => return Err(AwsError::not_implemented("MfaDelete of PutBucketVersioning")),
        Some(_) => return Err(error::malformed_xml()),
    }
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        let missing = || {
            let message = "The Versioning element must be specified";
            AwsError::new(400, "IllegalVersioningConfigurationException", message)
        };
        bucket.versioning = versioning.ok_or_else(missing)?;
        Ok(bucket.put(change, context.bucket())?)
    })
    .await?;
    Ok(S3Response::new(PutBucketVersioningOutput {}))
}
