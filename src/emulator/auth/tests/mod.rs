//! Requests signed by AWS's own signer, and by AWS's published examples, at the door.

mod chunked;
mod known;
mod presigned;
mod sessions;
mod signed;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use http::Request;

use super::{AuthContext, Caller, Identities, Identity, Seal, Service, admit, aws_error};
use crate::clock::ManualClock;
use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;

/// 2026-11-22T17:58:19Z.
const NOW: u64 = 1_795_370_299;

const KEY: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// A clock that stands at [`NOW`], and a context that knows `test` and an IAM user `main` of another account.
fn context() -> (ManualClock, AuthContext) {
    let clock = ManualClock::at_millis(NOW * 1000);
    let identities = Identities::new([main()]).unwrap();
    (clock.clone(), AuthContext { clock: Arc::new(clock), identities, strict: false, sessions: Seal::in_memory() })
}

fn main() -> Identity {
    Identity::new(KEY, SECRET).unwrap().with_account("111122223333").unwrap().with_user("main").unwrap()
}

/// How the SDK signs for a service.
#[derive(Clone, Copy)]
enum Form {
    /// In the header, with the body's hash.
    Header,
    /// In the query, for so many seconds.
    Query(u64),
}

/// Signs as the AWS SDK does: `extra` are headers that are signed too.
fn signed(
    service: &str,
    pair: (&str, &str),
    form: Form,
    method: &str,
    uri: &str,
    extra: &[(&str, &str)],
    payload: &str,
) -> Request<Body> {
    signed_with(service, pair, None, form, method, uri, extra, payload)
}

/// The same with temporary credentials, whose token goes along.
#[allow(clippy::too_many_arguments, reason = "what a signature is over")]
fn signed_with(
    service: &str,
    (key, secret): (&str, &str),
    token: Option<&str>,
    form: Form,
    method: &str,
    uri: &str,
    extra: &[(&str, &str)],
    payload: &str,
) -> Request<Body> {
    let s3 = service == "s3";
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = if s3 { PercentEncodingMode::Single } else { PercentEncodingMode::Double };
    settings.uri_path_normalization_mode =
        if s3 { UriPathNormalizationMode::Disabled } else { UriPathNormalizationMode::Enabled };
    settings.payload_checksum_kind = if s3 { PayloadChecksumKind::XAmzSha256 } else { PayloadChecksumKind::NoHeader };
    if let Form::Query(seconds) = form {
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(seconds));
        settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    }
    let signable = match (form, extra.iter().find(|(name, _)| *name == "x-amz-content-sha256")) {
        (_, Some((_, declared))) => SignableBody::Precomputed((*declared).to_owned()),
        (Form::Query(_), None) if s3 => SignableBody::UnsignedPayload,
        _ => SignableBody::Bytes(payload.as_bytes()),
    };
    let identity = Credentials::new(key, secret, token.map(str::to_owned), None, "test").into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("eu-west-1")
        .name(service)
        .time(now())
        .settings(settings)
        .build()
        .unwrap();
    let extra = extra.iter().filter(|(name, _)| *name != "x-amz-content-sha256");
    let mut request = Request::builder().method(method).uri(uri).header("host", "localhost:4566");
    for (name, value) in extra.clone() {
        request = request.header(*name, *value);
    }
    let mut request = request.body(body::full(payload.to_owned())).unwrap();
    let headers = std::iter::once(("host", "localhost:4566")).chain(extra.copied());
    let request_to_sign =
        SignableRequest::new(method, format!("http://localhost:4566{uri}"), headers, signable).unwrap();
    let (instructions, _) = sign(request_to_sign, &params.into()).unwrap().into_parts();
    instructions.apply_to_request_http1x(&mut request);
    request
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

async fn enter(request: Request<Body>, context: &AuthContext) -> Result<(Caller, Request<Body>), AwsError> {
    let (parts, body) = request.into_parts();
    let service = Service::of(&parts);
    admit(Request::from_parts(parts, body), service, context).await
}

/// The caller, and the body or the AWS error that it ended with.
async fn enter_whole(request: Request<Body>, context: &AuthContext) -> Result<(Caller, Vec<u8>), AwsError> {
    let (caller, request) = enter(request, context).await?;
    match body::read(request.into_body(), usize::MAX).await {
        Ok(bytes) => Ok((caller, bytes.to_vec())),
        Err(error) => Err(aws_error(error.as_ref()).expect("bodies end with AWS errors").clone()),
    }
}

/// A member of an error, as text.
fn member<'a>(error: &'a AwsError, name: &str) -> Option<&'a str> {
    error.members.iter().find(|(key, _)| key == name)?.1.as_str()
}
