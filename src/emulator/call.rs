//! A request to the emulator, recognised once: what it asks of which service.

use http::Request;
use http::request::Parts;

use super::absent::Spoken;
use super::access::Access;
use super::auth::Service;
use super::body::Body;
use super::{dynamodb, s3, sts};

/// What a request asks, as far as its head tells.
#[derive(Debug, Clone)]
pub(super) enum Call {
    /// S3.
    S3(Box<s3::Call>),
    /// DynamoDB or DynamoDB Streams, and the operation.
    DynamoDb(String),
    /// STS, and the operation once its form was read.
    Sts(String),
    /// A service that this emulator does not have, and what its client speaks.
    Other(String, Spoken),
}

/// What the body of a request says, for those who watch calls.
pub(super) struct Seen {
    /// What IAM asks of it.
    pub access: Access,
    /// What it is about, where its head did not say.
    pub resources: Option<Vec<String>>,
}

impl Call {
    /// Recognises a request by its head.
    pub(super) fn recognise(parts: &Parts) -> Self {
        match Service::of(parts) {
            Service::S3 => Self::S3(Box::new(s3::Call::recognise(parts))),
            Service::DynamoDb => Self::DynamoDb(dynamodb::describe(parts).0),
            Service::Sts => Self::Sts(UNKNOWN.to_owned()),
            Service::Other(name) => {
                let spoken = Spoken::of(parts, &name);
                Self::Other(name, spoken)
            }
        }
    }

    /// The service.
    pub(super) fn service(&self) -> Service {
        match self {
            Self::S3(_) => Service::S3,
            Self::DynamoDb(_) => Service::DynamoDb,
            Self::Sts(_) => Service::Sts,
            Self::Other(name, _) => Service::Other(name.clone()),
        }
    }

    /// AWS's name of the operation, or `Unknown`.
    pub(super) fn operation(&self) -> &str {
        match self {
            Self::S3(call) => call.operation(),
            Self::DynamoDb(operation) | Self::Sts(operation) => operation,
            Self::Other(_, spoken) => spoken.operation(),
        }
    }

    /// What its head says that it is about.
    pub(super) fn resource(&self) -> Option<String> {
        match self {
            Self::S3(call) => call.resource(),
            Self::DynamoDb(_) | Self::Sts(_) | Self::Other(..) => None,
        }
    }

    /// The request again, and what its body says. Only what must be is read of it, and none of it is kept.
    pub(super) async fn look_into(&mut self, request: Request<Body>) -> (Request<Body>, Seen) {
        match self {
            Self::S3(call) => {
                let (request, access) = s3::peek(call, request).await;
                (request, Seen { access, resources: None })
            }
            Self::DynamoDb(operation) => {
                let (request, body) = dynamodb::peek(request).await;
                let access = dynamodb::of_dynamodb(operation, &body);
                let resources = Some(dynamodb::tables(&access));
                (request, Seen { access, resources })
            }
            Self::Sts(operation) => {
                let (request, body) = dynamodb::peek(request).await;
                let (parts, whole) = request.into_parts();
                let form = sts::Form::of(&parts, &body);
                let (name, resources) = sts::describe(&form);
                let access = sts::of_sts(&name, &form);
                *operation = name;
                (Request::from_parts(parts, whole), Seen { access, resources: Some(resources) })
            }
            Self::Other(..) => (request, Seen { access: Access::new(), resources: None }),
        }
    }
}

/// What an operation is called that is not known.
const UNKNOWN: &str = "Unknown";

/// What IAM asks of a call of which only the operation and the resources are known, as older journals have it; `None`
/// where the operation is not known either. What hangs on the rest of the request is not in it.
#[must_use]
pub fn by_name(service: &str, operation: &str, resources: &[String]) -> Option<Access> {
    match service {
        "s3" => s3::by_name(operation, resources),
        "dynamodb" | "dynamodbstreams" => dynamodb::by_name(operation, resources),
        "sts" => sts::by_name(operation, resources),
        _ => None,
    }
}
