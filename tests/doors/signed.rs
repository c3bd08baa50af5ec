//! Requests as pages send them: signed in the header, in the query or in a form, by a key of one's choice.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Request;

/// The key of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A configured identity's.
    Own,
    /// The built-in pair.
    Public,
    /// One that nobody configured.
    Unknown,
    /// None.
    None,
}

/// Where the signature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Header,
    Query,
}

/// The configured identity of these tests.
pub const OWN: (&str, &str) = ("OWNKEY", "a secret that no page knows");

pub const ALL: [Key; 4] = [Key::Own, Key::Public, Key::Unknown, Key::None];

impl Key {
    pub fn pair(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Own => Some(OWN),
            Self::Public => Some(("test", "test")),
            Self::Unknown => Some(("MADEUP", "anything")),
            Self::None => None,
        }
    }
}

/// Access key, secret, and the token of temporary credentials.
pub type Pair<'a> = (&'a str, &'a str, Option<&'a str>);

/// A request of `service` to `url`, signed; `extra` are headers that are signed too.
pub fn request(
    service: &str,
    key: Key,
    place: Place,
    method: &str,
    url: &str,
    extra: &[(&str, &str)],
    body: &str,
) -> Request<String> {
    let pair = key.pair().map(|(id, secret)| (id, secret, None));
    request_as(service, pair, place, method, url, extra, body)
}

/// The same with a pair of one's own.
pub fn request_as(
    service: &str,
    pair: Option<Pair<'_>>,
    place: Place,
    method: &str,
    url: &str,
    extra: &[(&str, &str)],
    body: &str,
) -> Request<String> {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in extra {
        request = request.header(*name, *value);
    }
    let mut request = request.body(body.to_owned()).unwrap();
    let Some((id, secret, token)) = pair else { return request };
    let s3 = service == "s3";
    let mut settings = SigningSettings::default();
    if s3 {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    let signable = match place {
        Place::Query => {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(Duration::from_mins(5));
            SignableBody::UnsignedPayload
        }
        Place::Header => {
            settings.payload_checksum_kind =
                if s3 { PayloadChecksumKind::XAmzSha256 } else { PayloadChecksumKind::NoHeader };
            SignableBody::Bytes(body.as_bytes())
        }
    };
    let identity = Credentials::new(id, secret, token.map(str::to_owned), None, "test").into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name(service)
        .time(SystemTime::now())
        .settings(settings)
        .build()
        .unwrap();
    let signable = SignableRequest::new(method, url, extra.iter().copied(), signable).unwrap();
    let (instructions, _) = sign(signable, &params.into()).unwrap().into_parts();
    instructions.apply_to_request_http1x(&mut request);
    request
}

/// A form to the bucket at `url` that keeps `body` under `name`.
pub fn form(key: Key, url: &str, bucket: &str, name: &str, kind: &str, body: &str) -> Request<String> {
    let mut fields = vec![("key".to_owned(), name.to_owned()), ("Content-Type".to_owned(), kind.to_owned())];
    if let Some((id, secret)) = key.pair() {
        let now = SystemTime::now();
        let stamp = aws_smithy_types::DateTime::from(now);
        let stamp = stamp.fmt(aws_smithy_types::date_time::Format::DateTime).unwrap();
        let (date, time) = stamp.split_once('T').unwrap();
        let (day, time) = (date.replace('-', ""), time.get(..8).unwrap().replace(':', ""));
        let (credential, stamp) = (format!("{id}/{day}/us-east-1/s3/aws4_request"), format!("{day}T{time}Z"));
        let mut conditions: Vec<serde_json::Value> =
            fields.iter().map(|(name, value)| serde_json::json!({ name.clone(): value })).collect();
        let signed =
            [("x-amz-algorithm", "AWS4-HMAC-SHA256"), ("x-amz-credential", &credential), ("x-amz-date", &stamp)];
        for (name, value) in signed {
            fields.push((name.to_owned(), value.to_owned()));
            conditions.push(serde_json::json!({ name: value }));
        }
        conditions.push(serde_json::json!({ "bucket": bucket }));
        let policy = serde_json::json!({ "expiration": "2099-01-01T00:00:00Z", "conditions": conditions });
        let policy = STANDARD.encode(policy.to_string());
        let signing = v4::generate_signing_key(secret, now, "us-east-1", "s3");
        fields.push(("x-amz-signature".to_owned(), v4::calculate_signature(signing, policy.as_bytes())));
        fields.push(("policy".to_owned(), policy));
    }
    let part = |(name, value): (String, String)| {
        format!("--bound\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let fields: String = fields.into_iter().map(part).collect();
    let file = "Content-Disposition: form-data; name=\"file\"; filename=\"f\"";
    Request::post(url)
        .header("content-type", "multipart/form-data; boundary=bound")
        .body(format!("{fields}--bound\r\n{file}\r\n\r\n{body}\r\n--bound--\r\n"))
        .unwrap()
}
