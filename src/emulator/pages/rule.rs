//! The rule for web pages: who may do what with which key.

use http::{HeaderMap, Method};

use super::Who;
use crate::emulator::auth::{Caller, DEFAULT_ACCOUNT, Kind};

/// What a request asks, as far as the rule goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Whether the endpoint is there. No page can read the answer.
    Health,
    /// DynamoDB, STS, and what steers footbridge itself.
    Service,
    /// A script that would answer for every page of its origin from then on.
    Worker,
    /// An object, or a part of one, by a form or a PUT.
    Upload,
    /// A read whose answer is shown and not given to the page: a navigation, a picture, sound or video.
    Show,
    /// A read whose answer the page may come to know: a script, a style, a frame, a fetch.
    Load,
    /// Every other write of S3.
    Write,
    /// A read or a write of its own objects that a bucket's CORS rules allow to an origin that they name.
    Named,
    /// A read or a write of its own objects that a bucket's CORS rules allow to every origin, or by a pattern.
    Anyone,
}

/// The key of a request: what its signature says of who made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// One that somebody configured, verified.
    Own,
    /// The built-in pair, verified: every page knows it as well.
    Public,
    /// One that nobody configured, so that nothing was verified.
    Unknown,
    /// None at all.
    None,
}

/// Whether `who` may do this with that key. What is allowed still has to pass the policies of AWS.
///
/// `SECURITY.md` has it as a table. Nothing here makes an answer readable: that is for the endpoint's allowed origins
/// and the CORS rules of a bucket. And whatever is shown is inert ([`make_inert`](super::make_inert)).
#[must_use]
pub fn allows(who: Who, what: What, key: Key) -> bool {
    match (who, what, key) {
        // There is no host that serves a site.
        (_, What::Worker, _) => false,
        (Who::Person, ..) | (_, What::Health, _) => true,
        (_, What::Service, _) | (_, _, Key::Unknown) => false,
        (_, what, Key::None) => matches!(what, What::Show | What::Load),
        (_, _, Key::Own) => true,
        (Who::Dev, what, Key::Public) => what != What::Write,
        (Who::Site, what, Key::Public) => matches!(what, What::Show | What::Named),
    }
}

impl Key {
    /// The key of a caller whose signature was held against its secret.
    #[must_use]
    pub fn of(caller: &Caller) -> Self {
        match caller.kind {
            Kind::Anonymous => Self::None,
            Kind::Root => Self::Unknown,
            // What the built-in pair obtained in another account it could not reach by itself: worth what nobody's key is.
            Kind::Identity if caller.public && caller.session.is_some() && caller.account != DEFAULT_ACCOUNT => {
                Self::Unknown
            }
            Kind::Identity if caller.public => Self::Public,
            Kind::Identity => Self::Own,
        }
    }
}

impl What {
    /// What the operation of this name asks of S3.
    #[must_use]
    pub fn of_s3(operation: &str, method: &Method, headers: &HeaderMap) -> Self {
        match operation {
            "PutObject" | "UploadPart" | "PostObject" => Self::Upload,
            _ if *method == Method::GET || *method == Method::HEAD => Self::of_read(headers),
            _ => Self::Write,
        }
    }

    fn of_read(headers: &HeaderMap) -> Self {
        let is = |name: &str, words: &[&str]| {
            headers.get(name).is_some_and(|value| words.iter().any(|word| value.as_bytes() == word.as_bytes()))
        };
        let navigates = is("sec-fetch-mode", &["navigate"]) && is("sec-fetch-dest", &["document"]);
        // With `crossorigin` even a picture can be read, where CORS rules allow it.
        let embeds = is("sec-fetch-mode", &["no-cors"]) && is("sec-fetch-dest", &["image", "audio", "video"]);
        if (navigates || embeds) && !headers.contains_key(http::header::ORIGIN) { Self::Show } else { Self::Load }
    }
}
