//! The door: from a request as received to a caller and a body that can be trusted.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderValue, TRANSFER_ENCODING};
use http::request::Parts;
use http::{HeaderMap, Method, Request};
use sha2::{Digest, Sha256};

use super::body::{Check, Checked, Trailers};
use super::chunked::{Decoder, malformed_trailer};
use super::claim::{ALGORITHM, Claim};
use super::form::{self, FormDoor};
use super::hash::hex;
use super::identity::{Caller, Identities, Identity, Signed};
use super::payload::{self, Payload};
use super::service::{Service, text};
use super::v4::Seed;
use super::{fault, query, time, v2, v4};
use crate::clock::Clock;
use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;

/// The largest request body of a service other than S3: DynamoDB's own limit.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// What is needed to judge a request. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AuthContext {
    /// The time that dates and expiries are held against.
    pub clock: Arc<dyn Clock>,
    /// The known keys.
    pub identities: Identities,
    /// Refuse unknown keys instead of taking them as their account's root.
    pub strict: bool,
}

impl AuthContext {
    /// The identity of a key; none for an unknown key that may act as its account's root.
    pub(super) fn identity(
        &self,
        access_key: &str,
        must_verify: bool,
        service: &Service,
    ) -> Result<Option<&Identity>, AwsError> {
        let identity = self.identities.get(access_key);
        if identity.is_none() && (self.strict || must_verify) {
            return Err(fault::unknown_key(service, access_key));
        }
        Ok(identity)
    }
}

/// A request extension: strict mode for this request, whatever the context says. An unknown key is refused.
///
/// A strict endpoint sets it on every request: the owner of the data may be another process, and laxer.
#[derive(Debug, Clone, Copy)]
pub struct MustVerify;

/// Verifies who makes the request and gives it back with its body decoded and watched.
///
/// The body that comes back has no aws-chunked framing; `Content-Length` is that of the payload and `Content-Encoding`
/// has no `aws-chunked`. A body that breaks its hash, its length or a chunk signature ends with an error that
/// [`aws_error`](super::aws_error) finds, and its last frame is given only once everything held: an operation that
/// commits after the body's end commits nothing false. [`Trailers`] is among the request's extensions. Errors are those
/// of the service: S3's XML codes, DynamoDB's exception names.
pub async fn admit(
    request: Request<Body>,
    service: Service,
    context: &AuthContext,
) -> Result<(Caller, Request<Body>), AwsError> {
    let (parts, mut body) = request.into_parts();
    if let Service::Other(name) = &service {
        return Err(AwsError::not_implemented(&format!("the service '{name}': it has s3, dynamodb and sts")));
    }
    if service != Service::S3 {
        let (caller, body) = admit_small(&parts, body, service, context).await?;
        return Ok((caller, Request::from_parts(parts, body)));
    }
    let (caller, seed) = s3_caller(&parts, context)?;
    let unsigned = caller.is_anonymous();
    let declared = match declared_payload(&parts) {
        Some(value) => Payload::parse(&value)?,
        None => Payload::Unsigned,
    };
    let mut parts = parts;
    if unsigned && form::is_form(&parts) {
        let door = FormDoor::new(context, &parts);
        parts.extensions.insert(door);
    }
    body = watch(&mut parts, body, declared, seed)?;
    Ok((caller, Request::from_parts(parts, body)))
}

/// A signature as found in a request.
enum Found {
    None,
    V4(Claim),
    V2(v2::Claim),
}

fn find(parts: &Parts, service: &Service) -> Result<Found, AwsError> {
    let raw = parts.uri.query().unwrap_or_default();
    let v4_query =
        ["X-Amz-Signature", "X-Amz-Credential", "X-Amz-Algorithm"].iter().any(|name| query::value(raw, name).is_some());
    let v2_query =
        *service == Service::S3 && ["Signature", "AWSAccessKeyId"].iter().any(|name| query::value(raw, name).is_some());
    let Some(header) = parts.headers.get(AUTHORIZATION) else {
        return match (v4_query, v2_query) {
            (true, _) => Claim::from_query(raw, service).map(Found::V4),
            (false, true) => v2::Claim::from_query(raw).map(Found::V2),
            (false, false) => Ok(Found::None),
        };
    };
    let shown = String::from_utf8_lossy(header.as_bytes());
    if v4_query || v2_query {
        return Err(AwsError::new(
            400,
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string \
             parameter or the Authorization header should be specified",
        )
        .with("ArgumentName", "Authorization")
        .with("ArgumentValue", shown));
    }
    let (scheme, rest) = shown.trim().split_once(char::is_whitespace).unwrap_or((shown.trim(), ""));
    match scheme {
        ALGORITHM => Claim::from_header(parts, rest, service).map(Found::V4),
        "AWS4-ECDSA-P256-SHA256" => Err(AwsError::not_implemented("signature version 4A (AWS4-ECDSA-P256-SHA256)")),
        "AWS" if *service == Service::S3 => v2::Claim::from_header(parts, rest).map(Found::V2),
        _ if *service == Service::S3 => Err(AwsError::new(400, "InvalidArgument", "Unsupported Authorization Type")
            .with("ArgumentName", "Authorization")
            .with("ArgumentValue", shown)),
        _ => Err(fault::missing_token(service)),
    }
}

