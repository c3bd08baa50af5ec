//! The door: from a request as received to a caller and a body that can be trusted.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderValue, TRANSFER_ENCODING};
use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Request};
use sha2::{Digest, Sha256};

use super::body::{Check, Checked, Trailers};
use super::chunked::{Decoder, malformed_trailer};
use super::claim::{ALGORITHM, Claim};
use super::form::{self, FormDoor};
use super::hash::{hex, hmac_sha256};
use super::identity::{Caller, Identities, Identity, Signed};
use super::payload::{self, Payload};
use super::seal::{self, Seal};
use super::service::{Service, text};
use super::v4::Seed;
use super::{fault, query, time, v2, v4};
use crate::clock::Clock;
use crate::emulator::absent;
use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;
use crate::emulator::pages::Who;

/// The largest request body of a service other than S3: DynamoDB's own limit.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// The header, or version 2's parameter, that carries a session token.
const SECURITY_TOKEN: &str = "x-amz-security-token";

/// What is needed to judge a request. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AuthContext {
    /// The time that dates and expiries are held against.
    pub clock: Arc<dyn Clock>,
    /// The known keys.
    pub identities: Identities,
    /// Refuse unknown keys instead of taking them as their account's root.
    pub strict: bool,
    /// What sessions are sealed with.
    pub sessions: Seal,
}

impl AuthContext {
    /// The identity of a key, and of the session token beside it; none for an unknown key that may act as its account's
    /// root.
    pub(super) fn identity(
        &self,
        access_key: &str,
        token: Option<&str>,
        asker: Asker,
        service: &Service,
    ) -> Result<Option<Cow<'_, Identity>>, AwsError> {
        if let Some(token) = token.filter(|token| seal::is_ours(token)) {
            return self.session(access_key, token, asker, service).map(Cow::Owned).map(Some);
        }
        match (self.identities.get(access_key), token) {
            // AWS looks for the session of every token. What everybody knows has none on AWS, and whoever calls with it
            // may have a token left from elsewhere.
            (Some(own), Some(token)) if !own.is_built_in() => Err(fault::invalid_token(service, access_key, token)),
            // A strict endpoint has no built-in pair, also where the data's owner has.
            (Some(known), _) if known.is_built_in() && asker.must_verify => {
                Err(fault::unknown_key(service, access_key))
            }
            (Some(known), _) => Ok(Some(Cow::Borrowed(known))),
            (None, _) if self.strict || asker.must_verify => Err(fault::unknown_key(service, access_key)),
            // Temporary credentials without their token are nobody's.
            // With a token of AWS's own it is no key of ours, though it may look like one.
            (None, None) if self.sessions.account_of(access_key).is_some() => {
                Err(fault::unknown_key(service, access_key))
            }
            (None, _) => Ok(None),
        }
    }

    /// The pair of a session. It is as good as the key that it was obtained with still is.
    fn session(&self, access_key: &str, token: &str, asker: Asker, service: &Service) -> Result<Identity, AwsError> {
        let invalid = || fault::invalid_token(service, access_key, token);
        let (session, secret) = self.sessions.open(access_key, token).ok_or_else(invalid)?;
        if session.is_over(self.clock.now()) {
            return Err(fault::expired_token(service, token));
        }
        let holds = if session.public {
            !self.strict && !asker.must_verify
        } else {
            let parent = session.parent.as_deref().and_then(|parent| self.identities.get(parent));
            parent.is_some_and(|parent| !parent.is_public() && session.proof.as_deref() == Some(&proof(parent)))
        };
        if holds { Ok(Identity::of_session(access_key, secret, session)) } else { Err(invalid()) }
    }

    /// What a session carries of the configured key that it is obtained with, by itself or by a session: another secret or
    /// another account of that key ends it.
    #[must_use]
    pub fn proof(&self, caller: &Caller) -> Option<String> {
        match &caller.session {
            Some(session) => session.proof.clone(),
            None => self.identities.get(caller.access_key.as_deref()?).map(proof),
        }
    }

    /// Whether a signature that this identity's secret does not give counts as that of an unknown key: that of the
    /// built-in pair, whose secret many have otherwise, from a person who holds it. Whoever holds a presigned URL or a
    /// form does not, and may do with it what was signed and nothing else.
    fn forgives(&self, identity: &Identity, place: Signed, asker: Asker) -> bool {
        identity.is_built_in() && place == Signed::Header && !self.strict && !asker.must_verify && asker.is_person
    }
}

