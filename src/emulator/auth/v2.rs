//! Signature version 2 for S3, which boto3 still presigns with by default: `AWSAccessKeyId`, `Signature`, `Expires`.
//!
//! Source: AWS's "Signing and authenticating REST requests (AWS signature version 2)".

use std::collections::BTreeMap;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;

use super::hash::{hmac_sha1, same};
use super::host::virtual_bucket;
use super::identity::{Identity, Signed};
use super::service::{Service, text};
use super::{fault, query, time, v4};
use crate::emulator::error::AwsError;

/// Query parameters that are part of the signed resource.
const SIGNED_PARAMETERS: &[&str] = &[
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "defaultObjectAcl",
    "delete",
    "inventory",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "select",
    "select-type",
    "storageClass",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

/// A version 2 signature, read, not verified.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) access_key: String,
    signature: String,
    /// What stands in the string to sign for the date: the expiry of a presigned URL, else the `Date` header.
    date: String,
    pub(super) place: Signed,
    pub(super) life: Life,
}

/// How long a version 2 signature holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Life {
    /// A presigned URL, until this many seconds since the epoch.
    Until(u64),
    /// A request in itself, close to the time it names.
    Near(SystemTime),
}

impl Claim {
    /// Reads what follows `AWS ` in an `Authorization` header: `KEY:SIGNATURE`.
    pub(super) fn from_header(parts: &Parts, credential: &str) -> Result<Self, AwsError> {
        let Some((access_key, signature)) = credential.trim().split_once(':') else {
            return Err(AwsError::new(
                400,
                "InvalidArgument",
                "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature",
            )
            .with("ArgumentName", "Authorization")
            .with("ArgumentValue", format!("AWS {credential}")));
        };
        let named = text(&parts.headers, "x-amz-date").or_else(|| text(&parts.headers, "date"));
        let time = named.and_then(|date| time::parse_http(date).or_else(|| time::parse_basic(date)));
        let time =
            time.ok_or_else(|| fault::denied("AWS authentication requires a valid Date or x-amz-date header"))?;
        // With x-amz-date, which is signed among the headers, the date's own line is empty.
        let date = if parts.headers.contains_key("x-amz-date") {
            String::new()
        } else {
            text(&parts.headers, "date").unwrap_or_default().to_owned()
        };
        Ok(Self {
            access_key: access_key.to_owned(),
            signature: signature.to_owned(),
            date,
            place: Signed::Header,
            life: Life::Near(time),
        })
    }

    /// Reads the three parameters of a presigned URL.
    pub(super) fn from_query(raw: &str) -> Result<Self, AwsError> {
        let given = |name: &str| query::value(raw, name);
        let (Some(access_key), Some(signature), Some(date)) =
            (given("AWSAccessKeyId"), given("Signature"), given("Expires"))
        else {
            return Err(fault::denied(
                "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
            ));
        };
        let Ok(expires) = date.parse() else {
            return Err(fault::denied(format!("Invalid date (should be seconds since epoch): {date}")));
        };
        Ok(Self { access_key, signature, date, place: Signed::Query, life: Life::Until(expires) })
    }

    /// Verifies the signature under an identity's secret.
    pub(super) fn verify(&self, parts: &Parts, identity: &Identity) -> Result<(), AwsError> {
        let head = self.head(parts);
        let ends: &[&str] = if is_bucket_alone(parts) { &["", "/"] } else { &[""] };
        let ways = ends.iter().flat_map(|end| EMPTIES.iter().map(move |empty| (end, *empty)));
        let mut resources = ways.map(|(end, empty)| [head.as_slice(), &resource(parts, end, empty)].concat());
        if resources.any(|text| same(&sign(identity, &text), &self.signature)) {
            return Ok(());
        }
        let to_sign = [head.as_slice(), &resource(parts, "", Empty::AsSent)].concat();
        Err(fault::mismatch(&Service::S3, &self.access_key, &self.signature, &to_sign, None))
    }

