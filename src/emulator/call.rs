//! A request to the emulator, recognised once: what it asks of which service.

use http::Request;
use http::request::Parts;

use super::absent::Spoken;
use super::access::Access;
use super::auth::Service;
use super::body::{self, Body};
use super::heard::Heard;
use super::{dynamodb, s3, sts};

/// What a request asks, as far as its head tells.
#[derive(Debug, Clone)]
pub(super) enum Call {
    /// S3.
    S3(Box<s3::Call>),
    /// DynamoDB or DynamoDB Streams, and the operation.
    DynamoDb(&'static str),
    /// STS, whose operation is in its form.
    Sts,
    /// A service that this emulator does not have, and what its client speaks.
    Other(String, Spoken),
}

impl Call {
    /// Recognises a request by its head.
    pub(super) fn recognise(parts: &Parts) -> Self {
        match Service::of(parts) {
            Service::S3 => Self::S3(Box::new(s3::Call::recognise(parts))),
            Service::DynamoDb => Self::DynamoDb(dynamodb::describe(parts)),
            Service::Sts => Self::Sts,
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
            Self::Sts => Service::Sts,
            Self::Other(name, _) => Service::Other(name.clone()),
        }
    }
}

/// What a request asks, kept for those who watch calls. What its body says is worked out when they ask.
#[derive(Debug)]
pub enum Asked {
    /// S3.
    S3(s3::Asked),
    /// DynamoDB or DynamoDB Streams, and the operation.
    DynamoDb(&'static str),
    /// STS, and the query, where parameters may stand too.
    Sts(String),
    /// A service that this emulator does not have.
    Other {
        /// Its signing name.
        service: String,
        /// AWS's name of the operation, or `Unknown`.
        operation: String,
    },
}

impl Asked {
    /// What a request asks, before it is admitted.
    pub(super) fn of(call: &Call, parts: &Parts) -> Self {
        match call {
            Call::S3(call) => Self::S3(s3::Asked::of(call, parts)),
            Call::DynamoDb(operation) => Self::DynamoDb(operation),
            Call::Sts => Self::Sts(parts.uri.query().unwrap_or_default().to_owned()),
            Call::Other(service, spoken) => {
                Self::Other { service: service.clone(), operation: spoken.operation().to_owned() }
            }
        }
    }

    /// The request again, now that it is admitted, and its body by handle: `most` bytes of it are worth keeping, and all
    /// that says what it is about.
    pub(super) async fn listen(&mut self, call: &Call, request: Request<Body>, most: usize) -> (Request<Body>, Heard) {
        match (self, call) {
            (Self::S3(asked), Call::S3(call)) => asked.listen(call, request, most),
            (Self::DynamoDb(_) | Self::Sts(_), _) => {
                let (parts, body) = request.into_parts();
                let (body, heard) = match body::whole(body, dynamodb::MAX_REQUEST).await {
                    Ok(bytes) => (body::full(bytes.clone()), Heard::Whole(bytes)),
                    Err(error) => (body::failed(error), Heard::Unkept),
                };
                (Request::from_parts(parts, body), heard)
            }
            _ => (request, Heard::Unkept),
        }
    }

    /// The service's signing name: `s3`, `dynamodb`, `sts` or another.
    #[must_use]
    pub fn service(&self) -> &str {
        match self {
            Self::S3(_) => "s3",
            Self::DynamoDb(_) => "dynamodb",
            Self::Sts(_) => "sts",
            Self::Other { service, .. } => service,
        }
    }

    /// AWS's name of the operation, or `Unknown`. `body` is the request's, as far as it was kept, here and below.
    #[must_use]
    pub fn operation(&self, body: &[u8]) -> &str {
        match self {
            Self::S3(asked) => asked.operation(),
            Self::DynamoDb(operation) => operation,
            Self::Sts(query) => sts::describe(&sts::Form::read(query, body)).0,
            Self::Other { operation, .. } => operation,
        }
    }

    /// What it is about: `s3://bucket/key`, `dynamodb://table`, the ARN of a role; and what IAM asks of it, where it was
    /// `admitted`.
    #[must_use]
    pub fn about(&self, body: &[u8], admitted: bool) -> (Vec<String>, Access) {
        match self {
            Self::S3(asked) => {
                let access = if admitted { asked.access(body) } else { Access::new() };
                (asked.resource().into_iter().collect(), access)
            }
            Self::DynamoDb(operation) if admitted => {
                let access = dynamodb::of_dynamodb(operation, body);
                (dynamodb::tables(&access), access)
            }
            Self::Sts(query) if admitted => {
                let form = sts::Form::read(query, body);
                let (name, resources) = sts::describe(&form);
                (resources, sts::of_sts(name, &form))
            }
            Self::DynamoDb(_) | Self::Sts(_) | Self::Other { .. } => (Vec::new(), Access::new()),
        }
    }

    /// Bytes in memory beside itself.
    #[must_use]
    pub fn weight(&self) -> usize {
        match self {
            Self::S3(asked) => asked.weight(),
            Self::DynamoDb(_) => 0,
            Self::Sts(query) => query.len(),
            Self::Other { service, operation } => service.len() + operation.len(),
        }
    }
}

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
