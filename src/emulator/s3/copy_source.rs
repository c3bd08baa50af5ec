//! What a copy copies: `x-amz-copy-source` and its conditions.

use http::HeaderMap;
use percent_encoding::percent_decode_str;

use super::catalogue::{Bucket, NULL_VERSION, Placed, Version};
use super::condition::judge_source;
use super::context::Context;
use super::error::{self, invalid_argument, invalid_request};
use super::object_headers;
use super::outgo::Source;
use crate::emulator::error::AwsError;
use crate::emulator::store::Read;

/// The header that names the source.
const HEADER: &str = "x-amz-copy-source";
/// The largest source, or part of one, that one request copies: 5 GiB.
const LARGEST: u64 = 5 << 30;

/// Where a copy comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CopySource {
    /// The source's bucket.
    pub bucket: String,
    /// The source's key.
    pub key: String,
    /// The version that is asked for; without, the current one.
    pub version: Option<String>,
}

impl CopySource {
    /// Reads the header: `bucket/key`, with or without a slash before it, URL-encoded, perhaps with `?versionId=`.
    pub(super) fn of(context: &Context) -> Result<Self, AwsError> {
        let header = context.headers().get(HEADER).map(|value| String::from_utf8_lossy(value.as_bytes()));
        Self::parse(header.as_deref().unwrap_or_default().trim())
    }

    fn parse(header: &str) -> Result<Self, AwsError> {
        let (path, version) = match header.rsplit_once("?versionId=") {
            Some((path, version)) => (path, Some(decode(version)?).filter(|version| !version.is_empty())),
            None => (header, None),
        };
        let path = path.strip_prefix('/').or_else(|| path.strip_prefix("%2F")).unwrap_or(path);
        // Some clients encode the slash between bucket and key too.
        let path = decode(path)?;
        if path.starts_with("arn:") {
            return Err(AwsError::not_implemented("access points as the source of a copy"));
        }
        match path.split_once('/') {
            Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => {
                Ok(Self { bucket: bucket.to_owned(), key: key.to_owned(), version })
            }
            // Recorded: the header's name stands for its value.
            _ => Err(invalid_argument("Invalid copy source object key", HEADER, HEADER)),
        }
    }

    /// `version`, which is the source, and where it lies.
    pub(super) fn of_version<'a>(&'a self, version: &'a Version) -> Source<'a> {
        Source { bucket: &self.bucket, key: &self.key, version }
    }

    /// The source, once the caller may read it and its conditions hold.
    pub(super) fn find(&self, read: &impl Read, context: &Context, now: u64) -> Result<Placed, AwsError> {
        let bucket = Bucket::get(read, &self.bucket)?;
        context.check_owner(&bucket, "x-amz-source-expected-bucket-owner")?;
        let placed = Placed::find(read, bucket.id, &self.key, self.version.as_deref())?;
        let version = &placed.version;
        match &self.version {
            Some(_) if version.is_marker() => {
                return Err(invalid_request(
                    "The source of a copy request may not specifically refer to a delete marker by version id.",
                ));
            }
            None if version.is_marker() => return Err(error::no_such_key(&self.key)),
            _ => {}
        }
        judge_source(context, &version.etag, version.modified, now)?;
        if matches!(version.storage_class.as_str(), "GLACIER" | "DEEP_ARCHIVE") {
            let message = "The source object of the COPY action is not in the active tier";
            return Err(AwsError::new(403, "ObjectNotInActiveTierError", message));
        }
        Ok(placed)
    }
}

/// Says which version of the source was copied, where it has an id (recorded 2026-02).
pub(super) fn show_version(headers: &mut HeaderMap, copied: &Version) {
    if copied.id != NULL_VERSION {
        object_headers::set(headers, "x-amz-copy-source-version-id", &copied.id);
    }
}

/// Refuses what is too large for one request.
pub(super) fn check_size(size: u64) -> Result<(), AwsError> {
    if size > LARGEST {
        return Err(invalid_request(format!(
            "The specified copy source is larger than the maximum allowable size for a copy source: {LARGEST}"
        )));
    }
    Ok(())
}

fn decode(text: &str) -> Result<String, AwsError> {
    // As in a query, a plus is a space.
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| error::invalid_argument("Invalid copy source encoding", HEADER, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_source_is_read() {
        for (header, bucket, key, version) in [
            ("b/k", "b", "k", None),
            ("/b/k", "b", "k", None),
            ("/b//k", "b", "/k", None),
            ("b/a/k/", "b", "a/k/", None),
            ("b%2Fa%2Fk", "b", "a/k", None),
            ("%2Fb%2Fk", "b", "k", None),
            ("b/a+b%2Bc%20d", "b", "a b+c d", None),
            ("b/%F0%9F%98%80", "b", "😀", None),
            ("b/😀", "b", "😀", None),
            ("b/k?versionId=null", "b", "k", Some("null")),
            ("b/k?versionId=", "b", "k", None),
            ("b/k%3FversionId=1", "b", "k?versionId=1", None),
            ("b/k?a?versionId=v", "b", "k?a", Some("v")),
            ("b/file%252Fname", "b", "file%2Fname", None),
        ] {
            let source = CopySource::parse(header).expect(header);
            assert_eq!((source.bucket.as_str(), source.key.as_str()), (bucket, key), "{header}");
            assert_eq!(source.version.as_deref(), version, "{header}");
        }
        for header in ["", "/", "b", "/b", "b/", "//k", "b/%FF"] {
            assert_eq!(CopySource::parse(header).expect_err(header).code, "InvalidArgument", "{header}");
        }
        let access_point = "arn:aws:s3:us-east-1:000000000000:accesspoint/a/object/k";
        assert_eq!(CopySource::parse(access_point).expect_err("an access point").status, 501);
    }
}
