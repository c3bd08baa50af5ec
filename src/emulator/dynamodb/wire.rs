//! AWS JSON 1.0: from an HTTP request to an operation, and its answer back to HTTP.

use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Request as HttpRequest, Response, StatusCode};
use serde_json::Value as Json;
use tokio::runtime::Handle;

use super::constraint::shape::Shape;
use super::constraint::{check, model, streams};
use super::deep;
use super::error;
use super::operation::{self, Context, Operation};
use super::request::Request;
use super::service::Service;
use crate::emulator::auth::{Caller, aws_error};
use crate::emulator::body::{self, Body, TooLong};
use crate::emulator::error::AwsError;
use crate::emulator::observer::Failure;

/// The largest request: 16 MB (AWS's quotas page).
pub const MAX_REQUEST: usize = 16 * 1024 * 1024;

/// Requests up to this size are read where they arrive.
const SMALL: usize = 64 * 1024;

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const CRC32: HeaderName = HeaderName::from_static("x-amz-crc32");
const JSON: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.0");
/// What a request may call its body; AWS takes plain JSON too.
const CONTENT_TYPES: &[&str] = &["application/x-amz-json-1.0", "application/x-amz-json-1.1", "application/json"];
const PREFIX: &str = "DynamoDB_20120810.";
const STREAMS_PREFIX: &str = "DynamoDBStreams_20120810.";
/// DynamoDB Streams is a service of its own at the same endpoint.
const SERVICES: &[(&str, &[(&str, &Shape)])] = &[(PREFIX, model::OPERATIONS), (STREAMS_PREFIX, streams::OPERATIONS)];

/// Answers a request whose caller is known. Never fails: what goes wrong is an answer.
///
/// Boxed, so that those who await it need not prove anything about all operations' futures.
pub fn handle(service: &Service, caller: &Caller, request: HttpRequest<Body>) -> BoxFuture<'static, Response<Body>> {
    let service = service.clone();
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let context = Context {
        service: Arc::clone(&service.0),
        account: caller.account.clone(),
        region: caller.region.clone(),
        host: host.or_else(|| request.uri().authority().map(ToString::to_string)),
    };
    Box::pin(async move {
        match answer(context, request).await {
            Ok(json) => response(&service, StatusCode::OK, json),
            Err(error) => refuse(&service, error),
        }
    })
}

/// The answer that carries this error.
#[must_use]
pub fn refuse(service: &Service, error: AwsError) -> Response<Body> {
    let mut response = response(service, error::status(&error), error::body(&error).into());
    response.extensions_mut().insert(Failure(error));
    response
}

/// The operation that a request asks for, or `Unknown`.
#[must_use]
pub fn describe(parts: &Parts) -> &'static str {
    asked(parts).map_or("Unknown", |(name, _)| name)
}

async fn answer(context: Context, request: HttpRequest<Body>) -> Result<Bytes, AwsError> {
    let (parts, body) = request.into_parts();
    let (name, shape) = asked(&parts)?;
    if !is_json(&parts) {
        return Err(error::unknown_operation());
    }
    let built = operation::find(name).ok_or_else(|| AwsError::not_implemented(name))?;
    let body = read(body).await?;
    if body.len() <= SMALL {
        return run(context, built, shape, &body).await;
    }
    // Reading megabytes of JSON takes long enough to hold up other calls on this thread.
    let runtime = Handle::current();
    let large = move || runtime.block_on(run(context, built, shape, &body));
    tokio::task::spawn_blocking(large).await.unwrap_or_else(|_| Err(error::damaged("a failed operation")))
}

async fn run(context: Context, built: Operation, shape: &'static Shape, body: &[u8]) -> Result<Bytes, AwsError> {
    let mut json = parse(body)?;
    check::types(shape, &json)?;
    let Json::Object(members) = json.take() else { return Err(error::serialization("")) };
    check::check(built.name, shape, &members)?;
    Ok(built.run(context, Request::new(members)).await?.finish())
}

/// The operation that a request asks for and the shape of its request.
fn asked(parts: &Parts) -> Result<(&'static str, &'static Shape), AwsError> {
    if parts.method != Method::POST {
        return Err(error::unknown_operation());
    }
    let target = parts.headers.get(TARGET).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut known = SERVICES.iter().filter_map(|(prefix, operations)| Some((target.strip_prefix(prefix)?, operations)));
    let (name, operations) = known.next().ok_or_else(error::unknown_operation)?;
    let at = operations.binary_search_by_key(&name, |(known, _)| known);
    at.map(|at| operations[at]).map_err(|_| error::unknown_operation())
}

fn is_json(parts: &Parts) -> bool {
    let given = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim();
    CONTENT_TYPES.iter().any(|known| known.eq_ignore_ascii_case(given))
}

async fn read(body: Body) -> Result<Bytes, AwsError> {
    body::whole(body, MAX_REQUEST).await.map_err(|error| match aws_error(&*error) {
        Some(error) => error.clone(),
        None if error.is::<TooLong>() => {
            AwsError::new(413, "RequestEntityTooLargeException", "Request exceeds the maximum size of 16777216 bytes")
        }
        None => error::serialization(format!("The request's body broke off: {error}")),
    })
}

fn parse(body: &[u8]) -> Result<Json, AwsError> {
    let json = match serde_json::from_slice(body) {
        Err(error) if error.is_syntax() => deep::parse(body),
        read => read.ok(),
    };
    // AWS gives no message here either.
    json.filter(Json::is_object).ok_or_else(|| error::serialization(""))
}

fn response(service: &Service, status: StatusCode, json: Bytes) -> Response<Body> {
    let id = service.0.ids.next().simple().to_string().to_uppercase();
    let crc = crc32fast::hash(&json);
    let length = json.len();
    let mut response = Response::new(body::full(json));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(CONTENT_LENGTH, length.into());
    headers.insert(CRC32, crc.into());
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}
