//! What stands between the tools and their backend, as their answer.

use crate::backend::BridgeError;
use crate::causes;
use crate::config::ConfigError;
use crate::journal::JournalError;
use crate::mcp::ToolError;

/// What is true of all of it.
const AGAIN: &str = "Each call looks again: once that is cured, it works. Only what the server was started with (its command \
                     line and its environment) needs a restart of it.";

/// Why there is no session.
pub(super) fn of(error: anyhow::Error) -> ToolError {
    let error = match error.downcast::<BridgeError>() {
        Ok(error) => ToolError::from(error),
        Err(error) => {
            let code = if error.is::<ConfigError>() {
                "bad_configuration"
            } else if error.is::<JournalError>() {
                "audit_failed"
            } else {
                "cannot_start"
            };
            ToolError::new(code, causes::told(error.as_ref()))
        }
    };
    again(error)
}

/// Nothing is wrong, as far as is known.
pub(super) fn opening() -> ToolError {
    ToolError::new("opening", "the configuration and the data are being opened; a call waits for that")
}

/// The process has no working directory.
pub(super) fn no_directory(error: &std::io::Error) -> ToolError {
    ToolError::new("bad_configuration", format!("the working directory cannot be used: {error}"))
        .hint("It was removed, or may not be entered: the server must be started again in another.")
}

fn again(error: ToolError) -> ToolError {
    let hint = match &error.hint {
        Some(hint) => format!("{}. {AGAIN}", hint.trim_end_matches('.')),
        None => AGAIN.to_owned(),
    };
    error.hint(hint)
}
