//! Why there is no answer, in the dashboard's words.

use footbridge_tui::ask::Trouble;

use crate::mcp::ToolError;

/// A trouble of ours.
pub(in crate::dashboard) fn ours(code: &str, message: impl Into<String>) -> Trouble {
    Trouble { code: code.to_owned(), message: message.into() }
}

/// What was asked for is wrong.
pub(super) fn wrong(message: impl Into<String>) -> ToolError {
    ToolError::new("invalid_request", message)
}

/// Nobody wants it any more.
pub(super) fn called_off() -> ToolError {
    ToolError::new("called_off", "it was called off")
}

/// The error of a deed. The hints that go with AWS's codes name tools, which a person at the dashboard has not; ours are for
/// everybody.
pub(super) fn of(error: ToolError) -> Trouble {
    let message = match error.hint.filter(|_| error.status.is_none()) {
        Some(hint) => format!("{}: {}", error.message, hint.trim_end_matches('.')),
        None => error.message,
    };
    // AWS says nothing where it answers a HEAD.
    let message = if message.is_empty() { "AWS gives no reason".to_owned() } else { message };
    Trouble { code: error.code, message }
}
