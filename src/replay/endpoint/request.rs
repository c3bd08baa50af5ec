//! The request that a recorded call at the endpoint was.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use footbridge_record::brief;
use http::{HeaderName, HeaderValue};
use md5::{Digest, Md5};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::emulator::access::Access;
use crate::emulator::{dynamodb, s3};
use crate::journal::{Call, Subject};
use crate::mcp::Effect;
use crate::replay::Skip;

/// What RFC 3986 leaves as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request, as far as it does not depend on where it goes.
#[derive(Debug, Clone)]
pub(in crate::replay) struct Request {
    pub(in crate::replay) service: Service,
    pub(in crate::replay) operation: String,
    pub(super) method: &'static str,
    /// Encoded; of S3 only.
    pub(super) query: String,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Vec<u8>,
    pub(in crate::replay) resources: Vec<String>,
    /// What IAM asks of it.
    pub(in crate::replay) access: Access,
    pub(in crate::replay) effect: Effect,
}

/// Whose operation it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::replay) enum Service {
    S3 { bucket: Option<String>, key: Option<String> },
    DynamoDb,
    Streams,
    Sts,
}

impl Service {
    /// As the journal writes it.
    pub(in crate::replay) fn name(&self) -> &'static str {
        match self {
            Self::S3 { .. } => "s3",
            Self::DynamoDb | Self::Streams => "dynamodb",
            Self::Sts => "sts",
        }
    }
}

impl Request {
    /// The request that `call` was, with these parameters in place of its own. The operation that is recorded says what is
    /// asked, and nothing else can: who allowed a GetObject gets nothing but a GetObject.
    pub(in crate::replay) fn of(call: &Call, parameters: &Value) -> Result<Self, Skip> {
        let Subject::Operation { service, operation } = &call.started.subject else {
            return Err(Skip::new("tool", "is no operation"));
        };
        let mut request = match service.as_str() {
            "s3" => of_s3(operation, parameters)?,
            "dynamodb" => of_dynamodb(operation, parameters)?,
            "sts" => of_sts(operation, parameters)?,
            other => return Err(unknown(&format!("{other} is no service that footbridge speaks to"))),
        };
        request.effect = effect(call, operation);
        Ok(request)
    }

    fn new(service: Service, operation: &str, body: Vec<u8>) -> Self {
        Self {
            service,
            operation: operation.to_owned(),
            method: "POST",
            query: String::new(),
            headers: Vec::new(),
            body,
            resources: Vec::new(),
            access: Access::new(),
            effect: Effect::Read,
        }
    }
}

fn unknown(text: &str) -> Skip {
    Skip::new("unknown_operation", text)
}

/// As for tools: deletes of a table, of a bucket, or of more than one thing destroy.
pub(in crate::replay) fn effect(call: &Call, operation: &str) -> Effect {
    match brief(call).effect {
        footbridge_record::Effect::Read => Effect::Read,
        footbridge_record::Effect::Destroy
            if ["DeleteTable", "DeleteBucket", "DeleteObjects", "BatchWriteItem", "TransactWriteItems"]
                .contains(&operation) =>
        {
            Effect::Destructive
        }
        _ => Effect::Write,
    }
}

fn name_only() -> Skip {
    Skip::new("endpoint", "only its name is recorded")
}