fn proof(identity: &Identity) -> String {
    hex(&hmac_sha256(identity.secret().as_bytes(), format!("session of {}", identity.account()).as_bytes()))
}

/// What is known of whoever asks, apart from the key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker {
    must_verify: bool,
    is_person: bool,
}

impl Asker {
    pub(super) fn of(extensions: &Extensions) -> Self {
        Self {
            must_verify: extensions.get::<MustVerify>().is_some(),
            is_person: Who::marked(extensions) == Who::Person,
        }
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
        return Err(absent::not_here(name));
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

/// The identity of a key and the session token that the request carries with it.
fn known<'a>(
    access_key: &str,
    place: Signed,
    parts: &Parts,
    service: &Service,
    context: &'a AuthContext,
) -> Result<Option<Cow<'a, Identity>>, AwsError> {
    let raw = parts.uri.query().unwrap_or_default();
    let given = match place {
        Signed::Query => ["X-Amz-Security-Token", SECURITY_TOKEN].iter().find_map(|name| query::value(raw, name)),
        _ => None,
    };
    let token = given.or_else(|| text(&parts.headers, SECURITY_TOKEN).map(str::to_owned));
    let token = token.as_deref().map(str::trim).filter(|token| !token.is_empty());
    context.identity(access_key, token, Asker::of(&parts.extensions), service)
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
            let root = || Caller::root(&claim.access_key, Service::S3, region, claim.place);
            let Some(identity) = known(&claim.access_key, claim.place, parts, &service, context)? else {
                return Ok((root(), None));
            };
            match claim.verify(parts, &identity) {
                Ok(()) => Ok((Caller::identity(&identity, service, region, claim.place), None)),
                Err(_) if context.forgives(&identity, claim.place, Asker::of(&parts.extensions)) => Ok((root(), None)),
                Err(refused) => Err(refused),
            }
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
            let root =
                |claim: &Claim| (Caller::root(&claim.access_key, Service::S3, &*claim.region, claim.place), None);
            let Some(identity) = known(&claim.access_key, claim.place, parts, &service, context)? else {
                return Ok(root(&claim));
            };
            let payloads = signed_payloads(parts, &claim);
            let payloads: Vec<&str> = payloads.iter().map(String::as_str).collect();
            let verified = v4::verify(parts, &claim, &service, &identity, &payloads);
            if verified.is_err() && context.forgives(&identity, claim.place, Asker::of(&parts.extensions)) {
                return Ok(root(&claim));
            }
            if claim.place == Signed::Header {
                near(claim.time, &claim.stamp, &service, context.clock.now())?;
                check_coverage(parts, &claim)?;
            }
            Ok((Caller::identity(&identity, service, claim.region, claim.place), Some(verified?)))
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
    let claim = match find(parts, &service)? {
        Found::V4(claim) => claim,
        // Some operations of STS are not signed: those who have nothing yet ask for credentials.
        Found::None if service == Service::Sts && !context.strict && parts.extensions.get::<MustVerify>().is_none() => {
            return Ok((Caller::anonymous(service), body));
        }
        _ => return Err(fault::missing_token(&service)),
    };
    let identity = known(&claim.access_key, claim.place, parts, &service, context)?;
    if claim.place == Signed::Query {
        check_expiry(&claim, &service, context)?;
    }
    let body = read_small(body, payload::content_length(&parts.headers)).await?;
    let hash = hex(&Sha256::digest(&body));
    let verified = identity.map(|identity| (v4::verify(parts, &claim, &service, &identity, &[&hash]), identity));
    let caller = match verified {
        Some((verified, identity))
            if verified.is_ok() || !context.forgives(&identity, claim.place, Asker::of(&parts.extensions)) =>
        {
            if claim.place == Signed::Header {
                near(claim.time, &claim.stamp, &service, context.clock.now())?;
            }
            verified?;
            Caller::identity(&identity, service, claim.region, claim.place)
        }
        _ => Caller::root(&claim.access_key, service, claim.region, claim.place),
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
