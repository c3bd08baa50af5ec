//! What an operation answers.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::xml::Document;
use crate::emulator::body::{self, Body};

/// The answer of an operation that went well.
#[derive(Debug)]
pub(super) struct Reply {
    /// Another status than that of the operation's row.
    pub status: Option<StatusCode>,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Body,
}

impl Reply {
    /// Nothing but the status.
    pub(super) fn empty() -> Self {
        Self::headers(HeaderMap::new())
    }

    /// Headers without a body.
    pub(super) fn headers(headers: HeaderMap) -> Self {
        Self { status: None, headers, body: body::empty() }
    }

    /// A document.
    pub(super) fn document(document: Document) -> Self {
        Self::document_with(document, HeaderMap::new())
    }

    /// A document, and further headers.
    pub(super) fn document_with(document: Document, mut headers: HeaderMap) -> Self {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        Self { status: None, headers, body: body::full(document.finish()) }
    }
}
