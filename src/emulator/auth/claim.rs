//! What a request claims in its version 4 signature, from the header or from the query of a presigned URL.

use std::time::SystemTime;

use http::request::Parts;

use super::fault::{self, Scope};
use super::identity::{Signed, is_access_key};
use super::service::{Service, text};
use super::{query, time};
use crate::emulator::error::AwsError;

/// The only algorithm of version 4 that clients use for one region.
pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A week in seconds: the longest life of a presigned URL.
const MAX_EXPIRES: u64 = 604_800;

/// A version 4 signature, read and well formed, not verified.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) access_key: String,
    /// The date of the scope, `YYYYMMDD`.
    pub(super) date: String,
    pub(super) region: String,
    /// Lower-case names in the order given.
    pub(super) signed_headers: Vec<String>,
    pub(super) signature: String,
    /// The time of signing, as in the string to sign.
    pub(super) stamp: String,
    pub(super) time: SystemTime,
    pub(super) place: Signed,
    /// The life of a presigned URL in seconds.
    pub(super) expires: Option<u64>,
}

impl Claim {
    /// Reads an `Authorization` header that begins with the algorithm; `components` is the rest of it.
    pub(super) fn from_header(parts: &Parts, components: &str, service: &Service) -> Result<Self, AwsError> {
        let place = Signed::Header;
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for component in components.split(',').map(str::trim).filter(|component| !component.is_empty()) {
            match component.split_once('=') {
                Some(("Credential", value)) => credential = Some(value.trim()),
                Some(("SignedHeaders", value)) => signed_headers = Some(value.trim()),
                Some(("Signature", value)) => signature = Some(value.trim()),
                Some(_) => {}
                None => {
                    let detail = format!("the authorization component \"{component}\" is malformed.");
                    return Err(fault::malformed(service, place, &detail));
                }
            }
        }
        let (Some(credential), Some(signed_headers), Some(signature)) = (credential, signed_headers, signature) else {
            return Err(incomplete_header(service, [credential, signature, signed_headers]));
        };
        let (stamp, time) = header_time(parts, service)?;
        let [access_key, date, region] = scope(service, place, credential, &stamp)?;
        Ok(Self {
            access_key,
            date,
            region,
            signed_headers: names(signed_headers),
            signature: signature.to_owned(),
            stamp,
            time,
            place,
            expires: None,
        })
    }

    /// Reads the parameters of a presigned URL.
    pub(super) fn from_query(raw: &str, service: &Service) -> Result<Self, AwsError> {
        let place = Signed::Query;
        let given = |name: &str| query::value(raw, name);
        let all = (
            given("X-Amz-Algorithm"),
            given("X-Amz-Credential"),
            given("X-Amz-Signature"),
            given("X-Amz-Date"),
            given("X-Amz-SignedHeaders"),
            // Only S3 wants a life; other services take fifteen minutes.
            given("X-Amz-Expires").or_else(|| (*service != Service::S3).then(|| "900".to_owned())),
        );
        let (Some(algorithm), Some(credential), Some(signature), Some(stamp), Some(signed), Some(expires)) = all else {
            return Err(fault::query(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
                 X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
            ));
        };
        if algorithm != ALGORITHM {
            return Err(fault::query("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\""));
        }
        let Some(time) = time::parse_basic(&stamp) else {
            return Err(fault::query("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""));
        };
        let [access_key, date, region] = scope(service, place, &credential, &stamp)?;
        Ok(Self {
            access_key,
            date,
            region,
            signed_headers: names(&signed),
            signature,
            time,
            stamp,
            place,
            expires: Some(parse_expires(&expires)?),
        })
    }

    /// `DATE/REGION/SERVICE/aws4_request`.
    pub(super) fn scope(&self, service: &Service) -> String {
        format!("{}/{}/{}/aws4_request", self.date, self.region, service.signing_name())
    }

    /// Whether the signature covers the header of this lower-case name.
    pub(super) fn covers(&self, header: &str) -> bool {
        self.signed_headers.iter().any(|name| name == header)
    }
}

fn parse_expires(text: &str) -> Result<u64, AwsError> {
    let Ok(seconds) = text.parse::<i64>() else {
        return Err(fault::query("X-Amz-Expires should be a number"));
    };
    let Ok(seconds) = u64::try_from(seconds) else {
        return Err(fault::query("X-Amz-Expires must be non-negative"));
    };
    if seconds > MAX_EXPIRES {
        return Err(fault::query(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than \
             604800 seconds",
        ));
    }
    Ok(seconds)
}

fn names(list: &str) -> Vec<String> {
    list.split(';').map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty()).collect()
}

/// The three components of an `Authorization` header, of which at least one is missing.
fn incomplete_header(service: &Service, given: [Option<&str>; 3]) -> AwsError {
    if *service == Service::S3 {
        let detail = "the authorization header requires three components: Credential, SignedHeaders, and Signature.";
        return fault::malformed(service, Signed::Header, detail);
    }
    let missing: Vec<String> = ["Credential", "Signature", "SignedHeaders"]
        .iter()
        .zip(given)
        .filter(|(_, given)| given.is_none())
        .map(|(name, _)| format!("Authorization header requires '{name}' parameter."))
        .collect();
    fault::malformed(service, Signed::Header, &format!("{} Authorization={ALGORITHM}", missing.join(" ")))
}

/// The time that a request with an `Authorization` header was signed at: `X-Amz-Date`, else `Date`.
fn header_time(parts: &Parts, service: &Service) -> Result<(String, SystemTime), AwsError> {
    let given = text(&parts.headers, "x-amz-date").or_else(|| text(&parts.headers, "date")).map(str::trim);
    if let Some(time) = given.and_then(|text| time::parse_basic(text).or_else(|| time::parse_http(text))) {
        return Ok((time::basic(time), time));
    }
    if *service == Service::S3 {
        return Err(fault::denied("AWS authentication requires a valid Date or x-amz-date header"));
    }
    let detail = match given {
        Some(text) => {
            format!("Date must be in ISO-8601 'basic format'. Got '{text}'. See http://en.wikipedia.org/wiki/ISO_8601")
        }
        None => format!(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
             Authorization={ALGORITHM}"
        ),
    };
    Err(fault::malformed(service, Signed::Header, &detail))
}

/// Access key, date and region of a credential; all of it is checked against the service and the time of signing.
pub(super) fn scope(service: &Service, place: Signed, credential: &str, stamp: &str) -> Result<[String; 3], AwsError> {
    let refuse = |wrong: Scope<'_>| Err(fault::scope(service, place, &wrong));
    let elements: Vec<&str> = credential.split('/').collect();
    let &[access_key, date, region, name, terminal] = elements.as_slice() else {
        return refuse(Scope::Shape(credential));
    };
    if !is_access_key(access_key) {
        return refuse(Scope::Shape(credential));
    }
    if date.len() != 8 || !date.bytes().all(|byte| byte.is_ascii_digit()) {
        return refuse(Scope::DateFormat(date));
    }
    if !stamp.starts_with(date) {
        return refuse(Scope::DateDiffers { date, stamp });
    }
    if region.is_empty() {
        return refuse(Scope::NoRegion);
    }
    // `aws-global` is a name of the SDKs' endpoint rules, not a region: S3 refuses it (recorded 2025).
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if region.len() > 64 || !region.bytes().all(fits) || region == "aws-global" {
        return refuse(Scope::Region(region));
    }
    if name != service.signing_name() {
        return refuse(Scope::Service(name));
    }
    if terminal != "aws4_request" {
        return refuse(Scope::Terminal(terminal));
    }
    Ok([access_key, date, region].map(str::to_owned))
}