    /// The string to sign up to the resource.
    fn head(&self, parts: &Parts) -> Vec<u8> {
        let mut to_sign = format!("{}\n", parts.method).into_bytes();
        let given = self.headers(parts);
        for name in ["content-md5", "content-type"] {
            to_sign.extend(given.get(name).into_iter().flatten());
            to_sign.push(b'\n');
        }
        to_sign.extend_from_slice(self.date.as_bytes());
        to_sign.push(b'\n');
        for (name, value) in given.iter().filter(|(name, _)| name.starts_with("x-amz-")) {
            to_sign.extend_from_slice(name.as_bytes());
            to_sign.push(b':');
            to_sign.extend_from_slice(value);
            to_sign.push(b'\n');
        }
        to_sign
    }

    /// The headers that are signed, in order. A presigned URL may carry them as parameters (botocore, Java), which stand
    /// where there is no header of that name.
    fn headers(&self, parts: &Parts) -> BTreeMap<String, Vec<u8>> {
        let is_signed = |name: &str| name.starts_with("x-amz-") || matches!(name, "content-md5" | "content-type");
        let mut found = BTreeMap::new();
        if self.place == Signed::Query {
            for (name, value) in query::pairs(parts.uri.query().unwrap_or_default()) {
                // In any case: whoever reads them as headers tells no case either.
                let name = String::from_utf8(name).ok().map(|name| name.to_ascii_lowercase());
                if let Some(name) = name.filter(|name| is_signed(name)) {
                    found.entry(name).or_insert(value);
                }
            }
        }
        for name in parts.headers.keys().map(http::HeaderName::as_str).filter(|name| is_signed(name)) {
            // Without a rule of AWS for it, a type or a digest is taken as it stands.
            let form =
                |value: &[u8]| if name.starts_with("x-amz-") { value.trim_ascii().to_vec() } else { value.to_vec() };
            found.insert(name.to_owned(), v4::joined(parts, name, form));
        }
        found
    }
}

pub(super) fn sign(identity: &Identity, to_sign: &[u8]) -> String {
    STANDARD.encode(hmac_sha1(identity.secret().as_bytes(), to_sign))
}

/// Whether a request is addressed to `/BUCKET`, path style.
fn is_bucket_alone(parts: &Parts) -> bool {
    let bucket = parts.uri.path().strip_prefix('/').filter(|bucket| !bucket.is_empty() && !bucket.contains('/'));
    bucket.is_some() && virtual_bucket(&String::from_utf8_lossy(v4::host(parts))).is_none()
}

/// Whether this version signs a parameter of this name. Whoever holds a presigned URL could add any other.
#[must_use]
pub fn signs_parameter(name: &str) -> bool {
    SIGNED_PARAMETERS.contains(&name)
}

/// How a sub-resource without a value is signed: AWS appends "its value if it has one", and clients differ over `=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Empty {
    AsSent,
    Bare,
    Equals,
}

const EMPTIES: [Empty; 3] = [Empty::AsSent, Empty::Bare, Empty::Equals];

/// The bucket, the path as received with `end`, and the parameters that name a sub-resource or change the answer.
fn resource(parts: &Parts, end: &str, empty: Empty) -> Vec<u8> {
    let mut resource = Vec::new();
    let host = String::from_utf8_lossy(v4::host(parts));
    if let Some(bucket) = virtual_bucket(&host) {
        resource.push(b'/');
        resource.extend_from_slice(bucket.as_bytes());
    }
    resource.extend_from_slice(parts.uri.path().as_bytes());
    resource.extend_from_slice(end.as_bytes());
    let raw = parts.uri.query().unwrap_or_default();
    let mut signed: Vec<(String, bool, Vec<u8>)> = raw
        .split('&')
        .filter_map(|pair| {
            // Decoded, as whoever answers reads it.
            let (name, value) = query::pairs(pair).next()?;
            let name = String::from_utf8(name).ok()?;
            let equals = match empty {
                _ if !value.is_empty() => true,
                Empty::AsSent => pair.contains('='),
                Empty::Bare => false,
                Empty::Equals => true,
            };
            SIGNED_PARAMETERS.contains(&name.as_str()).then_some((name, equals, value))
        })
        .collect();
    signed.sort();
    for (index, (name, equals, value)) in signed.into_iter().enumerate() {
        resource.push(if index == 0 { b'?' } else { b'&' });
        resource.extend_from_slice(name.as_bytes());
        if equals {
            resource.push(b'=');
            resource.extend(value);
        }
    }
    resource
}