fn of_dynamodb(operation: &str, parameters: &Value) -> Result<Request, Skip> {
    let known = dynamodb::operation::find(operation).ok_or_else(|| unknown("is no operation that footbridge has"))?;
    if !parameters.is_object() {
        return Err(name_only());
    }
    let is_stream = dynamodb::operation::STREAMS.iter().any(|of| of.name == known.name);
    let (service, version) = if is_stream {
        (Service::Streams, "DynamoDBStreams_20120810")
    } else {
        (Service::DynamoDb, "DynamoDB_20120810")
    };
    let mut request = Request::new(service, operation, parameters.to_string().into_bytes());
    request.access = dynamodb::of_dynamodb(operation, &request.body);
    request.resources = dynamodb::tables(&request.access);
    let target = HeaderValue::try_from(format!("{version}.{}", known.name)).map_err(|_| unknown("has no name"))?;
    request.headers.push((HeaderName::from_static("x-amz-target"), target));
    request.headers.push((http::header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.0")));
    Ok(request)
}

fn of_sts(operation: &str, parameters: &Value) -> Result<Request, Skip> {
    let members = parameters.as_object().ok_or_else(name_only)?;
    if members.get("Action").and_then(Value::as_str) != Some(operation) {
        return Err(unknown("asks for another operation than the journal says"));
    }
    let pair = |(name, value): (&String, &Value)| Some(encode(name) + "=" + &encode(value.as_str()?));
    let form = members.iter().map(pair).collect::<Option<Vec<_>>>().ok_or_else(name_only)?;
    let mut request = Request::new(Service::Sts, operation, form.join("&").into_bytes());
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers.push((http::header::CONTENT_TYPE, kind));
    Ok(request)
}

fn of_s3(operation: &str, parameters: &Value) -> Result<Request, Skip> {
    if operation == "PostObject" {
        return Err(Skip::new("form", "is a browser's form"));
    }
    let known = s3::operations().find(|of| of.name == operation);
    let known = known.ok_or_else(|| unknown("is no operation that footbridge has"))?;
    let text = |name: &str| parameters.get(name).and_then(Value::as_str).map(str::to_owned);
    let (bucket, key) = (text("bucket"), text("key"));
    let levels = known.path.split('?').next().unwrap_or_default().split('/').filter(|part| !part.is_empty()).count();
    if (bucket.is_some(), key.is_some()) != (levels > 0, levels > 1) {
        return Err(name_only());
    }
    let body = text("body").unwrap_or_default().into_bytes();
    let mut request = Request::new(Service::S3 { bucket: bucket.clone(), key: key.clone() }, operation, body);
    request.method = known.method;
    request.query = query(parameters.get("query").and_then(Value::as_object))?;
    headers(&mut request, parameters.get("headers").and_then(Value::as_object))?;
    judge(&mut request, bucket.as_deref(), key.as_deref())?;
    Ok(request)
}

fn query(members: Option<&Map<String, Value>>) -> Result<String, Skip> {
    let pairs = members.into_iter().flatten().map(|(name, value)| {
        let value = value.as_str()?;
        let mark = if value.is_empty() { "" } else { "=" };
        Some(format!("{}{mark}{}", encode(name), encode(value)))
    });
    let pairs = pairs.collect::<Option<Vec<_>>>().ok_or_else(name_only)?;
    Ok(pairs.join("&"))
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Headers that say what is asked, `if-*` and `x-amz-*` apart.
const SAYING: [&str; 11] = [
    "access-control-request-headers",
    "access-control-request-method",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-md5",
    "content-type",
    "expires",
    "origin",
    "range",
];

/// What signs a request or frames its body: ours do that anew.
const OURS: [&str; 10] = [
    "x-amz-algorithm",
    "x-amz-content-sha256",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-trailer",
    "x-amz-user-agent",
];

fn headers(request: &mut Request, members: Option<&Map<String, Value>>) -> Result<(), Skip> {
    let members: Vec<(&str, &str)> =
        members.into_iter().flatten().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect();
    let given = |wanted: &str| members.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
    let length = given("content-length").and_then(|length| length.parse().ok());
    if length.is_some_and(|length: usize| length != request.body.len()) {
        return Err(Skip::new("partial", "its body is not whole in the journal"));
    }
    let is_object = ["PutObject", "UploadPart"].contains(&request.operation.as_str());
    for (name, value) in &members {
        let is_sum = *name == "content-md5" || name.starts_with("x-amz-checksum-") && *name != "x-amz-checksum-mode";
        let says = SAYING.contains(name) || name.starts_with("if-") || name.starts_with("x-amz-");
        // Ids in a document may have become others, and its checksum with them.
        let is_of_document = is_sum && !is_object && !request.body.is_empty();
        if !says || OURS.contains(name) || is_of_document {
            continue;
        }
        if *value == "[redacted]" {
            return Err(Skip::new("partial", format!("its {name} is redacted in the journal")));
        }
        // The framing is gone, and what was inside it stays.
        let value = if *name == "content-encoding" { without_chunks(value) } else { (*value).to_owned() };
        if value.is_empty() && *name == "content-encoding" {
            continue;
        }
        request.add(name, &value)?;
    }
    if is_object
        && let Some(algorithm) = given("x-amz-sdk-checksum-algorithm")
        && let Some((name, value)) = s3::checksum_of(algorithm, &request.body)
        && given(name).is_none()
    {
        // It came behind the body, and is not recorded.
        request.add(name, &value)?;
    }
    if !is_object && !request.body.is_empty() {
        let sum = STANDARD.encode(Md5::digest(&request.body));
        request.add("content-md5", &sum)?;
    }
    Ok(())
}

fn without_chunks(value: &str) -> String {
    let inside = value.split(',').map(str::trim).filter(|coding| !coding.eq_ignore_ascii_case("aws-chunked"));
    inside.collect::<Vec<_>>().join(", ")
}

impl Request {
    fn add(&mut self, name: &str, value: &str) -> Result<(), Skip> {
        let header = HeaderName::try_from(name).ok().zip(HeaderValue::from_str(value).ok());
        let header = header.ok_or_else(|| unknown(&format!("has a header {name} that no request can have")))?;
        self.headers.push(header);
        Ok(())
    }
}

/// Sees to it that the request is the operation that the journal says, and what IAM asks of it.
fn judge(request: &mut Request, bucket: Option<&str>, key: Option<&str>) -> Result<(), Skip> {
    let path: String = [bucket, key].into_iter().flatten().flat_map(|part| ["/".to_owned(), encode(part)]).collect();
    let mark = if request.query.is_empty() { "" } else { "?" };
    let uri =
        if path.is_empty() { format!("/{mark}{}", request.query) } else { format!("{path}{mark}{}", request.query) };
    let built = request
        .headers
        .iter()
        .fold(http::Request::builder().method(request.method).uri(uri), |built, (name, value)| {
            built.header(name, value)
        });
    let Ok((parts, ())) = built.header(http::header::HOST, "localhost").body(()).map(http::Request::into_parts) else {
        return Err(unknown("is no request that can be made"));
    };
    let found = s3::Call::recognise(&parts);
    if found.operation() != request.operation {
        return Err(unknown(&format!("asks for {} and not for what the journal says", found.operation())));
    }
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    request.access = s3::of_s3(&s3::S3Call {
        operation: &request.operation,
        bucket,
        key,
        versioned: request.query.split('&').any(|pair| pair.starts_with("versionId=")),
        header: &header,
        document: &request.body,
    });
    request.resources = found.resource().into_iter().collect();
    Ok(())
}
