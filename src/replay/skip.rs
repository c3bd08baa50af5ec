//! Why a recorded call is not made again.

use serde::Serialize;

use crate::journal::{Call, Outcome, Subject, Who};

/// Why a recorded call is not made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skip {
    /// A word for programs.
    pub code: &'static str,
    /// A phrase for people.
    pub text: String,
}

/// Errors that tell of the bridge or of the way to the backend, and nothing of what this holds.
const NO_ANSWER: [&str; 9] = [
    "no_answer",
    "no_endpoint",
    "timed_out",
    "no_credentials",
    "session_expired",
    "no_region",
    "wrong_endpoint",
    "storage",
    "internal",
];

impl Skip {
    pub(super) fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// Why `call` cannot be made again, as far as its own record tells.
    pub(super) fn of(call: &Call) -> Option<Self> {
        let tool = match &call.started.subject {
            Subject::Tool { tool } => tool,
            Subject::Operation { .. } => {
                let by = match &call.started.who {
                    Who::Endpoint { user_agent: Some(agent) } => {
                        format!(" by {}", agent.split_whitespace().next().unwrap_or(agent))
                    }
                    _ => String::new(),
                };
                return Some(Self::new("endpoint", format!("made at the endpoint{by}: only its name is recorded")));
            }
        };
        if tool == "bridge_status" {
            return Some(Self::new("about_the_bridge", "tells of the bridge itself"));
        }
        match call.finished.as_ref().map(|end| &end.outcome) {
            None => return Some(Self::new("unfinished", "its end is not recorded")),
            Some(Outcome::Abandoned) => return Some(Self::new("unfinished", "nobody waited for its end")),
            Some(Outcome::Refused { reason }) => {
                let code = reason.split(':').next().unwrap_or(reason);
                return Some(Self::new("refused", format!("was refused when it was recorded ({code})")));
            }
            Some(Outcome::Error { code, .. }) if NO_ANSWER.contains(&code.as_str()) => {
                return Some(Self::new("no_answer", format!("got no answer when it was recorded ({code})")));
            }
            Some(Outcome::Ok | Outcome::Error { .. }) => {}
        }
        if call.started.partial {
            return Some(Self::new("partial", "its arguments are cut or redacted in the journal"));
        }
        if call.started.parameters.get("save_to").is_some() {
            return Some(Self::new("saves_a_file", "saves to a file of this machine"));
        }
        None
    }

    /// Whether an error on the way to the backend means that no further call will get there either.
    pub(super) fn is_final(code: &str) -> bool {
        NO_ANSWER.contains(&code) && !matches!(code, "no_answer" | "no_endpoint" | "timed_out" | "internal")
    }
}
