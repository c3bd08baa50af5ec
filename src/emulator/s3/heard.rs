//! What of a request to S3, and of its answer, is kept for those who watch calls.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::request::Parts;
use http::{HeaderMap, Request};

use super::access::{S3Call, of_s3};
use super::call::{Call, Query};
use super::operation::{self, Run};
use crate::emulator::access::Access;
use crate::emulator::body::Body;
use crate::emulator::heard::{Heard, Keep, Lines, Passing};

/// What is asked, as far as its head tells.
#[derive(Debug)]
pub struct Asked {
    operation: &'static str,
    bucket: Option<String>,
    key: Option<String>,
    /// As it was sent.
    query: Option<String>,
    headers: Lines,
}

/// Headers of a request that say what is asked; `x-amz-*` apart.
const REQUEST: [&str; 12] = [
    "access-control-request-headers",
    "access-control-request-method",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "expires",
    "origin",
    "range",
];

/// `x-amz-*` headers that sign, date and authenticate a request, or frame its body.
const SIGNING: [&str; 9] = [
    "x-amz-algorithm",
    "x-amz-content-sha256",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-trailer",
    "x-amz-user-agent",
];

/// Headers of an answer that say what was answered; `content-*` and `x-amz-*` apart.
const ANSWER: [&str; 6] = ["accept-ranges", "cache-control", "etag", "expires", "last-modified", "location"];

/// `x-amz-*` headers that name the answer itself.
const IDS: [&str; 2] = ["x-amz-request-id", "x-amz-id-2"];

fn of_request(name: &str) -> Keep {
    if name.contains("customer-key") {
        return Keep::Name;
    }
    let says = name.starts_with("x-amz-") && !SIGNING.contains(&name) || name.starts_with("if-");
    if says || REQUEST.contains(&name) { Keep::All } else { Keep::Nothing }
}

fn of_answer(name: &str) -> Keep {
    let says = name.starts_with("x-amz-") && !IDS.contains(&name) || name.starts_with("content-");
    // Browsers' business, the same on each answer.
    let policy = name == "content-security-policy";
    if (says && !policy) || ANSWER.contains(&name) { Keep::All } else { Keep::Nothing }
}

/// The headers of an answer that are kept.
pub fn headers_of_answer(headers: &HeaderMap) -> Lines {
    Lines::of(headers, of_answer)
}

impl Asked {
    /// What a request asks; its headers come once it is admitted.
    pub(in crate::emulator) fn of(call: &Call, parts: &Parts) -> Self {
        Self {
            operation: call.operation(),
            bucket: call.target.bucket.clone(),
            key: call.target.key.clone(),
            query: parts.uri.query().map(str::to_owned),
            headers: Lines::default(),
        }
    }

    /// Keeps the headers of a request that was admitted, and listens to its body where that is worth keeping: `most`
    /// bytes of what may be text, and all of a document that says what the request is about.
    pub(in crate::emulator) fn listen(
        &mut self,
        call: &Call,
        request: Request<Body>,
        most: usize,
    ) -> (Request<Body>, Heard) {
        self.headers = Lines::of(request.headers(), of_request);
        if !has_body(request.headers()) {
            return (request, Heard::Nothing);
        }
        let Some(row) = call.found.as_ref().ok().and_then(|found| found.built()) else {
            return (request, Heard::Unkept);
        };
        let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let most = match row.body {
            operation::Body::Document { limit, .. } if row.asks.looks_into_document() => {
                let passing = Passing::document(limit, announced);
                return (request.map(|body| passing.listen(body)), Heard::Passing(passing));
            }
            operation::Body::Document { .. } => most,
            operation::Body::Bytes if !matches!(row.run, Run::Form) && may_be_text(request.headers()) => most,
            operation::Body::Bytes => 0,
        };
        if most == 0 {
            return (request, Heard::Unkept);
        }
        let passing = Passing::new(most, announced);
        (request.map(|body| passing.listen(body)), Heard::Passing(passing))
    }

    /// AWS's name of the operation, or `Unknown`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The bucket's name.
    #[must_use]
    pub fn bucket(&self) -> Option<&str> {
        self.bucket.as_deref()
    }

