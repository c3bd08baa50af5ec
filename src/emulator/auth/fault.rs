//! The refusals of a signature, in the words of each service.

use std::time::SystemTime;

use super::identity::Signed;
use super::service::Service;
use super::time;
use crate::emulator::error::AwsError;

/// How far a request's date may be from our clock.
pub(super) const MAX_SKEW_MILLIS: u64 = 15 * 60 * 1000;

/// What is wrong with a credential `KEY/DATE/REGION/SERVICE/aws4_request`.
pub(super) enum Scope<'a> {
    Shape(&'a str),
    DateFormat(&'a str),
    DateDiffers { date: &'a str, stamp: &'a str },
    Service(&'a str),
    Terminal(&'a str),
    NoRegion,
    Region(&'a str),
}

/// A credential that does not fit.
pub(super) fn scope(service: &Service, place: Signed, fault: &Scope<'_>) -> AwsError {
    if *service == Service::S3 {
        let error = malformed(service, place, &s3_detail(fault));
        return match fault {
            Scope::NoRegion | Scope::Region(_) => error.with("Region", super::identity::DEFAULT_REGION),
            _ => error,
        };
    }
    let name = service.signing_name();
    match fault {
        Scope::Shape(credential) => malformed(
            service,
            place,
            &format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got \
                 '{credential}'"
            ),
        ),
        Scope::DateFormat(date) => {
            wrong(service, &format!("Date in Credential scope must be in the format 'YYYYMMDD', got '{date}'"))
        }
        Scope::DateDiffers { date, stamp } => wrong(
            service,
            &format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{date}' != \
                 '{}', from '{stamp}'.",
                &stamp[..8]
            ),
        ),
        Scope::Service(_) => wrong(service, &format!("Credential should be scoped to correct service: '{name}'. ")),
        Scope::Terminal(term) => wrong(
            service,
            &format!("Credential should be scoped with a valid terminator: 'aws4_request', not '{term}'. "),
        ),
        Scope::NoRegion => wrong(service, "Credential should be scoped to a valid region. "),
        Scope::Region(region) => {
            wrong(service, &format!("Credential should be scoped to a valid region, not '{region}'. "))
        }
    }
}

fn s3_detail(fault: &Scope<'_>) -> String {
    match fault {
        Scope::Shape(_) => "the Credential is mal-formed; expecting \
                            \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."
            .to_owned(),
        Scope::DateFormat(date) => {
            format!("incorrect date format \"{date}\". This date in the credential must be in the format \"yyyyMMdd\".")
        }
        Scope::DateDiffers { date, stamp } => {
            format!("Invalid credential date \"{date}\". This date is not the same as X-Amz-Date: \"{}\".", &stamp[..8])
        }
        Scope::Service(name) => format!("incorrect service \"{name}\". This endpoint belongs to \"s3\"."),
        Scope::Terminal(term) => format!("incorrect terminal \"{term}\". This endpoint uses \"aws4_request\"."),
        Scope::NoRegion => "a non-empty region must be provided in the credential.".to_owned(),
        Scope::Region(region) => {
            format!("the region '{region}' is wrong; expecting '{}'", super::identity::DEFAULT_REGION)
        }
    }
}

/// A signature that cannot be read.
pub(super) fn malformed(service: &Service, place: Signed, detail: &str) -> AwsError {
    match (service, place) {
        (Service::S3, Signed::Query | Signed::Form) => AwsError::new(
            400,
            "AuthorizationQueryParametersError",
            format!("Error parsing the X-Amz-Credential parameter; {detail}"),
        ),
        (Service::S3, _) => AwsError::new(
            400,
            "AuthorizationHeaderMalformed",
            format!("The authorization header is malformed; {detail}"),
        ),
        (Service::DynamoDb, _) => AwsError::new(400, "IncompleteSignatureException", detail),
        _ => AwsError::new(400, "IncompleteSignature", detail),
    }
}

/// A presigned URL of S3 whose parameters do not fit.
pub(super) fn query(message: impl Into<String>) -> AwsError {
    AwsError::new(400, "AuthorizationQueryParametersError", message)
}

/// S3's 403 without a code of its own.
pub(super) fn denied(message: impl Into<String>) -> AwsError {
    AwsError::new(403, "AccessDenied", message)
}

/// No signature, where one is needed.
pub(super) fn missing_token(service: &Service) -> AwsError {
    let message = "Request is missing Authentication Token";
    match service {
        Service::S3 => denied("Access Denied"),
        Service::DynamoDb => AwsError::new(400, "MissingAuthenticationTokenException", message),
        _ => AwsError::new(403, "MissingAuthenticationToken", message),
    }
}

/// An access key that is not configured, where it must be.
pub(super) fn unknown_key(service: &Service, access_key: &str) -> AwsError {
    let message = "The security token included in the request is invalid.";
    match service {
        Service::S3 => AwsError::new(
            403,
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
        )
        .with("AWSAccessKeyId", access_key),
        Service::DynamoDb => AwsError::new(400, "UnrecognizedClientException", message),
        _ => AwsError::new(403, "InvalidClientTokenId", message),
    }
}

/// A session token that was not given here, or not for this key. `token` is shown by S3, as on AWS.
pub(super) fn invalid_token(service: &Service, access_key: &str, token: &str) -> AwsError {
    match service {
        Service::S3 => AwsError::new(400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
            .with("Token-0", token),
        _ => unknown_key(service, access_key),
    }
}

/// A session token whose time is over.
pub(super) fn expired_token(service: &Service, token: &str) -> AwsError {
    let message = "The security token included in the request is expired";
    match service {
        Service::S3 => AwsError::new(400, "ExpiredToken", "The provided token has expired.").with("Token-0", token),
        Service::DynamoDb => AwsError::new(400, "ExpiredTokenException", message),
        _ => AwsError::new(403, "ExpiredToken", message),
    }
}

/// A request whose date is over fifteen minutes from `now`.
pub(super) fn skewed(service: &Service, stamp: &str, requested: SystemTime, now: SystemTime) -> AwsError {
    if *service == Service::S3 {
        return AwsError::new(
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
        )
        .with("RequestTime", stamp)
        .with("ServerTime", time::iso(now))
        .with("MaxAllowedSkewMilliseconds", MAX_SKEW_MILLIS.to_string());
    }
    let (server, skew) = (time::basic(now), std::time::Duration::from_millis(MAX_SKEW_MILLIS));
    if requested < now {
        let bound = time::basic(now.checked_sub(skew).unwrap_or(SystemTime::UNIX_EPOCH));
        wrong(service, &format!("Signature expired: {stamp} is now earlier than {bound} ({server} - 15 min.)"))
    } else {
        let bound = time::basic(now + skew);
        wrong(service, &format!("Signature not yet current: {stamp} is still later than {bound} ({server} + 15 min.)"))
    }
}

/// `x-amz-*` headers, or `host`, that the signature does not cover.
pub(super) fn not_signed(headers: &[&str]) -> AwsError {
    denied("There were headers present in the request which were not signed")
        .with("HeadersNotSigned", headers.join(", "))
}

/// A signature that is not ours. `canonical` is the canonical request; version 2 has none.
pub(super) fn mismatch(
    service: &Service,
    access_key: &str,
    signature: &str,
    to_sign: &[u8],
    canonical: Option<&[u8]>,
) -> AwsError {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if *service == Service::S3 {
        let error = AwsError::new(
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and \
             signing method.",
        )
        .with("AWSAccessKeyId", access_key)
        .with("StringToSign", text(to_sign))
        .with("SignatureProvided", signature)
        .with("StringToSignBytes", spaced_hex(to_sign));
        return match canonical {
            Some(canonical) => {
                error.with("CanonicalRequest", text(canonical)).with("CanonicalRequestBytes", spaced_hex(canonical))
            }
            None => error,
        };
    }
    wrong(
        service,
        &format!(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
             Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String \
             for this request should have been\n'{}'\n\nThe String-to-Sign should have been\n'{}'\n",
            text(canonical.unwrap_or_default()),
            text(to_sign)
        ),
    )
}

/// What services other than S3 say of a signature that can be read and does not hold.
fn wrong(service: &Service, message: &str) -> AwsError {
    match service {
        Service::DynamoDb => AwsError::new(400, "InvalidSignatureException", message),
        _ => AwsError::new(403, "SignatureDoesNotMatch", message),
    }
}

fn spaced_hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}
