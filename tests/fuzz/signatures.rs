//! Signatures of both versions, in headers and in the query.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use footbridge::clock::ManualClock;
use footbridge::emulator::auth::{Identities, Identity};
use footbridge::emulator::body;
use footbridge::emulator::{Emulator, Location, Options};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderValue, Request};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::sample::select;
use sha1::Sha1;

use crate::change::{Change, changes, text};
use crate::target::{Target, Verdict, ensure};

/// 2026-11-29T12:00:00Z.
const NOW: u64 = 1_795_953_600;
const KEY: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Header,
    Query,
    Header2,
    Query2,
}

/// A request before its bytes are sent.
#[derive(Debug, Clone)]
struct Plain {
    method: &'static str,
    uri: String,
    headers: Vec<(String, String)>,
    body: &'static str,
}

impl Plain {
    fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn header(&mut self, name: &str) -> Option<&mut String> {
        self.headers.iter_mut().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Signs as the AWS SDK does.
    fn v4(mut self, service: &str, query: bool) -> Self {
        let s3 = service == "s3";
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = if s3 { PercentEncodingMode::Single } else { PercentEncodingMode::Double };
        settings.uri_path_normalization_mode =
            if s3 { UriPathNormalizationMode::Disabled } else { UriPathNormalizationMode::Enabled };
        settings.payload_checksum_kind =
            if s3 && !query { PayloadChecksumKind::XAmzSha256 } else { PayloadChecksumKind::NoHeader };
        if query {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(Duration::from_mins(1));
        }
        let body = if s3 && query { SignableBody::UnsignedPayload } else { SignableBody::Bytes(self.body.as_bytes()) };
        let identity = Credentials::new(KEY, SECRET, None, None, "test").into();
        let params =
            v4::SigningParams::builder().identity(&identity).region("eu-west-1").name(service).settings(settings);
        let params = params.time(UNIX_EPOCH + Duration::from_secs(NOW)).build().unwrap();
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let url = format!("http://localhost:4566{}", self.uri);
        let (signed, _) =
            sign(SignableRequest::new(self.method, &url, headers, body).unwrap(), &params.into()).unwrap().into_parts();
        let mut request = Request::builder().uri(&url).body(()).unwrap();
        signed.apply_to_request_http1x(&mut request);
        let added =
            request.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        self.headers.extend(added);
        self.uri = request.uri().path_and_query().unwrap().to_string();
        self
    }

    /// Signs as old clients do, computed here from AWS's description.
    fn v2(mut self, query: bool) -> Self {
        let resource = self.uri.split('?').next().unwrap_or_default().to_owned();
        let date = if query { (NOW + 60).to_string() } else { self.header("date").cloned().unwrap_or_default() };
        let to_sign = format!("{}\n\n\n{date}\n{resource}", self.method);
        let mac =
            Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(to_sign).finalize().into_bytes();
        let signature = STANDARD.encode(mac);
        if !query {
            return self.with("authorization", &format!("AWS {KEY}:{signature}"));
        }
        let joint = if self.uri.contains('?') { '&' } else { '?' };
        let signature = utf8_percent_encode(&signature, NON_ALPHANUMERIC);
        self.uri = format!("{}{joint}AWSAccessKeyId={KEY}&Signature={signature}&Expires={date}", self.uri);
        self
    }
}

fn request() -> impl Strategy<Value = (Plain, Form)> {
    let key = "[a-zA-Z0-9 é/+~.%!'()*-]{1,12}"
        .prop_map(|key| format!("/bucket/{}", utf8_percent_encode(&key, NON_ALPHANUMERIC)));
    let query = select(&["", "?list-type=2", "?prefix=a%2Fb%20c&acl", "?a=&b", "?x=%C3%A9+"][..]);
    let s3 = (key, query, select(&["GET", "HEAD", "DELETE", "PUT"][..]), select(&[Form::Header, Form::Query][..]));
    let s3 = s3.prop_map(|(path, query, method, form)| {
        let plain = Plain { method, uri: format!("{path}{query}"), headers: Vec::new(), body: "" };
        (plain.with("host", "localhost:4566").with("x-amz-meta-a", "  two   spaces "), "s3", form)
    });
    let dynamodb = Just(()).prop_map(|()| {
        let plain = Plain { method: "POST", uri: "/".to_owned(), headers: Vec::new(), body: "{}" };
        let plain = plain.with("host", "localhost:4566").with("content-type", "application/x-amz-json-1.0");
        (plain.with("x-amz-target", "DynamoDB_20120810.ListTables"), "dynamodb", Form::Header)
    });
    let old = select(&[Form::Header2, Form::Query2][..]).prop_map(|form| {
        let plain = Plain { method: "GET", uri: "/bucket/key".to_owned(), headers: Vec::new(), body: "" };
        let date = "Sun, 29 Nov 2026 12:00:00 GMT";
        (plain.with("host", "localhost:4566").with("date", date), "s3", form)
    });
    prop_oneof![4 => s3, 1 => dynamodb, 2 => old].prop_map(|(plain, service, form)| match form {
        Form::Header => (plain.v4(service, false), form),
        Form::Query => (plain.v4(service, true), form),
        Form::Header2 => (plain.v2(false), form),
        Form::Query2 => (plain.v2(true), form),
    })
}

/// Where a signed request is changed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Nowhere,
    /// A digit of the signature is another.
    Signature,
    Authorization,
    Date,
    Uri,
    Anything,
}

