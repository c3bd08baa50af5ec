//! What the helpers of SDKs that move whole files call.

use crate::check::found::Given;
use crate::check::model::Model;

/// The operations that an upload of unknown size may call.
pub const UPLOAD: &[&str] =
    &["PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload"];
/// Those of a download.
pub const DOWNLOAD: &[&str] = &["HeadObject", "GetObject"];
/// Those of a copy.
pub const COPY: &[&str] = &[
    "HeadObject",
    "CopyObject",
    "CreateMultipartUpload",
    "UploadPartCopy",
    "CompleteMultipartUpload",
    "AbortMultipartUpload",
];

/// What an operation gets of what the helper was given: the members that it has.
pub fn of(model: &Model, operation: &str, given: &Given) -> Given {
    let known = model.operation(operation);
    let mut given = given.clone();
    given.members.retain(|(name, _)| known.is_some_and(|known| known.member(name).is_some()));
    given
}
