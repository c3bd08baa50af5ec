//! Why a recorded call is not made again.

use serde::Serialize;

use crate::emulator::auth::DEFAULT_ACCOUNT;
use crate::journal::{Admission, Call, Outcome, Subject, Target};

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

/// Errors of calls that were not let in, or whose body was not what they said of it. The request as we would make it
/// lacks the fault, so that it would do what was refused.
const NOT_ADMITTED: [&str; 24] = [
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationHeaderMalformed",
    "AuthorizationQueryParametersError",
    "BadDigest",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteBody",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidAccessKeyId",
    "InvalidChunkSizeError",
    "InvalidClientTokenId",
    "InvalidDigest",
    "InvalidSignatureException",
    "InvalidToken",
    "MalformedTrailerError",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "MissingContentLength",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "XAmzContentSHA256Mismatch",
];

impl Skip {
    pub(super) fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// Why `call` cannot be made again, as far as its own record tells.
    pub(super) fn of(call: &Call) -> Option<Self> {
        if matches!(&call.started.subject, Subject::Tool { tool } if tool == "bridge_status") {
            return Some(Self::new("about_the_bridge", "tells of the bridge itself"));
        }
        let is_operation = matches!(call.started.subject, Subject::Operation { .. });
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
        if is_operation && let Some(skip) = Self::of_caller(call) {
            return Some(skip);
        }
        if call.started.partial {
            let what = if is_operation { "its headers or its body" } else { "its arguments" };
            return Some(Self::new("partial", format!("{what} are cut or redacted in the journal")));
        }
        if call.started.parameters.get("save_to").is_some() {
            return Some(Self::new("saves_a_file", "saves to a file of this machine"));
        }
        None
    }

    /// Why a call at the endpoint is not ours to make: with our signature it may do what its caller could not.
    fn of_caller(call: &Call) -> Option<Self> {
        let refused =
            |why: &str| Some(Self::new("not_admitted", format!("was not admitted when it was recorded{why}")));
        let end = call.finished.as_ref()?;
        if let Outcome::Error { code, message } = &end.outcome {
            let lacked = code == "InvalidRequest" && message.starts_with("Missing required header");
            // Older records do not say who was let in.
            let forbidden = call.started.admission.is_none() && end.http_status == Some(403);
            if NOT_ADMITTED.contains(&code.as_str()) || lacked || forbidden {
                return refused(&format!(" ({code})"));
            }
        }
        match call.started.admission {
            None | Some(Admission::Signed) => {}
            // It has a reason of its own.
            Some(Admission::Unsigned) if call.name() == "PostObject" => {}
            Some(Admission::Unsigned) => return Some(Self::new("unsigned", "was not signed when it was recorded")),
            Some(Admission::Presigned) => {
                return Some(Self::new("presigned", "was made with a presigned URL, by somebody else's permission"));
            }
            Some(Admission::Refused | Admission::Unknown) => return refused(""),
        }
        match &call.started.target {
            Target::Local { account: Some(account), .. } if account != DEFAULT_ACCOUNT => {
                Some(Self::new("other_account", format!("was made in account {account}")))
            }
            _ => None,
        }
    }

    /// Whether an error on the way to the backend means that no further call will get there either.
    pub(super) fn is_final(code: &str) -> bool {
        NO_ANSWER.contains(&code) && !matches!(code, "no_answer" | "no_endpoint" | "timed_out" | "internal")
    }
}
