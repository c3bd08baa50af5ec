//! Which hosts are ours, and what pages of other origins may do.
//!
//! A browser sends any page's requests to loopback. The Host check defeats DNS rebinding, where a foreign name comes to
//! point here; the Origin check keeps foreign pages from acting with credentials that nobody checks.

use std::net::IpAddr;

use http::header::{AUTHORIZATION, HOST, HeaderValue, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, Method, Response, StatusCode, Uri};

use crate::emulator::auth::{
    ForeignPage, LOCAL_DOMAINS, MustVerify, Service, is_form, query_value, virtual_bucket, without_port,
};
use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;

/// What hosts and origins an endpoint answers to.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// Names in lower case; one that begins with a dot stands for all below it.
    hosts: Vec<String>,
    /// Origins as browsers write them.
    origins: Vec<String>,
    /// Whether nothing is judged.
    open: bool,
}

/// Why a guard cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// Not a host name.
    #[error("{0:?} is not a host name: give a name such as devbox, or *.devbox for all names below it")]
    Host(String),
    /// Not an absolute HTTP URL.
    #[error("public URL {0:?} must be such as http://devbox:4566")]
    PublicUrl(String),
    /// Not an origin.
    #[error("{0:?} is not an origin: give scheme, host and port as a browser does, such as http://localhost:3000")]
    Origin(String),
}

/// A request that may pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pass {
    /// To the handler.
    Plain,
    /// To the handler, and the answer may be read by this allowed origin.
    Shared(HeaderValue),
    /// A preflight of this allowed origin, which is answered here.
    Preflight(HeaderValue),
}

impl Guard {
    /// A guard that admits loopback names, `allow_hosts`, the host of `public_url` and names below that, and pages of
    /// `allowed_origins`.
    pub fn new(
        allow_hosts: &[String],
        public_url: Option<&str>,
        allowed_origins: &[String],
    ) -> Result<Self, GuardError> {
        let mut hosts = allow_hosts.iter().map(|host| host_rule(host)).collect::<Result<Vec<_>, _>>()?;
        if let Some(url) = public_url {
            let refused = || GuardError::PublicUrl(url.to_owned());
            let uri: Uri = url.parse().map_err(|_| refused())?;
            let host = uri.host().filter(|_| matches!(uri.scheme_str(), Some("http" | "https"))).ok_or_else(refused)?;
            let host = host.to_ascii_lowercase();
            hosts.push(format!(".{host}"));
            hosts.push(host);
        }
        let origins = allowed_origins.iter().map(|origin| origin_rule(origin)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { hosts, origins, open: false })
    }

    /// A guard that admits everything, for a listener whose handler knows its callers by a token.
    #[must_use]
    pub fn none() -> Self {
        Self { open: true, ..Self::default() }
    }

    /// Judges a request that came to the address `local`. A presigned request or a form of a foreign origin passes with
    /// the extension [`MustVerify`], and another request of S3 with [`ForeignPage`].
    pub(super) fn check(&self, parts: &mut Parts, local: IpAddr) -> Result<Pass, AwsError> {
        if self.open {
            return Ok(Pass::Plain);
        }
        let host = addressed_host(parts)?;
        if !self.is_ours(&host, local) {
            let name = without_port(&host);
            return Err(AwsError::new(
                403,
                "AccessDenied",
                format!(
                    "footbridge does not answer to the host {name:?}. If it is yours, allow it: --allow-host {name}"
                ),
            ));
        }
        let preflight = parts.method == Method::OPTIONS && parts.headers.contains_key("access-control-request-method");
        let origin = match foreign_origin(parts, &host) {
            None => return Ok(Pass::Plain),
            Some(Foreign::Page(origin)) => origin,
            Some(Foreign::Unnamed) => {
                // A load or a navigation: no rule can name it.
                return if carries_signature(parts, &host) { Ok(Pass::Plain) } else { Err(ForeignPage::refused(None)) };
            }
        };
        if self.origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()) {
            return Ok(if preflight { Pass::Preflight(origin) } else { Pass::Shared(origin) });
        }
        // The rules of a bucket may name the origin of what is left, and S3 alone knows them.
        if parts.method != Method::OPTIONS && !carries_signature(parts, &host) {
            parts.extensions.insert(ForeignPage);
        }
        if is_internal(&host, parts.uri.path()) || Service::of(parts) != Service::S3 {
            return Err(ForeignPage::refused(Some(&origin)));
        }
        Ok(Pass::Plain)
    }

    fn is_ours(&self, host: &str, local: IpAddr) -> bool {
        let name = without_port(host).to_ascii_lowercase();
        let name = name.strip_suffix('.').unwrap_or(&name);
        if let Ok(address) = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            // An address cannot be rebound: it is ours if the connection came to it.
            return address.to_canonical().is_loopback()
                || address.to_canonical() == local.to_canonical()
                || self.hosts.iter().any(|rule| rule == name);
        }
        let below = |domain: &str| name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        LOCAL_DOMAINS.iter().any(|domain| below(domain))
            || self.hosts.iter().any(|rule| match rule.strip_prefix('.') {
                Some(domain) => name != domain && below(domain),
                None => name == rule,
            })
    }
}

