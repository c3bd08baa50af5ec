//! `s3://bucket/key`: how buckets, objects and prefixes are written wherever one text names them.

use std::fmt;

/// A bucket, and what stands behind it: a key, the start of one, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct S3Uri<'a> {
    pub(crate) bucket: &'a str,
    pub(crate) rest: &'a str,
}

impl<'a> S3Uri<'a> {
    /// Reads `s3://bucket`, `s3://bucket/key` and `s3://bucket/prefix*`; nothing where no bucket is named.
    pub(crate) fn parse(uri: &'a str) -> Option<Self> {
        Self::path(uri.strip_prefix("s3://")?)
    }

    /// Reads what follows the scheme.
    pub(crate) fn path(path: &'a str) -> Option<Self> {
        let (bucket, rest) = path.split_once('/').unwrap_or((path, ""));
        (!bucket.is_empty()).then_some(Self { bucket, rest })
    }
}

/// As it is read; a bucket alone has no slash behind it.
impl fmt::Display for S3Uri<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rest {
            "" => write!(f, "s3://{}", self.bucket),
            rest => write!(f, "s3://{}/{rest}", self.bucket),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_a_bucket_and_what_stands_behind_it() {
        let of = |bucket, rest| Some(S3Uri { bucket, rest });
        assert_eq!(S3Uri::parse("s3://media/a/b c"), of("media", "a/b c"));
        assert_eq!(S3Uri::parse("s3://media//a"), of("media", "/a"));
        assert_eq!(S3Uri::parse("s3://media"), of("media", ""));
        for none in ["s3://", "s3:///k", "media/a", "S3://media", "dynamodb://orders"] {
            assert_eq!(S3Uri::parse(none), None, "{none}");
        }
        for uri in ["s3://media/a/b", "s3://media", "s3://media/logs/*"] {
            assert_eq!(S3Uri::parse(uri).unwrap().to_string(), uri);
        }
    }
}
