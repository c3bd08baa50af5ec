//! The way of a request through the gate.

use std::borrow::Cow;

use http::request::Parts;
use http::{Method, Request, Response};

use super::address::Target;
use super::asked::Asked;
use super::query::Query;
use super::routes::{self, POST_OBJECT, Route};
use super::{allow, form, preflight, render, xml};
use crate::emulator::auth::Caller;
use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Bucket;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error;
use crate::emulator::s3::ingest::{Claims, broken_body};
use crate::emulator::s3::service::Service;

/// Answers one authenticated request, its body decoded. The answer is complete HTTP.
pub async fn handle(service: &Service, caller: &Caller, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    let outcome = run(service, caller, &asked, parts, body).await;
    asked.finish(service.core(), outcome)
}

/// The answer to a request that was refused before it came here.
#[must_use]
pub fn refuse(service: &Service, asked: &Asked, error: AwsError) -> Response<Body> {
    asked.finish(service.core(), Err(error))
}

/// AWS's name of the operation that a request is, and what it is about (`s3://bucket/key`).
#[must_use]
pub fn describe(parts: &Parts) -> (String, Option<String>) {
    let (Ok(target), Ok(query)) = (Target::of(parts), Query::parse(parts.uri.query())) else {
        return ("Unknown".to_owned(), None);
    };
    let name = routes::name(&parts.method, target.level(), &query, &parts.headers);
    (name.to_owned(), target.resource())
}

async fn run(
    service: &Service,
    caller: &Caller,
    asked: &Asked,
    mut parts: Parts,
    body: Body,
) -> Result<Response<Body>, AwsError> {
    let target = Target::of(&parts)?;
    if parts.method == Method::OPTIONS {
        return preflight::answer(service.core(), &target, &parts.headers);
    }
    let query = Query::parse(parts.uri.query())?;
    query.hoist(&mut parts.headers);
    let found = routes::find(&parts.method, target.level(), &query, &parts.headers);
    let known = found.as_ref().ok().copied();
    // A form says whose it is in its fields, and is judged then.
    if known.is_none_or(|route| route.name != POST_OBJECT) {
        asked.judge(service.core(), caller, known, &parts)?;
    }
    let route = found?;
    allow::check(route, &parts.headers)?;
    if route.name == POST_OBJECT {
        return form::answer(service.core(), asked, route, target, query, &parts, body).await;
    }
    let named = target.bucket.clone().filter(|_| route.name != "CreateBucket");
    let outcome = answer(service, caller, route, target, query, parts, body).await;
    match (outcome, named) {
        (Err(refused), Some(name)) if refused.code != "NoSuchBucket" => {
            // Measured in 2026-09: what else is wrong with a request is told only where its bucket exists.
            Err(if Bucket::find(&service.core().read()?, &name)?.is_some() {
                refused
            } else {
                error::no_such_bucket(&name)
            })
        }
        (outcome, _) => outcome,
    }
}

/// The answer of the operation that a request was found to be.
async fn answer(
    service: &Service,
    caller: &Caller,
    route: &'static Route,
    target: Target,
    query: Query,
    parts: Parts,
    body: Body,
) -> Result<Response<Body>, AwsError> {
    target.check_key()?;
    let (document, body) =
        if route.xml { (Some(read_xml(route, &parts, body).await?), body::empty()) } else { (None, body) };
    let document = document.unwrap_or_default();
    let context =
        Context::new(caller.clone(), route.method, target, query, parts.headers, body).with_document(document);
    let shown = shown_to_codec(route, &context)?;
    let answered = service.codec().call(shown).await;
    let left = context.take_answer();
    if let Some(error) = left.error {
        return Err(error);
    }
    let response = answered.map_err(|_| error::internal("s3s broke off"))?;
    if response.status().is_client_error() || response.status().is_server_error() {
        // The only thing of the client's that s3s reads is the XML body.
        return Err(if route.xml { error::malformed_xml() } else { error::internal("s3s refused its own request") });
    }
    let (mut parts, codec_body) = response.into_parts();
    parts.status = left.status.unwrap_or(parts.status);
    let body = match left.body {
        Some(body) => body,
        None => match codec_body.bytes() {
            Some(bytes) => body::full(render::escape_controls(bytes)),
            None => body::from(codec_body),
        },
    };
    Ok(Response::from_parts(parts, body))
}

/// The request that s3s sees: nothing of the client's but the XML body, where the operation does not read that itself.
fn shown_to_codec(route: &Route, context: &Context) -> Result<http::Request<s3s::Body>, AwsError> {
    let document =
        route.document.map_or_else(|| context.document(), |fixed| bytes::Bytes::from_static(fixed.as_bytes()));
    let mut request = http::Request::builder()
        .method(route.method())
        .uri(route.codec)
        .header(http::header::HOST, "localhost")
        .header(http::header::CONTENT_LENGTH, document.len());
    if let Some((name, value)) = route.shown {
        request = request.header(name, value);
    }
    request.extension(context.clone()).body(s3s::Body::from(document)).map_err(|_| error::internal("a request for s3s"))
}

/// Reads an XML body and holds it against its digests.
async fn read_xml(route: &Route, parts: &Parts, body: Body) -> Result<bytes::Bytes, AwsError> {
    let (bytes, trailers) = body::read_with_trailers(body, route.xml_limit).await.map_err(|error| {
        if error.is::<body::TooLong>() {
            AwsError::new(400, "MaxMessageLengthExceeded", "Your request was too big.")
                .with("MaxMessageLengthBytes", route.xml_limit)
        } else {
            broken_body(&error)
        }
    })?;
    // CompleteMultipartUpload carries the checksum of the object in these headers, not that of its body.
    if route.name != "CompleteMultipartUpload" {
        let digested = Claims::verify(&parts.headers, &bytes, trailers.as_ref())?;
        if route.name == "DeleteObjects" && !digested {
            return Err(error::invalid_request(
                "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
            ));
        }
    }
    if bytes.is_empty() && route.name == "DeleteObjects" {
        return Err(AwsError::new(400, "MissingRequestBodyError", "Request Body is empty"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| error::malformed_xml())?;
    Ok(match xml::plain(text) {
        Cow::Borrowed(_) => bytes,
        Cow::Owned(plain) => plain.into(),
    })
}