/// The identity of a key; none for an unknown key that may act as its account's root.
fn known<'a>(
    access_key: &str,
    parts: &Parts,
    service: &Service,
    context: &'a AuthContext,
) -> Result<Option<&'a Identity>, AwsError> {
    context.identity(access_key, parts.extensions.get::<MustVerify>().is_some(), service)
}

fn s3_caller(parts: &Parts, context: &AuthContext) -> Result<(Caller, Option<Seed>), AwsError> {
    let service = Service::S3;
    // A preflight is never held against a signature: the one in its query is that of the request to come.
    if parts.method == Method::OPTIONS {
        return Ok((Caller::anonymous(service), None));
    }
    match find(parts, &service)? {
        Found::None => Ok((Caller::anonymous(service), None)),
        Found::V2(claim) => {
            check_v2_life(claim.life, context)?;
            let region = super::identity::DEFAULT_REGION;
            let caller = match known(&claim.access_key, parts, &service, context)? {
                Some(identity) => {
                    claim.verify(parts, identity)?;
                    Caller::identity(identity, service, region, claim.place)
                }
                None => Caller::root(&claim.access_key, service, region, claim.place),
            };
            Ok((caller, None))
        }
        Found::V4(claim) => {
            if claim.place == Signed::Query {
                check_expiry(&claim, &service, context)?;
                check_coverage(parts, &claim)?;
            } else if !parts.headers.contains_key(payload::CONTENT_SHA256) {
                return Err(AwsError::new(
                    400,
                    "InvalidRequest",
                    "Missing required header for this request: x-amz-content-sha256",
                ));
            }
            let Some(identity) = known(&claim.access_key, parts, &service, context)? else {
                return Ok((Caller::root(&claim.access_key, service, claim.region, claim.place), None));
            };
            if claim.place == Signed::Header {
                near(claim.time, &claim.stamp, &service, context.clock.now())?;
                check_coverage(parts, &claim)?;
            }
            let payloads = signed_payloads(parts, &claim);
            let payloads: Vec<&str> = payloads.iter().map(String::as_str).collect();
            let seed = v4::verify(parts, &claim, &service, identity, &payloads)?;
            Ok((Caller::identity(identity, service, claim.region, claim.place), Some(seed)))
        }
    }
}

/// The payload hashes that the client may have signed: its header says, and a presigned URL may leave it open.
fn signed_payloads(parts: &Parts, claim: &Claim) -> Vec<String> {
    let header = text(&parts.headers, payload::CONTENT_SHA256).map(str::to_owned);
    if claim.place == Signed::Header || claim.covers(payload::CONTENT_SHA256) {
        return header.into_iter().collect();
    }
    match query::value(parts.uri.query().unwrap_or_default(), "X-Amz-Content-Sha256") {
        Some(given) => vec![given],
        None => std::iter::once(payload::UNSIGNED.to_owned()).chain(header).collect(),
    }
}

/// What the request says of its payload, in a header or in a presigned URL.
fn declared_payload(parts: &Parts) -> Option<String> {
    let header = text(&parts.headers, payload::CONTENT_SHA256).map(str::to_owned);
    header.or_else(|| query::value(parts.uri.query()?, "X-Amz-Content-Sha256"))
}

/// DynamoDB and STS sign the hash of a body that they do not declare: it is read whole before it is judged.
async fn admit_small(
    parts: &Parts,
    body: Body,
    service: Service,
    context: &AuthContext,
) -> Result<(Caller, Body), AwsError> {
    let found = find(parts, &service)?;
    let Found::V4(claim) = found else {
        return Err(fault::missing_token(&service));
    };
    let identity = known(&claim.access_key, parts, &service, context)?;
    if claim.place == Signed::Query {
        check_expiry(&claim, &service, context)?;
    }
    let body = read_small(body, payload::content_length(&parts.headers)).await?;
    let caller = match identity {
        Some(identity) => {
            if claim.place == Signed::Header {
                near(claim.time, &claim.stamp, &service, context.clock.now())?;
            }
            let hash = hex(&Sha256::digest(&body));
            v4::verify(parts, &claim, &service, identity, &[&hash])?;
            Caller::identity(identity, service, claim.region, claim.place)
        }
        None => Caller::root(&claim.access_key, service, claim.region, claim.place),
    };
    Ok((caller, body::full(body)))
}