/// The host that a request is addressed to, with its port: one `Host`, which an absolute request target repeats.
fn addressed_host(parts: &Parts) -> Result<String, AwsError> {
    let bad = |message: &str| AwsError::new(400, "InvalidRequest", message);
    let mut hosts = parts.headers.get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok()).map(str::trim).filter(|host| !host.is_empty());
    let host = host.ok_or_else(|| bad("The request has no Host header"))?;
    if hosts.next().is_some() {
        return Err(bad("The request has more than one Host header"));
    }
    match parts.uri.authority() {
        Some(authority) if !authority.as_str().eq_ignore_ascii_case(host) => {
            Err(bad("The request target and the Host header name different hosts"))
        }
        _ => Ok(host.to_owned()),
    }
}

/// A request that a page of another origin sent.
enum Foreign {
    Page(HeaderValue),
    /// A load or a navigation, for which browsers send no `Origin`.
    Unnamed,
}

fn foreign_origin(parts: &Parts, host: &str) -> Option<Foreign> {
    let Some(origin) = parts.headers.get(ORIGIN) else {
        let cross = parts.headers.get("sec-fetch-site").is_some_and(|site| site.as_bytes() == b"cross-site");
        return cross.then_some(Foreign::Unnamed);
    };
    let same =
        origin.to_str().ok().and_then(|origin| origin.split_once("://")).is_some_and(|(scheme, authority)| {
            matches!(scheme, "http" | "https") && authority.eq_ignore_ascii_case(host)
        });
    (!same).then(|| Foreign::Page(origin.clone()))
}

/// Whether a request of S3 is presigned or a form, by which a site may send its visitors here. It is marked so that its
/// signature must be that of a known key: of an unknown one nothing is verified, and any page could make it up.
fn carries_signature(parts: &mut Parts, host: &str) -> bool {
    let raw = parts.uri.query().unwrap_or_default();
    let has = |name: &str| query_value(raw, name).is_some();
    let presigned = (has("X-Amz-Signature") && has("X-Amz-Credential")) || (has("Signature") && has("AWSAccessKeyId"));
    let carries = (presigned || is_form(parts))
        && !parts.headers.contains_key(AUTHORIZATION)
        && !is_internal(host, parts.uri.path())
        && Service::of(parts) == Service::S3;
    if carries {
        parts.extensions.insert(MustVerify);
    }
    carries
}

/// Whether a path is footbridge's own. Below a bucket's own host name every path is a key.
pub(super) fn is_internal(host: &str, path: &str) -> bool {
    let own = ["/_footbridge/", "/_localstack/"].iter().any(|internal| path.starts_with(internal));
    own && virtual_bucket(host).is_none()
}

/// Makes an answer readable by an allowed origin.
pub(super) fn share(headers: &mut HeaderMap, origin: HeaderValue) {
    // A bucket's own rules have answered.
    if headers.contains_key("access-control-allow-origin") {
        return;
    }
    headers.insert("access-control-allow-origin", origin);
    headers.insert("access-control-expose-headers", HeaderValue::from_static("*"));
    headers.append("vary", HeaderValue::from_static("Origin"));
}

/// The answer to an allowed origin's preflight: what it asks for.
pub(super) fn preflight(parts: &Parts, origin: HeaderValue) -> Response<Body> {
    let mut response = Response::new(body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    share(headers, origin);
    headers.insert("access-control-allow-methods", HeaderValue::from_static("GET, HEAD, PUT, POST, DELETE"));
    if let Some(asked) = parts.headers.get("access-control-request-headers") {
        headers.insert("access-control-allow-headers", asked.clone());
    }
    if parts.headers.contains_key("access-control-request-private-network") {
        headers.insert("access-control-allow-private-network", HeaderValue::from_static("true"));
    }
    headers.insert("access-control-max-age", HeaderValue::from_static("600"));
    response
}

fn host_rule(host: &str) -> Result<String, GuardError> {
    let (dot, name) = match host.strip_prefix("*.").or_else(|| host.strip_prefix('.')) {
        Some(name) => (".", name),
        None => ("", host),
    };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_name = !name.is_empty() && name.bytes().all(fits);
    let is_address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    if !is_name && !is_address {
        return Err(GuardError::Host(host.to_owned()));
    }
    Ok(format!("{dot}{}", name.to_ascii_lowercase()))
}

fn origin_rule(origin: &str) -> Result<String, GuardError> {
    let refused = || GuardError::Origin(origin.to_owned());
    let (scheme, authority) = origin.trim_end_matches('/').split_once("://").ok_or_else(refused)?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:[]".contains(&byte);
    if scheme.is_empty() || authority.is_empty() || !authority.bytes().all(fits) {
        return Err(refused());
    }
    Ok(format!("{}://{}", scheme.to_ascii_lowercase(), authority.to_ascii_lowercase()))
}
