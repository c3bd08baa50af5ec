//! A request to the emulator, recognised once: what it asks of which service.

use http::Request;
use http::request::Parts;

use super::access::{self, Access};
use super::auth::Service;
use super::body::Body;
use super::{dynamodb, s3};

/// What a request asks, as far as its head tells.
#[derive(Debug, Clone)]
pub(super) enum Call {
    /// S3.
    S3(Box<s3::Call>),
    /// DynamoDB or DynamoDB Streams, and the operation.
    DynamoDb(String),
    /// STS.
    Sts,
    /// A service that this emulator does not have.
    Other(String),
}

impl Call {
    /// Recognises a request by its head.
    pub(super) fn recognise(parts: &Parts) -> Self {
        match Service::of(parts) {
            Service::S3 => Self::S3(Box::new(s3::Call::recognise(parts))),
            Service::DynamoDb => Self::DynamoDb(dynamodb::describe(parts).0),
            Service::Sts => Self::Sts,
            Service::Other(name) => Self::Other(name),
        }
    }

    /// The service.
    pub(super) fn service(&self) -> Service {
        match self {
            Self::S3(_) => Service::S3,
            Self::DynamoDb(_) => Service::DynamoDb,
            Self::Sts => Service::Sts,
            Self::Other(name) => Service::Other(name.clone()),
        }
    }

    /// AWS's name of the operation, or `Unknown`.
    pub(super) fn operation(&self) -> &str {
        match self {
            Self::S3(call) => call.operation(),
            Self::DynamoDb(operation) => operation,
            Self::Sts => "GetCallerIdentity",
            Self::Other(_) => "Unknown",
        }
    }

    /// What its head says that it is about.
    pub(super) fn resource(&self) -> Option<String> {
        match self {
            Self::S3(call) => call.resource(),
            Self::DynamoDb(_) | Self::Sts | Self::Other(_) => None,
        }
    }

    /// The request again, what IAM asks of it, and what its body says that it is about. Only what must be is read of the
    /// body, and none of it is kept.
    pub(super) async fn look_into(&self, request: Request<Body>) -> (Request<Body>, Access, Option<Vec<String>>) {
        match self {
            Self::S3(call) => {
                let (request, access) = s3::peek(call, request).await;
                (request, access, None)
            }
            Self::DynamoDb(operation) => {
                let (request, body) = dynamodb::peek(request).await;
                let access = access::of_dynamodb(operation, &body);
                let tables = access::tables(&access);
                (request, access, Some(tables))
            }
            Self::Sts | Self::Other(_) => (request, Access::new(), None),
        }
    }
}

/// What IAM asks of a call of which only the operation and the resources are known, as older journals have it; `None`
/// where the operation is not known either. What hangs on the rest of the request is not in it.
#[must_use]
pub fn by_name(service: &str, operation: &str, resources: &[String]) -> Option<Access> {
    match service {
        "s3" => s3::by_name(operation, resources),
        "dynamodb" | "dynamodbstreams" => access::of_dynamodb_by_name(operation, resources),
        // AWS allows it to everybody, even against a policy that denies it.
        "sts" if operation == "GetCallerIdentity" => Some(Access::new()),
        _ => None,
    }
}