async fn answer(emulator: &Emulator, plain: &Plain) -> Option<(u16, String)> {
    let mut request = Request::builder().method(plain.method).uri(plain.uri.as_str());
    for (name, value) in &plain.headers {
        request = request.header(name.as_str(), HeaderValue::from_bytes(value.as_bytes()).ok()?);
    }
    // What is no request is nothing that a connection could hand over.
    let request = request.header("content-length", plain.body.len()).body(body::full(plain.body)).ok()?;
    let (parts, body) = emulator.handle(request).await.into_parts();
    let body = body::read(body, 1 << 20).await.unwrap();
    Some((parts.status.as_u16(), String::from_utf8_lossy(&body).into_owned()))
}

/// The same with one digit of its signature changed.
fn forged(mut plain: Plain, form: Form, at: usize) -> Plain {
    let other = |text: &str, from: usize, length: usize| {
        let at = from + at % length;
        let digit = if text.as_bytes()[at] == b'1' { '2' } else { '1' };
        format!("{}{digit}{}", &text[..at], &text[at + 1..])
    };
    match form {
        Form::Query => {
            let from = plain.uri.find("X-Amz-Signature=").unwrap() + "X-Amz-Signature=".len();
            plain.uri = other(&plain.uri, from, 64);
        }
        Form::Query2 => {
            let from = plain.uri.find("Signature=").unwrap() + "Signature=".len();
            plain.uri = other(&plain.uri, from, 1);
        }
        Form::Header | Form::Header2 => {
            let length = if form == Form::Header { 64 } else { 20 };
            let value = plain.header("authorization").unwrap();
            *value = other(value, value.len() - if form == Form::Header { 64 } else { 28 }, length);
        }
    }
    plain
}

#[test]
fn only_what_was_signed_comes_in() {
    let target = Target::new("signatures", 400);
    let emulator = target.set_up(async {
        let mut options = Options::at(Location::Memory);
        options.clock = Arc::new(ManualClock::at_millis(NOW * 1000));
        let main = Identity::new(KEY, SECRET).unwrap().with_account("111122223333").unwrap();
        options.identities = Identities::new([main]).unwrap();
        Emulator::open(options).await.unwrap()
    });
    let place =
        select(&[Place::Nowhere, Place::Signature, Place::Authorization, Place::Date, Place::Uri, Place::Anything][..]);
    let inputs = (request(), place, any::<u8>(), changes());
    target.holds(&inputs, async |((mut plain, form), place, at, changes): (_, _, _, Vec<Change>)| -> Verdict {
        match place {
            Place::Nowhere => {}
            Place::Signature => plain = forged(plain, form, at.into()),
            Place::Authorization | Place::Date => {
                let name = if place == Place::Date { "x-amz-date" } else { "authorization" };
                if let Some(value) = plain.header(name) {
                    *value = text(value, &changes);
                }
            }
            Place::Uri => plain.uri = text(&plain.uri, &changes),
            Place::Anything => {
                let at = usize::from(at) % plain.headers.len();
                plain.headers[at].1 = text(&plain.headers[at].1, &changes);
            }
        }
        let Some((status, said)) = answer(&emulator, &plain).await else { return Ok(()) };
        if status != 403 && status != 400 {
            target.accepted();
        }
        ensure(status < 500 || status == 501, || format!("answered {status} {said}"))?;
        let refused = status == 403 || status == 400;
        match place {
            Place::Nowhere => ensure(status != 403, || format!("what is signed well is refused: {said}")),
            Place::Signature => ensure(refused, || format!("a forged signature is answered {status} {said}")),
            _ => Ok(()),
        }
    });
    target.accepts_one_in(5);
    target.set_up(emulator.close());
}
