//! Answers of the query protocol.

use std::fmt::Write as _;

use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use uuid::Uuid;

use super::super::body::{self, Body};
use super::super::error::AwsError;
use super::super::observer::Failure;
use super::super::xml::escape;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// What an operation gives, element by element.
#[derive(Debug, Default)]
pub(super) struct Members(Vec<Member>);

#[derive(Debug)]
enum Member {
    Text(&'static str, String),
    Group(&'static str, Members),
}

impl Members {
    pub(super) fn text(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push(Member::Text(name, value.into()));
        self
    }

    pub(super) fn maybe(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    pub(super) fn group(mut self, name: &'static str, members: Self) -> Self {
        self.0.push(Member::Group(name, members));
        self
    }

    fn write(&self, xml: &mut String, depth: usize) {
        let indent = "  ".repeat(depth);
        for member in &self.0 {
            // Writing to a string does not fail.
            let _ = match member {
                Member::Text(name, value) => writeln!(xml, "{indent}<{name}>{}</{name}>", escape(value)),
                Member::Group(name, members) => {
                    let _ = writeln!(xml, "{indent}<{name}>");
                    members.write(xml, depth + 1);
                    writeln!(xml, "{indent}</{name}>")
                }
            };
        }
    }
}

/// The answer of an operation that succeeded.
pub(super) fn success(operation: &str, result: &Members, request_id: Uuid) -> Response<Body> {
    let mut xml = format!("<{operation}Response xmlns=\"{NAMESPACE}\">\n  <{operation}Result>\n");
    result.write(&mut xml, 2);
    let _ = write!(
        xml,
        "  </{operation}Result>\n  <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  \
         </ResponseMetadata>\n</{operation}Response>\n"
    );
    answer(StatusCode::OK, xml, request_id)
}

/// An error in the form of the query protocol.
pub(super) fn failure(error: &AwsError, request_id: Uuid) -> Response<Body> {
    let fault = if error.status < 500 { "Sender" } else { "Receiver" };
    let (code, message) = (escape(&error.code), escape(&error.message));
    let xml = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\">\n  <Error>\n    <Type>{fault}</Type>\n    <Code>{code}</Code>\n    \
         <Message>{message}</Message>\n  </Error>\n  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
    );
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = answer(status, xml, request_id);
    for (name, value) in &error.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(*name, value);
        }
    }
    response.extensions_mut().insert(Failure(error.clone()));
    response
}

fn answer(status: StatusCode, xml: String, request_id: Uuid) -> Response<Body> {
    let length = HeaderValue::from(xml.len());
    let mut response = Response::new(body::full(xml));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    headers.insert(CONTENT_LENGTH, length);
    if let Ok(id) = HeaderValue::from_str(&request_id.to_string()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
