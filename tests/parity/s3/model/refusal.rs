//! Errors, as AWS words them (recorded answers of us-east-1, 2026-02, unless said).

use serde_json::{Value as Json, json};

use super::Known;
use super::state::Version;
use crate::call::Answer;

/// Members of an answer.
type Members = Vec<(String, Json)>;

/// Why a call is refused.
#[derive(Debug, Clone)]
pub struct Refusal {
    status: u16,
    code: &'static str,
    /// None where AWS's words are not known.
    message: Option<String>,
    /// Further members of the document.
    members: Members,
    /// What the headers tell, which HEAD has too.
    headers: Members,
    known: Known,
}

impl Refusal {
    pub fn new(status: u16, code: &'static str, message: &str) -> Self {
        let (members, headers) = (Members::new(), Members::new());
        Self { status, code, message: Some(message.to_owned()), members, headers, known: Known::Whole }
    }

    /// One of which only status and code are known.
    pub fn vague(status: u16, code: &'static str) -> Self {
        Self { message: None, known: Known::Part, ..Self::new(status, code, "") }
    }

    pub fn with(mut self, member: &str, value: impl Into<Json>) -> Self {
        self.members.push((member.to_owned(), value.into()));
        self
    }

    pub fn with_header(mut self, member: &str, value: impl Into<Json>) -> Self {
        self.headers.push((member.to_owned(), value.into()));
        self
    }

    pub fn known(&self) -> Known {
        self.known
    }

    pub fn code(&self) -> &'static str {
        self.code
    }

    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The answer; to HEAD and for 304 without a document.
    pub fn answer(&self, head: bool) -> Answer {
        let headers = || self.headers.iter().cloned();
        if head || self.status == 304 {
            return Answer {
                status: self.status,
                code: Some(String::new()),
                message: None,
                output: headers().collect(),
            };
        }
        let output = headers().chain(self.members.iter().cloned()).collect();
        Answer { status: self.status, code: Some(self.code.to_owned()), message: self.message.clone(), output }
    }
}

pub fn no_such_bucket(name: &str) -> Refusal {
    Refusal::new(404, "NoSuchBucket", "The specified bucket does not exist").with("BucketName", name)
}

pub fn no_such_key(key: &str) -> Refusal {
    Refusal::new(404, "NoSuchKey", "The specified key does not exist.").with("Key", key)
}

pub fn no_such_version(key: &str, id: &str) -> Refusal {
    Refusal::new(404, "NoSuchVersion", "The specified version does not exist.").with("Key", key).with("VersionId", id)
}

pub fn no_such_upload(id: &str) -> Refusal {
    let message = "The specified upload does not exist. The upload ID may be invalid, or the upload may have been \
                   aborted or completed.";
    Refusal::new(404, "NoSuchUpload", message).with("UploadId", id)
}

pub fn invalid_argument(message: &str, name: &str, value: impl Into<Json>) -> Refusal {
    Refusal::new(400, "InvalidArgument", message).with("ArgumentName", name).with("ArgumentValue", value)
}

pub fn invalid_request(message: &str) -> Refusal {
    Refusal::new(400, "InvalidRequest", message)
}

pub fn malformed() -> Refusal {
    let message = "The XML you provided was not well-formed or did not validate against our published schema";
    Refusal::new(400, "MalformedXML", message)
}

pub fn precondition(header: &str) -> Refusal {
    Refusal::new(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        .with("Condition", header)
}

pub fn not_implemented(header: &str, why: &str) -> Refusal {
    Refusal::new(501, "NotImplemented", "A header you provided implies functionality that is not implemented")
        .with("Header", header)
        .with("additionalMessage", why)
}

/// The headers that tell of a delete marker.
pub fn marked(refusal: Refusal, marker: &Version) -> Refusal {
    refusal.with_header("DeleteMarker", "true").with_header("VersionId", marker.id.as_str())
}

/// A delete marker that is asked for by its id.
pub fn is_marker(method: &str, marker: &Version) -> Refusal {
    let message = "The specified method is not allowed against this resource.";
    let refusal = Refusal::new(405, "MethodNotAllowed", message).with("Method", method);
    marked(refusal.with("ResourceType", "DeleteMarker").with_header("Allow", "DELETE"), marker)
}

/// AWS's public words: error responses of Amazon S3.
pub fn key_too_long(key: &str) -> Refusal {
    Refusal::new(400, "KeyTooLongError", "Your key is too long")
        .with("Size", json!(key.len()).to_string())
        .with("MaxSizeAllowed", "1024")
}
