//! Which headers a request may carry. What AWS's model gives to the operation and is not built is refused by name;
//! what the model does not give it has no effect, as on AWS.

use http::HeaderMap;

use crate::emulator::error::AwsError;
use crate::emulator::s3::call::Query;
use crate::emulator::s3::error::{self, invalid_argument, invalid_request};
use crate::emulator::s3::operation::Row;

const ENCRYPTION: &str = "x-amz-server-side-encryption";

/// Operations that read an object or go on with an upload: AWS refuses the header of encryption there, though its model
/// does not have it (reports of each of them quote AWS).
const NOT_ENCRYPTING: &[&str] = &["CompleteMultipartUpload", "GetObject", "HeadObject", "UploadPart", "UploadPartCopy"];

/// Refuses what the operation has on AWS and that is not built, and what AWS itself refuses.
pub(super) fn check(row: &Row, query: &Query, headers: &HeaderMap) -> Result<(), AwsError> {
    readable(row, headers)?;
    for name in row.unbuilt {
        if let Some(value) = headers.get(*name) {
            refuse(row, name, value.to_str().unwrap_or_default())?;
        }
        if query.has(name) {
            return Err(AwsError::not_implemented(&format!("the parameter {name} of {}", row.shape.name)));
        }
    }
    for (name, refusal) in REFUSED {
        if let Some(value) = headers.get(*name).filter(|_| row.knows(name)) {
            refusal(row, name, value.to_str().unwrap_or_default())?;
        }
    }
    acl(row, headers)?;
    encryption(row, headers)
}

/// Refuses a header that the operation has and whose value is not text: read as if it were not there, it would be a
/// condition that nobody checks. Some are any text on AWS.
fn readable(row: &Row, headers: &HeaderMap) -> Result<(), AwsError> {
    const ANY_TEXT: [&str; 2] = ["x-amz-copy-source", "x-amz-website-redirect-location"];
    let condition = |name: &str| name.starts_with("if-") || name.starts_with("x-amz-") || name == "content-md5";
    for (name, value) in headers {
        let name = name.as_str();
        let any = name.starts_with("x-amz-meta-") || ANY_TEXT.contains(&name);
        if condition(name) && row.knows(name) && !any && value.to_str().is_err() {
            let message = format!("The value of the header {name} is not ASCII");
            return Err(AwsError::new(400, "InvalidArgument", message).with("ArgumentName", name));
        }
    }
    Ok(())
}

/// A header that is not built; its value may say what is so anyway.
fn refuse(row: &Row, name: &str, value: &str) -> Result<(), AwsError> {
    let is_so = match name {
        "x-amz-bucket-namespace" => value == "global",
        "x-amz-bucket-object-lock-enabled" => value.eq_ignore_ascii_case("false"),
        _ => false,
    };
    if is_so {
        return Ok(());
    }
    Err(error::header_not_built(name, row.shape.name))
}

/// What AWS answers to a header.
type Refusal = fn(&Row, &'static str, &str) -> Result<(), AwsError>;

/// Headers of the model that AWS itself refuses, for buckets and objects as they are here.
const REFUSED: &[(&str, Refusal)] = &[
    ("x-amz-bypass-governance-retention", bypass),
    ("x-amz-object-lock-legal-hold", lock),
    ("x-amz-object-lock-mode", lock),
    ("x-amz-object-lock-retain-until-date", lock),
    ("x-amz-if-match-initiated-time", of_directory_buckets),
    ("x-amz-if-match-last-modified-time", of_directory_buckets),
    ("x-amz-if-match-size", of_directory_buckets),
    ("x-amz-write-offset-bytes", of_directory_buckets),
];

/// Recorded, for whatever value: no bucket here has Object Lock.
fn bypass(_: &Row, name: &'static str, _: &str) -> Result<(), AwsError> {
    let message = format!("{name} is only applicable to Object Lock enabled buckets.");
    Err(AwsError::new(400, "InvalidArgument", message).with("ArgumentName", name))
}

/// As versitygw's reporters saw AWS answer in 2026-01.
fn lock(_: &Row, _: &'static str, _: &str) -> Result<(), AwsError> {
    Err(invalid_request("Bucket is missing ObjectLockConfiguration"))
}

/// Recorded for those of DeleteObject: only directory buckets have them.
fn of_directory_buckets(_: &Row, name: &'static str, _: &str) -> Result<(), AwsError> {
    Err(error::header_not_implemented(name))
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
        return Err(invalid_argument("", "x-amz-acl", canned));
    }
    let grants = |name: &str| name.starts_with("x-amz-grant-") && row.knows(name);
    let granted = headers.keys().any(|name| grants(name.as_str()));
    if canned.is_some() && granted {
        return Err(invalid_request("Specifying both Canned ACLs and Header Grants is not allowed"));
    }
    if !granted && matches!(canned, None | Some("private" | "bucket-owner-full-control")) {
        return Ok(());
    }
    Err(if row.shape.name == "CreateBucket" {
        let message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
        AwsError::new(400, "InvalidBucketAclWithObjectOwnership", message)
    } else {
        error::no_acls()
    })
}

/// Objects are shown as encrypted with S3's own keys, AWS's default; other keys are not built.
fn encryption(row: &Row, headers: &HeaderMap) -> Result<(), AwsError> {
    let Some(value) = headers.get(ENCRYPTION).map(|value| value.to_str().unwrap_or_default()) else { return Ok(()) };
    if !row.knows(ENCRYPTION) {
        if !NOT_ENCRYPTING.contains(&row.shape.name) {
            return Ok(());
        }
        // How an object is encrypted is said when it or its upload is begun. The words are AWS's, as reports quote them.
        let message = format!("{ENCRYPTION} header is not supported for this operation.");
        return Err(invalid_argument(&message, ENCRYPTION, value));
    }
    match value {
        "AES256" => Ok(()),
        "aws:kms" | "aws:kms:dsse" | "aws:fsx" => {
            let refused = error::header_not_built(ENCRYPTION, row.shape.name);
            Err(AwsError { message: format!("{}: {value}", refused.message), ..refused })
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
    use crate::emulator::s3::operation::rows;

    /// What is refused as not built is something that AWS's model gives to the operation.
    #[test]
    fn every_refusal_is_of_the_model() {
        for row in rows() {
            for name in row.unbuilt {
                let known = row.knows(name) || row.shape.parameters.contains(name);
                assert!(known, "{} has no {name} on AWS", row.shape.name);
            }
        }
    }
}
