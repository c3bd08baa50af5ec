//! From a request to its answer.

use http::request::Parts;
use http::{Request, Response, StatusCode};

use super::{document, form, headers, pages, preflight};
use crate::emulator::auth::{Caller, Signed};
use crate::emulator::body::Body;
use crate::emulator::error::AwsError;
use crate::emulator::s3::call::{Call, Found};
use crate::emulator::s3::catalogue::{Bucket, Placed, Upload};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error;
use crate::emulator::s3::operation::{self, Row, Run};
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Service;

/// Answers one authenticated request, its body decoded. The answer is complete HTTP.
pub async fn handle(service: &Service, caller: &Caller, call: Call, request: Request<Body>) -> Response<Body> {
    let sender = call.sender.clone();
    let (parts, body) = request.into_parts();
    let outcome = run(service, caller, call, parts, body).await;
    pages::finish(service.core(), &sender, outcome)
}

/// The answer to a request that was refused before it came here.
#[must_use]
pub fn refuse(service: &Service, call: &Call, error: AwsError) -> Response<Body> {
    pages::finish(service.core(), &call.sender, Err(error))
}

async fn run(
    service: &Service,
    caller: &Caller,
    call: Call,
    mut parts: Parts,
    body: Body,
) -> Result<Response<Body>, AwsError> {
    if matches!(call.found, Ok(Found::Preflight)) {
        return preflight::answer(service.core(), &call.target, &parts.headers);
    }
    // Elsewhere nobody signed them as headers.
    if caller.signed == Signed::Query {
        call.query.hoist(&mut parts.headers)?;
    }
    let built = call.found.as_ref().ok().and_then(|found| found.built());
    // A form says whose it is in its fields, and is judged then.
    if built.is_none_or(|row| !matches!(row.run, Run::Form)) {
        pages::judge(service.core(), &call.sender, caller, built, &parts)?;
    }
    let row = match call.found.clone()? {
        Found::Built(row) => row,
        unbuilt => return Err(AwsError::not_implemented(unbuilt.name())),
    };
    if let Run::Form = row.run {
        return form::answer(service.core(), row, call, &parts, body).await;
    }
    let named = call.target.bucket.clone().filter(|_| row.shape.name != "CreateBucket");
    let outcome = answer(service, caller, row, call, parts, body).await;
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

/// The answer of an operation.
async fn answer(
    service: &Service,
    caller: &Caller,
    row: &Row,
    call: Call,
    parts: Parts,
    body: Body,
) -> Result<Response<Body>, AwsError> {
    if caller.signed == Signed::Query && call.query.leaves_open(row.shape.selectors) {
        // Whoever holds the URL could have made it another operation's.
        return Err(error::access_denied());
    }
    headers::check(row, &call.query, &parts.headers)?;
    check_key(service, &call)?;
    let caller = caller.clone();
    let context = match row.body {
        operation::Body::Bytes => Context::new(caller, call, parts.headers, body),
        operation::Body::Document { limit, digest } => {
            let document = document::read(&parts.headers, body, limit, digest).await?;
            Context::with_document(caller, call, parts.headers, document)
        }
    };
    let Reply { status, headers, body } = match row.run {
        Run::Now(run) => run(service.core(), &context)?,
        Run::Later(run) => run(service.core(), &context).await?,
        Run::Unset(unset) => unset.answer(service.core(), &context)?,
        Run::Form => return Err(error::internal("a form was taken for another request")),
    };
    let mut response = Response::new(body);
    *response.status_mut() = match status {
        Some(status) => status,
        None => StatusCode::from_u16(row.status).unwrap_or(StatusCode::OK),
    };
    *response.headers_mut() = headers;
    Ok(response)
}

/// Refuses a key that no object can have. What an earlier build kept under one can still be deleted.
fn check_key(service: &Service, call: &Call) -> Result<(), AwsError> {
    let Err(refused) = call.target.check_key() else { return Ok(()) };
    let (Some(name), Some(key)) = (&call.target.bucket, &call.target.key) else { return Err(refused) };
    if call.method != http::Method::DELETE {
        return Err(refused);
    }
    let read = service.core().read()?;
    let Some(bucket) = Bucket::find(&read, name)? else { return Err(refused) };
    let kept = match call.query.get("uploadId") {
        Some(id) => Upload::find(&read, bucket.id, key, id)?.is_some(),
        None => Placed::newest(&read, bucket.id, key)?.is_some(),
    };
    if kept { Ok(()) } else { Err(refused) }
}