async fn read_small(body: Body, declared: Option<u64>) -> Result<bytes::Bytes, AwsError> {
    let checked = Checked::new(body, Check::Plain(None), declared, declared, Trailers::default());
    body::read(body::from(checked), MAX_BODY).await.map_err(|error| {
        super::aws_error(error.as_ref()).cloned().unwrap_or_else(|| {
            AwsError::new(413, "RequestEntityTooLarge", format!("Request size exceeded {MAX_BODY} bytes"))
        })
    })
}

/// Holds a time of signing to within fifteen minutes of `now`.
fn near(signed: SystemTime, stamp: &str, service: &Service, now: SystemTime) -> Result<(), AwsError> {
    let apart = now.duration_since(signed).unwrap_or_else(|error| error.duration());
    if apart > Duration::from_millis(fault::MAX_SKEW_MILLIS) {
        return Err(fault::skewed(service, stamp, signed, now));
    }
    Ok(())
}

/// Holds a presigned URL to its time: not over, and not more than the usual skew ahead.
fn check_expiry(claim: &Claim, service: &Service, context: &AuthContext) -> Result<(), AwsError> {
    let now = context.clock.now();
    let life = claim.expires.unwrap_or_default();
    let end = claim.time + Duration::from_secs(life);
    if claim.time > now + Duration::from_millis(fault::MAX_SKEW_MILLIS) {
        return Err(match service {
            Service::S3 => fault::denied("Request is not yet valid"),
            _ => fault::skewed(service, &claim.stamp, claim.time, now),
        });
    }
    if end < now {
        return Err(match service {
            Service::S3 => fault::denied("Request has expired")
                .with("X-Amz-Expires", life.to_string())
                .with("Expires", time::iso(end))
                .with("ServerTime", time::iso(now)),
            _ => fault::skewed(service, &claim.stamp, claim.time, now),
        });
    }
    Ok(())
}

fn check_v2_life(life: v2::Life, context: &AuthContext) -> Result<(), AwsError> {
    let now = context.clock.now();
    match life {
        v2::Life::Near(time) => near(time, &time::basic(time), &Service::S3, now),
        // A time that cannot be held is past every clock.
        v2::Life::Until(seconds) => match time::from_seconds(seconds) {
            Some(end) if end < now => Err(fault::denied("Request has expired")
                .with("Expires", time::iso(end))
                .with("ServerTime", time::iso(now))),
            _ => Ok(()),
        },
    }
}

/// S3 wants `host` and every `x-amz-*` header signed, but for the payload's hash.
fn check_coverage(parts: &Parts, claim: &Claim) -> Result<(), AwsError> {
    let mut open: Vec<&str> = parts
        .headers
        .keys()
        .map(http::HeaderName::as_str)
        .filter(|name| name.starts_with("x-amz-") && *name != payload::CONTENT_SHA256 && !claim.covers(name))
        .collect();
    if !claim.covers("host") {
        open.push("host");
    }
    open.sort_unstable();
    if open.is_empty() { Ok(()) } else { Err(fault::not_signed(&open)) }
}

/// Puts the checks round an S3 body and makes the headers say what it is without its framing.
fn watch(parts: &mut Parts, body: Body, declared: Payload, seed: Option<Seed>) -> Result<Body, AwsError> {
    let headers = &mut parts.headers;
    let wire = payload::content_length(headers);
    let announced = payload::announced_trailers(headers)?;
    payload::strip_aws_chunked(headers);
    let takes_trailers = matches!(&declared, Payload::Chunked(framing) if framing.trailers);
    if !announced.is_empty() && !takes_trailers {
        return Err(malformed_trailer());
    }
    let trailers = Trailers::new(announced.clone());
    parts.extensions.insert(trailers.clone());
    let (check, length) = match declared {
        Payload::Unsigned => (Check::Plain(None), wire),
        Payload::Sha256(hash) => (Check::Plain(Some((Sha256::new(), hash))), wire),
        Payload::Chunked(framing) => {
            let length = payload::decoded_length(headers)?;
            set_length(headers, length);
            (Check::Chunked(Box::new(Decoder::new(framing, seed, length, announced))), Some(length))
        }
    };
    Ok(body::from(Checked::new(body, check, wire, length, trailers)))
}

/// The length of the payload, now that its framing is gone.
fn set_length(headers: &mut HeaderMap, length: u64) {
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.remove(TRANSFER_ENCODING);
}
