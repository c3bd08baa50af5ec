//! The one error type inside the emulator: what AWS would have answered.

use std::borrow::Cow;

use serde_json::Value;

/// The header that names what footbridge does not implement.
pub const REFUSED: &str = "x-footbridge-refused";

/// An AWS error answer: code, message, HTTP status and the further members that AWS sends beside them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct AwsError {
    /// The error code, such as `NoSuchKey` or `ValidationException`.
    pub code: Cow<'static, str>,
    /// The sentence that AWS gives. Empty where AWS gives none.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
    /// Members beside code and message, in AWS's order: XML elements for S3, JSON members for DynamoDB.
    pub members: Vec<(Cow<'static, str>, Value)>,
    /// Headers that AWS sends with this error.
    pub headers: Vec<(&'static str, String)>,
    /// Whether AWS sends nothing but the status.
    pub bare: bool,
}

impl AwsError {
    /// An error with no further members.
    pub fn new(status: u16, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            status,
            members: Vec::new(),
            headers: Vec::new(),
            bare: false,
        }
    }

    /// DynamoDB's `ValidationException` (400).
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationException", message)
    }

    /// 501: an operation that exists on AWS and that this emulator does not have, or what one is asked for. It is also
    /// named in a header, because an answer to HEAD has no body.
    #[must_use]
    pub fn not_implemented(what: &str) -> Self {
        Self::new(501, "NotImplemented", format!("footbridge does not implement {what}")).with_header(REFUSED, what)
    }

    /// The same error without a document.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    /// Adds a member beside code and message.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.members.push((name.into(), value.into()));
        self
    }

    /// Adds a header; `name` in lower case.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
