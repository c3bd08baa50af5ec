//! Which page sent a request, as its browser tells.

use std::net::IpAddr;

use http::header::{HeaderName, ORIGIN, REFERER};
use http::{Extensions, HeaderMap, Uri};

use crate::emulator::auth::without_port;

/// Who asks. A request extension: the endpoint sets it where a page asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A person, a program, or a page of an allowed origin.
    Person,
    /// A page on another loopback port: of a server that somebody started on this machine.
    Dev,
    /// Any other page: of another site, of no origin (`null`), or of the endpoint's own origins, where everybody's
    /// objects are.
    Site,
}

/// What a browser says of the page that sent a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sender {
    /// There is no page: a program, or a person who entered the address.
    Nobody,
    /// A page of this origin, in lower case; `null` for one without.
    Origin(String),
    /// A page that is not named.
    Unnamed,
}

impl Who {
    /// Who sent a request with these headers to an endpoint whose own ports are `own`: by `Origin`, where there is none
    /// by the origin of `Referer`, and where there is none by `Sec-Fetch-Site`.
    #[must_use]
    pub fn of(headers: &HeaderMap, own: &[u16], allowed: &[String]) -> Self {
        match Sender::of(headers) {
            Sender::Nobody => Self::Person,
            Sender::Origin(origin) if allowed.contains(&origin) => Self::Person,
            Sender::Origin(origin) if loopback_port(&origin).is_some_and(|port| !own.contains(&port)) => Self::Dev,
            Sender::Origin(_) | Sender::Unnamed => Self::Site,
        }
    }

    /// Who sent a request, as its endpoint found.
    #[must_use]
    pub fn marked(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self::Person)
    }

    /// The word for it between processes; none where there is nothing to say.
    #[must_use]
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Person => None,
            Self::Dev => Some("dev"),
            Self::Site => Some("site"),
        }
    }

    /// What a word between processes stands for; the stricter of the two where it is none.
    #[must_use]
    pub fn of_word(word: &[u8]) -> Self {
        if word == b"dev" { Self::Dev } else { Self::Site }
    }
}

impl Sender {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        match one(headers, &ORIGIN) {
            Some(Ok(origin)) => return Self::Origin(origin.to_ascii_lowercase()),
            Some(Err(())) => return Self::Unnamed,
            None => {}
        }
        match one(headers, &REFERER) {
            Some(Ok(page)) => return origin_of(page).map_or(Self::Unnamed, Self::Origin),
            Some(Err(())) => return Self::Unnamed,
            None => {}
        }
        match one(headers, &HeaderName::from_static("sec-fetch-site")) {
            None | Some(Ok("none")) => Self::Nobody,
            Some(_) => Self::Unnamed,
        }
    }
}

/// The one value of a header; an error where it has several, or one that is not text.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Result<&'a str, ()>> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    Some(match values.next() {
        None => first.to_str().map_err(|_| ()),
        Some(_) => Err(()),
    })
}

/// The origin of a page's address.
fn origin_of(page: &str) -> Option<String> {
    let (scheme, rest) = page.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())?;
    Some(format!("{scheme}://{authority}").to_ascii_lowercase())
}

/// The port of an origin that is served on this machine.
fn loopback_port(origin: &str) -> Option<u16> {
    let uri: Uri = origin.parse().ok()?;
    let authority = uri.authority()?;
    let usual = match uri.scheme_str()? {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    // An origin has neither user nor path.
    if !origin.ends_with(&format!("://{authority}")) || authority.as_str().contains('@') {
        return None;
    }
    let port = if authority.as_str() == authority.host() { usual } else { authority.port_u16()? };
    is_loopback(authority.host()).then_some(port)
}

/// Whether browsers take this host for their own machine, whatever a name server says.
fn is_loopback(host: &str) -> bool {
    let name = without_port(host).trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = name.parse::<IpAddr>() {
        return address.to_canonical().is_loopback();
    }
    name.strip_suffix("localhost").is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
