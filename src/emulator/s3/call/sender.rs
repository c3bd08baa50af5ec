//! Who sends a request, as far as its answer depends on it: whether it has a body, and which page may read it.

use http::Method;
use http::request::Parts;

use crate::emulator::pages::Who;
use crate::emulator::s3::cors;

/// What of a request's head its answer depends on.
#[derive(Debug, Clone)]
pub(in crate::emulator::s3) struct Sender {
    /// Whether it is HEAD, whose answer has no body.
    pub head: bool,
    /// Whether a page sends it, and which.
    pub who: Who,
    /// What the page asks of a bucket's CORS rules.
    pub page: Option<Page>,
}

/// A page that sends a request.
#[derive(Debug, Clone)]
pub(in crate::emulator::s3) struct Page {
    /// The bucket that it is about.
    pub bucket: Option<String>,
    /// What its rules are asked.
    pub asked: cors::Asked,
    /// Whether the browser only asks before it sends the request.
    pub preflight: bool,
}

impl Sender {
    /// Reads the head of a request to `bucket`.
    pub(super) fn of(parts: &Parts, bucket: Option<&str>) -> Self {
        let page = cors::Asked::of(&parts.headers, parts.method.as_str()).map(|asked| Page {
            bucket: bucket.map(str::to_owned),
            asked,
            preflight: parts.method == Method::OPTIONS,
        });
        Self { head: parts.method == Method::HEAD, who: Who::marked(&parts.extensions), page }
    }
}
