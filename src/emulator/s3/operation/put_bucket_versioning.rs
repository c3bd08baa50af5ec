//! PutBucketVersioning.

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Versioning;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::{error, xml};

/// Makes a bucket keep versions from now on, or no longer. What it holds stays as it is.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let mut asked = xml::read(context.document(), "VersioningConfiguration")?;
    let (status, mfa_delete) = (asked.take_text("Status")?, asked.take_text("MfaDelete")?);
    asked.end()?;
    // Recorded: the values are told apart by case.
    let versioning = match status.as_deref() {
        Some("Enabled") => Some(Versioning::Enabled),
        Some("Suspended") => Some(Versioning::Suspended),
        Some(_) => return Err(error::malformed_xml()),
        None => None,
    };
    match mfa_delete.as_deref() {
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
    Ok(Reply::empty())
}
