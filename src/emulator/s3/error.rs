//! S3's errors, worded as AWS words them (recorded answers of us-east-1, 2026-02).

use serde_json::Value;

use super::catalogue::Version;
use super::date;
use crate::emulator::error::AwsError;

/// 403: the caller may not do this.
pub(super) fn access_denied() -> AwsError {
    AwsError::new(403, "AccessDenied", "Access Denied")
}

/// 404: no bucket of this name.
pub(super) fn no_such_bucket(name: &str) -> AwsError {
    AwsError::new(404, "NoSuchBucket", "The specified bucket does not exist").with("BucketName", name)
}

/// 400: no object can have a key of more than 1,024 bytes of UTF-8.
pub(super) fn check_key(key: &str) -> Result<(), AwsError> {
    const LONGEST: usize = 1024;
    if key.len() <= LONGEST {
        return Ok(());
    }
    Err(AwsError::new(400, "KeyTooLongError", "Your key is too long")
        .with("Size", key.len())
        .with("MaxSizeAllowed", LONGEST))
}

/// 404: no object of this key.
pub(super) fn no_such_key(key: &str) -> AwsError {
    AwsError::new(404, "NoSuchKey", "The specified key does not exist.").with("Key", key)
}

/// 404: the object has no such version.
pub(super) fn no_such_version(key: &str, id: &str) -> AwsError {
    AwsError::new(404, "NoSuchVersion", "The specified version does not exist.").with("Key", key).with("VersionId", id)
}

/// 405: the version that is asked for is a delete marker, which can only be deleted (recorded 2026-02).
pub(super) fn delete_marker(method: &str, marker: &Version) -> AwsError {
    let message = "The specified method is not allowed against this resource.";
    let error = AwsError::new(405, "MethodNotAllowed", message)
        .with("Method", method)
        .with("ResourceType", "DeleteMarker")
        .with_header("allow", "DELETE")
        .with_header("last-modified", date::http(marker.modified));
    marked(error, marker)
}

/// Adds the headers that tell of the delete marker that was found.
pub(super) fn marked(error: AwsError, marker: &Version) -> AwsError {
    error.with_header("x-amz-delete-marker", "true").with_header("x-amz-version-id", marker.id.as_str())
}

/// 404: no upload of this id that is still open.
pub(super) fn no_such_upload(id: &str) -> AwsError {
    let message = "The specified upload does not exist. The upload ID may be invalid, or the upload may have been \
                   aborted or completed.";
    AwsError::new(404, "NoSuchUpload", message).with("UploadId", id)
}

/// 400 `InvalidArgument` about one argument.
pub(super) fn invalid_argument(message: &str, name: &'static str, value: impl Into<Value>) -> AwsError {
    AwsError::new(400, "InvalidArgument", message).with("ArgumentName", name).with("ArgumentValue", value)
}

/// 400 `InvalidRequest`.
pub(super) fn invalid_request(message: impl Into<String>) -> AwsError {
    AwsError::new(400, "InvalidRequest", message)
}

/// 400: the body is not the XML that the operation takes.
pub(super) fn malformed_xml() -> AwsError {
    let message = "The XML you provided was not well-formed or did not validate against our published schema";
    AwsError::new(400, "MalformedXML", message)
}

/// 400: the bucket's owner owns every object, and there are no ACLs.
pub(super) fn no_acls() -> AwsError {
    AwsError::new(400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
}

/// 412: the condition in this header does not hold.
pub(super) fn precondition_failed(condition: &'static str) -> AwsError {
    AwsError::new(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        .with("Condition", condition)
}

/// 501: a header that asks of this operation what is not built here.
pub(super) fn header_not_built(header: &str, operation: &str) -> AwsError {
    AwsError::not_implemented(&format!("the header {header} of {operation}")).with("Header", header)
}

/// 501: a header that asks for what AWS does not have, as AWS refuses it.
pub(super) fn header_not_implemented(header: &str) -> AwsError {
    AwsError::new(501, "NotImplemented", "A header you provided implies functionality that is not implemented")
        .with("Header", header)
}

/// 500: something that only a defect of ours explains.
pub(super) fn internal(what: &str) -> AwsError {
    tracing::error!(what, "S3 failed");
    AwsError::new(500, "InternalError", "We encountered an internal error. Please try again.")
}
