//! CORS preflights. No bucket can have CORS rules yet, so each gets AWS's refusal for buckets without.

use http::HeaderMap;

use super::address::Target;
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Bucket;
use crate::emulator::s3::service::Core;

/// The refusal of a preflight (recorded 2026-02).
pub(super) fn refuse(core: &Core, target: &Target, headers: &HeaderMap) -> Result<AwsError, AwsError> {
    if !headers.contains_key(http::header::ORIGIN) {
        return Ok(AwsError::new(400, "BadRequest", "Insufficient information. Origin request header needed."));
    }
    let bucket = match &target.bucket {
        Some(name) => Bucket::find(&core.read()?, name)?,
        None => None,
    };
    let message = match bucket {
        Some(_) => "CORSResponse: CORS is not enabled for this bucket.",
        None => "CORSResponse: Bucket not found",
    };
    let asked = headers.get(http::header::ACCESS_CONTROL_REQUEST_METHOD).and_then(|method| method.to_str().ok());
    Ok(AwsError::new(403, "AccessForbidden", message)
        .with("Method", asked.unwrap_or("OPTIONS"))
        .with("ResourceType", "BUCKET"))
}
