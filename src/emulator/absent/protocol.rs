//! Which of AWS's protocols a request speaks, by its head alone.

use http::header::CONTENT_TYPE;
use http::request::Parts;

use crate::emulator::auth::query_value;

/// How a client of a service that is not here reads errors, and what it asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    pub(super) protocol: Protocol,
    /// AWS's name of the operation, where the head has it.
    pub(super) operation: Option<String>,
}

/// A protocol, as its errors differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    /// The query protocol, and XML over REST: `ErrorResponse`.
    Xml,
    /// EC2's and SimpleDB's form of the query protocol.
    Ec2,
    /// AWS JSON, in this version.
    Json(&'static str),
    /// JSON over REST.
    RestJson,
    /// Smithy's RPC v2.
    Cbor,
    /// AWS JSON's older form in CBOR, which Java speaks with Kinesis.
    JsonCbor,
}

/// Services that speak XML over REST.
const REST_XML: &[&str] = &["cloudfront", "route53", "s3-object-lambda", "s3express"];

/// Services whose errors have EC2's form.
const EC2: &[&str] = &["ec2", "sdb"];

impl Spoken {
    /// How a request to the service with this signing name speaks.
    #[must_use]
    pub fn of(parts: &Parts, service: &str) -> Self {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let kind = text(CONTENT_TYPE.as_str()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let target = text("x-amz-target").and_then(|target| target.rsplit('.').next());
        let action = parts.uri.query().and_then(|query| query_value(query, "Action"));
        let form = kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") || action.is_some();
        let protocol = if text("smithy-protocol").is_some_and(|name| name.eq_ignore_ascii_case("rpc-v2-cbor")) {
            Protocol::Cbor
        } else if kind.starts_with("application/x-amz-cbor") {
            Protocol::JsonCbor
        } else if target.is_some() {
            Protocol::Json(if kind.ends_with("-1.1") { "1.1" } else { "1.0" })
        } else if form && EC2.contains(&service) {
            Protocol::Ec2
        } else if form || REST_XML.contains(&service) {
            Protocol::Xml
        } else {
            Protocol::RestJson
        };
        // RPC v2's path is `/service/NAME/operation/NAME`.
        let path = || {
            let (_, operation) = parts.uri.path().rsplit_once("/operation/")?;
            (protocol == Protocol::Cbor).then(|| operation.to_owned())
        };
        let operation = target.map(str::to_owned).or(action).or_else(path);
        let is_name = |name: &String| {
            (1..=128).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        Self { protocol, operation: operation.filter(is_name) }
    }

    /// The operation that was asked for, or `Unknown`.
    #[must_use]
    pub fn operation(&self) -> &str {
        self.operation.as_deref().unwrap_or("Unknown")
    }
}
