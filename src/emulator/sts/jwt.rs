//! What an OpenID Connect token says. It is read and not verified: nothing here can reach who issued it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::emulator::error::AwsError;

/// The claim that names who is behind a session.
const SOURCE: &str = "https://aws.amazon.com/source_identity";

/// The claims that STS looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Jwt {
    pub(super) subject: String,
    pub(super) issuer: String,
    pub(super) audience: Option<String>,
    pub(super) source: Option<String>,
    expires: Option<u64>,
}

#[derive(Deserialize)]
struct Header {
    #[serde(rename = "alg")]
    _algorithm: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    azp: Option<String>,
    exp: Option<f64>,
    #[serde(rename = "https://aws.amazon.com/source_identity")]
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Jwt {
    pub(super) fn parse(token: &str) -> Result<Self, AwsError> {
        let not_one = || {
            invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
        };
        let parts: Vec<&str> = token.split('.').collect();
        let &[header, claims, signature] = parts.as_slice() else { return Err(not_one()) };
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).map_err(|_| not_one());
        let (header, claims, _) = (decode(header)?, decode(claims)?, decode(signature)?);
        let _: Header = serde_json::from_slice(&header).map_err(|_| not_one())?;
        let claims: Claims = serde_json::from_slice(&claims).map_err(|_| not_one())?;
        let missing = |claim: &str| invalid(format!("Missing a required claim: {claim}"));
        let audience = match claims.aud {
            Some(Audience::One(one)) => Some(one),
            // Of several, the one that the token was issued to.
            Some(Audience::Several(several)) => claims.azp.or_else(|| several.into_iter().next()),
            None => claims.azp,
        };
        let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte));
        if let Some(source) = claims.source.as_deref().filter(|source| !is_name(source) || source.len() < 2) {
            return Err(invalid(format!("The claim {SOURCE} is no source identity: {source}")));
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction of a second is none")]
        Ok(Self {
            issuer: claims.iss.ok_or_else(|| missing("iss"))?,
            subject: claims.sub.ok_or_else(|| missing("sub"))?,
            audience,
            source: claims.source,
            expires: claims.exp.map(|seconds| seconds as u64),
        })
    }

    /// Holds it to its time, `now` in seconds since the epoch.
    pub(super) fn check(&self, now: u64) -> Result<(), AwsError> {
        match self.expires {
            Some(end) if end <= now => Err(AwsError::new(
                400,
                "ExpiredTokenException",
                format!("Token expired: current date/time {now} must be before the expiration date/time {end}"),
            )),
            _ => Ok(()),
        }
    }
}

fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new(400, "InvalidIdentityToken", message)
}
