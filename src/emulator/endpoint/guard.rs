//! Which hosts are ours, and which pages ask.
//!
//! The Host check defeats DNS rebinding, where a foreign name comes to point here. What pages may do is the rule of
//! [`pages`]; what of it needs no key is held here.

use std::net::{IpAddr, SocketAddr};

use http::header::{HOST, HeaderValue, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, Method, Response, StatusCode, Uri};

use super::health;
use crate::emulator::auth::{LOCAL_DOMAINS, Service, host_name, virtual_bucket, without_port};
use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;
use crate::emulator::pages::{self, Key, What, Who};

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
pub(crate) enum Pass {
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
            let host = host_name(host);
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

    /// Judges a request that came to the address `local`. What a page asks of S3 passes with the mark [`Who`]: whether
    /// it may depends on its key, which is known later.
    pub(super) fn check(&self, parts: &mut Parts, local: SocketAddr) -> Result<Pass, AwsError> {
        if self.open {
            return Ok(Pass::Plain);
        }
        let host = self.own_host(parts, local)?;
        let service = Service::of(parts);
        if service != Service::S3 && virtual_bucket(&host).is_some() {
            let message = format!("{host} is the host of a bucket and serves S3 alone: call localhost or an address");
            return Err(AwsError::new(400, "InvalidRequest", message));
        }
        let who = Who::of(&parts.headers, &[local.port(), port_of(&host)], &self.origins);
        let internal = is_internal(&host, parts.uri.path());
        // What can be said without knowing the key.
        let what = if parts.headers.contains_key("service-worker") {
            Some(What::Worker)
        } else if internal && health::is_asked(parts) {
            Some(What::Health)
        } else {
            (internal || service != Service::S3).then_some(What::Service)
        };
        if let Some(what) = what.filter(|what| !pages::allows(who, *what, Key::None)) {
            return Err(pages::refused(&parts.headers, what, Key::None));
        }
        if who != Who::Person {
            parts.extensions.insert(who);
            return Ok(Pass::Plain);
        }
        // Only an allowed origin is as good as a person.
        Ok(pass_of_person(parts))
    }

    /// Judges a request to a listener of which no page is served: pages of allowed origins alone may call it, and those of
    /// its own origin, since there can be none.
    pub(crate) fn check_without_pages(&self, parts: &Parts, local: SocketAddr) -> Result<Pass, AwsError> {
        let host = self.own_host(parts, local)?;
        let mut allowed = self.origins.clone();
        allowed.push(format!("http://{}", host.to_ascii_lowercase()));
        let worker = parts.headers.contains_key("service-worker");
        if worker || Who::of(&parts.headers, &[local.port()], &allowed) != Who::Person {
            return Err(pages::refused(&parts.headers, What::Service, Key::None));
        }
        Ok(pass_of_person(parts))
    }

    /// The host that a request is addressed to, where it is ours.
    fn own_host(&self, parts: &Parts, local: SocketAddr) -> Result<String, AwsError> {
        let host = addressed_host(parts)?;
        if parts.headers.get_all(ORIGIN).iter().nth(1).is_some() {
            return Err(bad("The request has more than one Origin header"));
        }
        if !self.is_ours(&host, local.ip()) {
            let name = without_port(&host);
            return Err(AwsError::new(
                403,
                "AccessDenied",
                format!(
                    "footbridge does not answer to the host {name:?}. If it is yours, allow it: --allow-host {name}"
                ),
            ));
        }
        Ok(host)
    }

    fn is_ours(&self, host: &str, local: IpAddr) -> bool {
        let name = host_name(host);
        if let Ok(address) = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            // An address cannot be rebound: it is ours if the connection came to it.
            return address.to_canonical().is_loopback()
                || address.to_canonical() == local.to_canonical()
                || self.hosts.contains(&name);
        }
        let below = |domain: &str| name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        LOCAL_DOMAINS.iter().any(|domain| below(domain))
            || self.hosts.iter().any(|rule| match rule.strip_prefix('.') {
                Some(domain) => name != domain && below(domain),
                None => name == *rule,
            })
    }
}

/// How what nobody refuses passes.
fn pass_of_person(parts: &Parts) -> Pass {
    let preflight = parts.method == Method::OPTIONS && parts.headers.contains_key("access-control-request-method");
    match parts.headers.get(ORIGIN) {
        Some(origin) if preflight => Pass::Preflight(origin.clone()),
        Some(origin) => Pass::Shared(origin.clone()),
        None => Pass::Plain,
    }
}

/// The host that a request is addressed to, with its port: one `Host`, which an absolute request target repeats.
fn addressed_host(parts: &Parts) -> Result<String, AwsError> {
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

fn bad(message: &str) -> AwsError {
    AwsError::new(400, "InvalidRequest", message)
}

/// The port that a host names.
fn port_of(host: &str) -> u16 {
    host.strip_prefix(without_port(host)).and_then(|port| port.strip_prefix(':')?.parse().ok()).unwrap_or(80)
}

/// Whether a path is footbridge's own. Below a bucket's own host name every path is a key.
pub(super) fn is_internal(host: &str, path: &str) -> bool {
    let own = ["/_footbridge/", "/_localstack/"].iter().any(|internal| path.starts_with(internal));
    own && virtual_bucket(host).is_none()
}

/// Makes an answer readable by an allowed origin.
pub(crate) fn share(headers: &mut HeaderMap, origin: HeaderValue) {
    // A bucket's own rules have answered.
    if headers.contains_key("access-control-allow-origin") {
        return;
    }
    headers.insert("access-control-allow-origin", origin);
    headers.insert("access-control-expose-headers", HeaderValue::from_static("*"));
    headers.append("vary", HeaderValue::from_static("Origin"));
}

/// The answer to an allowed origin's preflight: what it asks for.
pub(crate) fn preflight(parts: &Parts, origin: HeaderValue) -> Response<Body> {
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
    Ok(format!("{dot}{}", host_name(name)))
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
