//! Which headers a request may carry: what is not honoured is refused, never forgotten.

use http::HeaderMap;

use super::routes::Route;
use crate::emulator::error::AwsError;
use crate::emulator::s3::error;

/// Headers that every operation takes: who signs and how, what the client is, and who is expected or pays (nobody
/// pays here, and the owner never does on AWS).
const EVERYWHERE: &[&str] = &[
    "x-amz-cf-id",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-expected-bucket-owner",
    "x-amz-id",
    "x-amz-request-payer",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-te",
    "x-amz-trailer",
    "x-amz-user-agent",
];

/// Refuses `x-amz-*` headers that `route` does not honour, and values of access control headers that only buckets
/// with ACLs take.
pub(super) fn check(route: &Route, headers: &HeaderMap) -> Result<(), AwsError> {
    for name in headers.keys().map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-")) {
        let honoured = EVERYWHERE.contains(&name)
            || route.headers.iter().any(|known| match known.strip_suffix('*') {
                Some(prefix) => name.starts_with(prefix),
                None => *known == name,
            });
        if !honoured {
            return Err(refused(name, headers));
        }
    }
    acl(route, headers)?;
    encryption(headers)
}

fn refused(name: &str, headers: &HeaderMap) -> AwsError {
    if name == "x-amz-bypass-governance-retention" {
        let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !value.eq_ignore_ascii_case("false") {
            // Recorded: no bucket here has Object Lock.
            return AwsError::new(
                400,
                "InvalidArgument",
                "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
            )
            .with("ArgumentName", name.to_owned());
        }
    }
    error::header_not_implemented(name)
}

/// Buckets have no ACLs unless one is configured so, which cannot be done yet: AWS's answers for such buckets.
fn acl(route: &Route, headers: &HeaderMap) -> Result<(), AwsError> {
    const CANNED: [&str; 8] = [
        "private",
        "public-read",
        "public-read-write",
        "authenticated-read",
        "aws-exec-read",
        "bucket-owner-read",
        "bucket-owner-full-control",
        "log-delivery-write",
    ];
    let canned = headers.get("x-amz-acl").map(|value| value.to_str().unwrap_or_default());
    if let Some(canned) = canned.filter(|canned| !CANNED.contains(canned)) {
        // Recorded: no message.
        return Err(error::invalid_argument("", "x-amz-acl", canned));
    }
    let granted = headers.keys().any(|name| name.as_str().starts_with("x-amz-grant-"));
    if canned.is_some() && granted {
        return Err(error::invalid_request("Specifying both Canned ACLs and Header Grants is not allowed"));
    }
    if !granted && matches!(canned, None | Some("private" | "bucket-owner-full-control")) {
        return Ok(());
    }
    Err(if route.name == "CreateBucket" {
        let message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
        AwsError::new(400, "InvalidBucketAclWithObjectOwnership", message)
    } else {
        AwsError::new(400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
    })
}

/// Objects are shown as encrypted with S3's own keys, AWS's default; other keys are not built.
fn encryption(headers: &HeaderMap) -> Result<(), AwsError> {
    const NAME: &str = "x-amz-server-side-encryption";
    match headers.get(NAME).map(|value| value.to_str().unwrap_or_default()) {
        None | Some("AES256") => Ok(()),
        Some("aws:kms" | "aws:kms:dsse") => Err(error::header_not_implemented(NAME)),
        Some(other) => {
            let message = "The Encryption request you specified is not valid. Supported value: AES256.";
            Err(AwsError::new(400, "InvalidEncryptionAlgorithmError", message)
                .with("ArgumentName", NAME)
                .with("ArgumentValue", other))
        }
    }
}
