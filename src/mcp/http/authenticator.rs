//! Who sends a request, asked before anything of it is read.

use async_trait::async_trait;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Who a caller is, as an [`Authenticator`] found.
///
/// Requests of one principal may use each other's sessions, and without the sessions of the older revisions share one for
/// an hour at a time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Principal(String);

impl Principal {
    /// The principal of this name, which the journal and the [`Authorizer`](crate::mcp::Authorizer) see.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// Why a request is refused with status 401.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unauthenticated {
    /// What its sender is told.
    pub message: String,
    /// The value of `WWW-Authenticate`, such as `Bearer realm="footbridge"`.
    pub challenge: String,
}

/// Decides who sends a request, by its headers.
///
/// It is asked for each request, before its body is read. A panic refuses.
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// Who sends a request with these headers.
    ///
    /// # Errors
    /// [`Unauthenticated`] where that is nobody who may; the request goes no further.
    async fn authenticate(&self, headers: &HeaderMap) -> Result<Principal, Unauthenticated>;
}

/// Lets in who sends this token as `Authorization: Bearer TOKEN`.
#[derive(Clone)]
pub struct BearerToken {
    // Digests have one length, so that the time it takes to compare them says nothing of the token.
    digest: [u8; 32],
}

impl std::fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BearerToken")
    }
}

impl BearerToken {
    /// The fewest characters of a token.
    pub const SHORTEST: usize = 16;

    /// Lets in who sends `token`. `None` where it is no token: shorter than [`SHORTEST`](Self::SHORTEST) characters, or of
    /// others than a header can carry as one (RFC 6750: letters, digits, `-._~+/` and `=` at its end).
    #[must_use]
    pub fn new(token: &str) -> Option<Self> {
        let body = token.trim_end_matches('=');
        let fits =
            !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte));
        (fits && token.len() >= Self::SHORTEST).then(|| Self { digest: Sha256::digest(token).into() })
    }
}

#[async_trait]
impl Authenticator for BearerToken {
    async fn authenticate(&self, headers: &HeaderMap) -> Result<Principal, Unauthenticated> {
        let refused = |message: &str, more: &str| {
            Err(Unauthenticated {
                message: message.to_owned(),
                challenge: format!(r#"Bearer realm="footbridge"{more}"#),
            })
        };
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (first, second) = (values.next(), values.next());
        let Some(value) = first.filter(|_| second.is_none()) else {
            return refused("send the token of this footbridge once, as `Authorization: Bearer TOKEN`", "");
        };
        let sent = value.as_bytes().split_at_checked(7).filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"bearer "));
        let digest: [u8; 32] = Sha256::digest(sent.map_or(&[][..], |(_, token)| token.trim_ascii())).into();
        if sent.is_some() && bool::from(digest.ct_eq(&self.digest)) {
            return Ok(Principal::new("token"));
        }
        refused("this is not the token of this footbridge", r#", error="invalid_token""#)
    }
}

/// Lets everybody in, as one principal: for a listener that only its own machine reaches.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoToken;

#[async_trait]
impl Authenticator for NoToken {
    async fn authenticate(&self, _headers: &HeaderMap) -> Result<Principal, Unauthenticated> {
        Ok(Principal::new("anyone"))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[tokio::test]
    async fn only_the_whole_token_lets_in() {
        let token = "abcdefghijklmnop-._~+/0==";
        let known = BearerToken::new(token).unwrap();
        let ask = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
            }
            let known = known.clone();
            async move { known.authenticate(&headers).await.map_err(|refused| refused.challenge) }
        };
        for right in [format!("Bearer {token}"), format!("bearer {token}"), format!("BEARER  {token} ")] {
            assert_eq!(ask(&[&right]).await, Ok(Principal::new("token")), "{right}");
        }
        let plain = Err(r#"Bearer realm="footbridge""#.to_owned());
        let wrong = Err(r#"Bearer realm="footbridge", error="invalid_token""#.to_owned());
        assert_eq!(ask(&[]).await, plain);
        assert_eq!(ask(&[&format!("Bearer {token}"), &format!("Bearer {token}")]).await, plain);
        for other in
            ["", "Bearer", "Bearer ", "Bearer abcdefghijklmnop", "Basic YTpi", &format!("Bearer {token}x"), token]
        {
            assert_eq!(ask(&[other]).await, wrong, "{other}");
        }
    }

    #[test]
    fn what_no_header_carries_or_anybody_guesses_is_no_token() {
        for token in [
            "",
            "short",
            "================",
            "has a space in it and more",
            "nöt-in-ascii-at-all",
            "a\nb-0123456789abcdef",
        ] {
            assert!(BearerToken::new(token).is_none(), "{token}");
        }
        assert!(!format!("{:?}", BearerToken::new("0123456789abcdef")).contains("0123"));
    }
}
