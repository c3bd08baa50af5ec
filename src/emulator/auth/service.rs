//! Which AWS service a request is for.

use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, Method};

use super::query;

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
    /// The service of a request: DynamoDB where `X-Amz-Target` says so, else that of the credential scope, else STS
    /// for a form sent to `/`, else S3.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let target = text(&parts.headers, "x-amz-target");
        if target.is_some_and(|target| target.starts_with("DynamoDB")) {
            return Self::DynamoDb;
        }
        if let Some(name) = scope_of(parts) {
            return Self::named(&name);
        }
        if let Some(target) = target {
            return Self::Other(target.split(['.', '_']).next().unwrap_or(target).to_owned());
        }
        // Smithy's RPC v2: `/service/NAME/operation/NAME`.
        if parts.headers.contains_key("smithy-protocol") {
            let name = parts.uri.path().strip_prefix("/service/").and_then(|path| path.split('/').next());
            return Self::Other(name.unwrap_or("unknown").to_owned());
        }
        let form = text(&parts.headers, CONTENT_TYPE.as_str())
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        if parts.method == Method::POST && parts.uri.path() == "/" && form { Self::Sts } else { Self::S3 }
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

/// The service in the credential scope of the header or the query, where that has five parts.
fn scope_of(parts: &Parts) -> Option<String> {
    let credential = match text(&parts.headers, "authorization") {
        Some(header) => header.split_once("Credential=")?.1.split(',').next()?.trim().to_owned(),
        None => query::value(parts.uri.query()?, "X-Amz-Credential")?,
    };
    let elements: Vec<&str> = credential.split('/').collect();
    let fits = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    match elements.as_slice() {
        [_, _, _, service, _] if fits(service) => Some((*service).to_owned()),
        _ => None,
    }
}

/// A header's first value as text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
