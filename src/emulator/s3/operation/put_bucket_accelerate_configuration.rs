//! PutBucketAccelerateConfiguration.

use serde::{Deserialize, Serialize};

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::{error, xml};

/// Under which name a bucket keeps it.
pub(super) const SETTING: &str = "accelerate";

/// Whether transfers are accelerated.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) enum Status {
    /// They are.
    Enabled,
    /// They are not any more.
    Suspended,
}

impl Status {
    /// AWS's word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Suspended => "Suspended",
        }
    }
}

/// Sets whether transfers are accelerated. Offline they are as fast either way.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let status = read(context.document())?;
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        if context.bucket().contains('.') {
            // AWS's page on Transfer Acceleration: the name has to be one label of a host's name.
            let message = "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names";
            return Err(error::invalid_request(message));
        }
        bucket.set(SETTING, &status)?;
        Ok(bucket.put(change, context.bucket())?)
    })
    .await?;
    Ok(Reply::empty())
}

fn read(document: &[u8]) -> Result<Status, AwsError> {
    let mut root = xml::read(document, "AccelerateConfiguration")?;
    let status = root.take_text("Status")?;
    root.end()?;
    match status.as_deref() {
        Some("Enabled") => Ok(Status::Enabled),
        Some("Suspended") => Ok(Status::Suspended),
        _ => Err(error::malformed_xml()),
    }
}
