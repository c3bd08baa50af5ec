//! The error that a tool answers with, and how AWS's errors become one.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::hints;
use super::notes;
use super::quoted::one_line;
use crate::backend::{BridgeError, BridgeErrorKind, aws as backend};
use crate::causes;

/// A tool's error: AWS's own code and message, or ours (a lower-case code), with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolError {
    /// AWS's code, such as `ConditionalCheckFailedException`, or ours, such as `confirm_required`.
    pub code: String,
    /// What went wrong.
    pub message: String,
    /// What to do about it, where that is known.
    pub hint: Option<String>,
    /// What was done to the call before it failed, where that is worth knowing.
    pub note: Option<Box<str>>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// The HTTP status of AWS's answer.
    pub status: Option<u16>,
    /// AWS's request id.
    pub request_id: Option<String>,
}

impl ToolError {
    /// An error of ours that repeating the call does not cure.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            hint: None,
            note: None,
            retryable: false,
            status: None,
            request_id: None,
        }
    }

    /// The arguments are wrong.
    pub(crate) fn arguments(message: impl Into<String>) -> Self {
        Self::new("invalid_arguments", message)
    }

    /// Says what to do about it, in place of the hint so far.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says what was done to the call.
    pub(super) fn with_notes(mut self, notes: &[String]) -> Self {
        self.note = notes::joined(notes).map(Into::into);
        self
    }

    /// Whether nothing was sent because it was not allowed.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self.code.as_str(),
            "needs_a_person"
                | "input_required"
                | "stale_form"
                | "denied"
                | "not_allowed"
                | "not_offered"
                | "confirm_required"
                | "audit_failed"
                | "file_not_allowed"
        )
    }

    /// Says what had been done before the error.
    #[must_use]
    pub(crate) fn after(mut self, done: &str) -> Self {
        self.message = format!("{} ({done})", self.message);
        self
    }
}

impl From<BridgeError> for ToolError {
    fn from(error: BridgeError) -> Self {
        let code = match error.kind {
            BridgeErrorKind::Credentials => "no_credentials",
            BridgeErrorKind::SessionExpired => "session_expired",
            BridgeErrorKind::Region => "no_region",
            BridgeErrorKind::Settings => "wrong_settings",
            BridgeErrorKind::Endpoint => "wrong_endpoint",
            BridgeErrorKind::Storage => "storage",
            _ => "no_answer",
        };
        Self { hint: error.hint, retryable: error.retryable, ..Self::new(code, error.message) }
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if !self.message.is_empty() {
            write!(f, ": {}", one_line(&self.message))?;
        }
        if let Some(note) = &self.note {
            write!(f, "\nNote: {}", one_line(note))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nHint: {}", one_line(hint))?;
        }
        if let Some(status) = self.status {
            write!(f, "\nHTTP {status}, {}", if self.retryable { "retryable" } else { "not retryable" })?;
            if let Some(id) = &self.request_id {
                write!(f, ", request id {id}")?;
            }
        } else if self.retryable {
            write!(f, "\nRetryable")?;
        }
        Ok(())
    }
}

impl Error for ToolError {}

impl From<crate::json::JsonError> for ToolError {
    fn from(error: crate::json::JsonError) -> Self {
        Self::arguments(error.to_string())
    }
}

impl<E> From<SdkError<E, HttpResponse>> for ToolError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        if let Some(ours) = backend::explain(&error) {
            return ours.into();
        }
        let status = error.raw_response().map(|response| response.status().as_u16());
        let request_id = error.request_id().map(str::to_owned);
        match &error {
            SdkError::ServiceError(service) => {
                let meta = service.err().meta();
                let code = meta.code().unwrap_or(match status {
                    Some(304) => "NotModified",
                    Some(404) => "NotFound",
                    Some(412) => "PreconditionFailed",
                    Some(403) => "Forbidden",
                    _ => "UnknownError",
                });
                Self {
                    code: code.to_owned(),
                    message: meta.message().unwrap_or_default().to_owned(),
                    hint: hints::for_code(code).map(str::to_owned),
                    note: None,
                    retryable: hints::is_retryable(code, status),
                    status,
                    request_id,
                }
            }
            SdkError::ConstructionFailure(_) => Self::arguments(causes::told(&error)),
            other => {
                let retryable = !matches!(other, SdkError::ResponseError(_));
                Self { retryable, status, request_id, ..Self::new("no_answer", causes::told(other)) }
            }
        }
    }
}