    /// The object's key.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// What it is about: `s3://bucket/key`.
    #[must_use]
    pub fn resource(&self) -> Option<String> {
        let bucket = self.bucket()?;
        Some(self.key().map_or_else(|| format!("s3://{bucket}"), |key| format!("s3://{bucket}/{key}")))
    }

    /// The parameters of its query, decoded, without those of a signature and the SDKs' own.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        // What cannot be decoded was refused.
        let query = Query::parse(self.query.as_deref()).unwrap_or_default();
        let pairs = query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("x-id"));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The headers that say what it asks.
    #[must_use]
    pub fn headers(&self) -> &Lines {
        &self.headers
    }

    /// What IAM asks of it, with this document as its body; nothing where it was refused before anybody asked.
    #[must_use]
    pub fn access(&self, document: &[u8]) -> Access {
        let query = self.query();
        let given = |name: &str| query.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        let header = |name: &str| match self.headers.get(name) {
            Some(value) => Some(value.into_owned()),
            // Presigned requests may carry headers as parameters.
            None => given(name).map(|(_, value)| value.clone()),
        };
        of_s3(&S3Call {
            operation: self.operation,
            bucket: self.bucket(),
            key: self.key(),
            versioned: query.iter().any(|(name, value)| name == "versionId" && !value.is_empty()),
            header: &header,
            document,
        })
    }

    /// Bytes in memory.
    #[must_use]
    pub fn weight(&self) -> usize {
        let texts = [&self.bucket, &self.key, &self.query];
        texts.into_iter().flatten().map(String::len).sum::<usize>() + self.headers.weight()
    }
}

fn has_body(headers: &HeaderMap) -> bool {
    match headers.get(CONTENT_LENGTH) {
        Some(length) => length != "0",
        None => headers.contains_key(TRANSFER_ENCODING),
    }
}

/// Types of an application that are text.
const TEXTS: [&str; 12] = [
    // What SDKs send, and S3 gives, where nobody said anything.
    "octet-stream",
    "ecmascript",
    "graphql",
    "javascript",
    "json",
    "ndjson",
    "sql",
    "toml",
    "x-ndjson",
    "x-yaml",
    "xml",
    "yaml",
];

/// Whether a body with these headers may be text: its type says so, or says nothing.
pub fn may_be_text(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE) else { return true };
    let Ok(kind) = kind.to_str() else { return false };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some((family, name)) = kind.split_once('/') else { return kind.is_empty() };
    match family {
        "text" => true,
        "application" | "binary" => TEXTS.contains(&name) || name.ends_with("+json") || name.ends_with("+xml"),
        "image" => name == "svg+xml",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{Keep, may_be_text, of_answer, of_request};

    #[test]
    fn what_signs_a_request_is_not_kept() {
        for name in [
            "authorization",
            "cookie",
            "host",
            "user-agent",
            "x-amz-security-token",
            "x-amz-signature",
            "x-amz-credential",
            "x-amz-date",
            "amz-sdk-invocation-id",
        ] {
            assert_eq!(of_request(name), Keep::Nothing, "{name}");
        }
        for name in
            ["x-amz-server-side-encryption-customer-key", "x-amz-copy-source-server-side-encryption-customer-key-md5"]
        {
            assert_eq!(of_request(name), Keep::Name, "{name}");
        }
        for name in ["content-type", "x-amz-meta-a", "if-none-match", "range", "x-amz-copy-source"] {
            assert_eq!(of_request(name), Keep::All, "{name}");
        }
        for (name, kept) in [("etag", true), ("x-amz-version-id", true), ("x-amz-id-2", false), ("set-cookie", false)] {
            assert_eq!(of_answer(name) == Keep::All, kept, "{name}");
        }
    }

    #[test]
    fn a_type_says_whether_a_body_may_be_text() {
        let of = |kind: &'static str| {
            may_be_text(&HeaderMap::from_iter([(http::header::CONTENT_TYPE, HeaderValue::from_static(kind))]))
        };
        for kind in ["text/plain; charset=utf-8", "Application/JSON", "application/ld+json", "binary/octet-stream", ""]
        {
            assert!(of(kind), "{kind}");
        }
        for kind in ["image/png", "application/zip", "multipart/form-data; boundary=x", "video/mp4", "json"] {
            assert!(!of(kind), "{kind}");
        }
        assert!(may_be_text(&HeaderMap::new()));
    }
}
