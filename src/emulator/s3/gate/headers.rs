//! Which headers a request may carry. What AWS's model gives to the operation and is not built is refused by name;
//! what the model does not give it has no effect, as on AWS.

use http::HeaderMap;

use crate::emulator::error::AwsError;
use crate::emulator::s3::call::Query;
use crate::emulator::s3::error;
use crate::emulator::s3::operation::Row;

const ENCRYPTION: &str = "x-amz-server-side-encryption";

/// Operations to which AWS's model does not give the header of encryption, and which refuse it all the same: the key of an
/// object is chosen when it or its upload is begun.
const NOT_ENCRYPTING: &[&str] = &["CompleteMultipartUpload", "GetObject", "HeadObject", "UploadPart", "UploadPartCopy"];

/// Refuses what the operation has on AWS and that is not built, and values of the rest that are not.
pub(super) fn check(row: &Row, query: &Query, headers: &HeaderMap) -> Result<(), AwsError> {
    for name in row.unbuilt {
        if let Some(value) = headers.get(*name) {
            refuse(row, name, value.to_str().unwrap_or_default())?;
        }
        if query.has(name) {
            return Err(AwsError::not_implemented(&format!("the parameter {name} of {}", row.shape.name)));
        }
    }
    bypass(row, headers)?;
    acl(row, headers)?;
    encryption(row, headers)
}

/// What only directory buckets have: AWS itself refuses it of others (recorded for those of DeleteObject).
const OF_DIRECTORY_BUCKETS: &[&str] = &[
    "x-amz-if-match-initiated-time",
    "x-amz-if-match-last-modified-time",
    "x-amz-if-match-size",
    "x-amz-write-offset-bytes",
];

/// A header that is not built; its value may say that nothing is asked for.
fn refuse(row: &Row, name: &str, value: &str) -> Result<(), AwsError> {
    if OF_DIRECTORY_BUCKETS.contains(&name) {
        return Err(error::header_not_implemented(name));
    }
    let asks_for_nothing = match name {
        "x-amz-server-side-encryption-bucket-key-enabled" => value.eq_ignore_ascii_case("false"),
        "x-amz-object-lock-legal-hold" => value == "OFF",
        _ => false,
    };
    if asks_for_nothing { Ok(()) } else { Err(error::header_not_built(name, row.shape.name)) }
}

/// Recorded: no bucket here has Object Lock.
fn bypass(row: &Row, headers: &HeaderMap) -> Result<(), AwsError> {
    const NAME: &str = "x-amz-bypass-governance-retention";
    match headers.get(NAME) {
        Some(value) if row.knows(NAME) && !value.as_bytes().eq_ignore_ascii_case(b"false") => Err(AwsError::new(
            400,
            "InvalidArgument",
            "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
        )
        .with("ArgumentName", NAME)),
        _ => Ok(()),
    }
}

/// Buckets have no ACLs unless one is configured so, which cannot be done yet: AWS's answers for such buckets.
fn acl(row: &Row, headers: &HeaderMap) -> Result<(), AwsError> {
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
    if !row.knows("x-amz-acl") {
        return Ok(());
    }
    let canned = headers.get("x-amz-acl").map(|value| value.to_str().unwrap_or_default());
    if let Some(canned) = canned.filter(|canned| !CANNED.contains(canned)) {
        // Recorded: no message.
        return Err(error::invalid_argument("", "x-amz-acl", canned));
    }
    let grants = |name: &str| name.starts_with("x-amz-grant-") && row.knows(name);
    let granted = headers.keys().any(|name| grants(name.as_str()));
    if canned.is_some() && granted {
        return Err(error::invalid_request("Specifying both Canned ACLs and Header Grants is not allowed"));
    }
    if !granted && matches!(canned, None | Some("private" | "bucket-owner-full-control")) {
        return Ok(());
    }
    Err(if row.shape.name == "CreateBucket" {
        let message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
        AwsError::new(400, "InvalidBucketAclWithObjectOwnership", message)
    } else {
        AwsError::new(400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
    })
}

/// Objects are shown as encrypted with S3's own keys, AWS's default; other keys are not built.
fn encryption(row: &Row, headers: &HeaderMap) -> Result<(), AwsError> {
    let Some(value) = headers.get(ENCRYPTION).map(|value| value.to_str().unwrap_or_default()) else { return Ok(()) };
    if NOT_ENCRYPTING.contains(&row.shape.name) {
        // The words are AWS's, as reports quote them.
        let message = format!("{ENCRYPTION} header is not supported for this operation.");
        return Err(error::invalid_argument(&message, ENCRYPTION, value));
    }
    match value {
        _ if !row.knows(ENCRYPTION) => Ok(()),
        "AES256" => Ok(()),
        "aws:kms" | "aws:kms:dsse" | "aws:fsx" => {
            Err(error::header_not_built(&format!("{ENCRYPTION}: {value}"), row.shape.name))
        }
        other => {
            let message = "The Encryption request you specified is not valid. Supported value: AES256.";
            Err(AwsError::new(400, "InvalidEncryptionAlgorithmError", message)
                .with("ArgumentName", ENCRYPTION)
                .with("ArgumentValue", other))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::s3::operation::ROWS;

    /// What is refused as not built is something that AWS's model gives to the operation.
    #[test]
    fn every_refusal_is_of_the_model() {
        for row in ROWS {
            for name in row.unbuilt {
                let known = row.knows(name) || row.shape.parameters.contains(name);
                assert!(known, "{} has no {name} on AWS", row.shape.name);
            }
        }
    }
}
