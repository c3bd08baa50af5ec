//! Records what other clients do at the endpoint.

use serde_json::Value;

use super::milliseconds;
use super::{Finished, Outcome, Recorder, Start, Subject, Target, Who};
use crate::emulator::observer::{CallEnd, CallStart, Observer};

/// Records each call that the emulator reports. A local call is served even where it cannot be recorded; the log then
/// says so.
#[derive(Debug)]
pub struct EndpointObserver(Recorder);

impl EndpointObserver {
    /// Records with `recorder`.
    #[must_use]
    pub fn new(recorder: Recorder) -> Self {
        Self(recorder)
    }
}

impl Observer for EndpointObserver {
    fn started(&self, call: &CallStart) {
        let start = Start {
            who: Who::Endpoint { user_agent: call.user_agent.clone() },
            target: Target::Local { account: Some(call.account.clone()), region: Some(call.region.clone()) },
            subject: Subject::Operation { service: call.service.clone(), operation: call.operation.clone() },
            resources: call.resources.clone(),
            access: call.access.clone(),
            parameters: &Value::Null,
            bytes_in: call.bytes_in,
        };
        if let Err(error) = self.0.begin(call.id, call.at, start) {
            tracing::error!(%error, id = %call.id, "a call is not in the journal");
        }
    }

    fn finished(&self, call: &CallEnd) {
        let outcome = match &call.error {
            Some((code, message)) => Outcome::Error { code: code.clone(), message: message.clone() },
            None if call.status == 499 => Outcome::Abandoned,
            None if call.status >= 400 => Outcome::Error { code: call.status.to_string(), message: String::new() },
            None => Outcome::Ok,
        };
        let finished = Finished {
            outcome: self.0.clean(outcome),
            ms: milliseconds(call.took),
            http_status: Some(call.status),
            bytes_out: Some(call.bytes_out),
            aws_calls: Vec::new(),
            response: Value::Null,
        };
        if let Err(error) = self.0.end(call.id, finished) {
            tracing::error!(%error, id = %call.id, "a call's end is not in the journal");
        }
    }
}
