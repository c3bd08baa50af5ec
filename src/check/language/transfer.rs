//! What the helpers of SDKs that move whole files call.

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
