//! Every tool call in the journal: as it starts, and as it ends.

use serde_json::Value;

use super::authorizer::Caller;
use super::bridge::Inner;
use super::error::ToolError;
use super::tool;
use crate::backend::aws::{Target, TargetKind};
use crate::emulator::access::Access;
use crate::journal::{self, AwsCall, Finish, OpenCall, Outcome, Start, Subject, Who};

/// Records that a call starts. What goes to AWS runs only with a record.
pub(super) fn start(
    bridge: &Inner,
    caller: &Caller,
    tool: &str,
    access: &tool::Access,
    arguments: &Value,
) -> Result<Option<OpenCall>, ToolError> {
    let refused = |reason: &str| {
        ToolError::new("audit_failed", format!("the call could not be recorded: {reason}"))
            .hint("calls to AWS run only with a record; a person must make the data directory writable.")
    };
    let local = bridge.context.is_local();
    let Some(recorder) = &bridge.recorder else {
        return if local { Ok(None) } else { Err(refused("there is no journal")) };
    };
    let start = Start {
        who: who(caller),
        target: target(&bridge.context.target),
        subject: Subject::Tool { tool: tool.to_owned() },
        resources: access.resources.clone(),
        access: Access::new(),
        parameters: arguments,
        bytes_in: None,
    };
    match recorder.start(start) {
        Ok(call) => Ok(Some(call)),
        Err(error) if local => {
            tracing::warn!(%error, tool, "a tool call goes unrecorded");
            Ok(None)
        }
        Err(error) => Err(refused(&error.to_string())),
    }
}

/// Records how a call ended. A call that is dropped before is recorded as abandoned by the journal itself.
pub(super) fn finish(entry: Option<OpenCall>, outcome: &Result<Value, ToolError>, mut calls: Vec<AwsCall>) {
    let Some(entry) = entry else { return };
    let (outcome, response) = match outcome {
        Ok(value) => (Outcome::Ok, value),
        Err(error) => {
            let caused = |call: &&mut AwsCall| error.request_id.is_some() && call.request_id == error.request_id;
            if let Some(call) = calls.iter_mut().find(caused) {
                call.error = Some(error.code.clone());
            }
            let outcome = if error.is_refusal() {
                Outcome::Refused { reason: format!("{}: {}", error.code, error.message) }
            } else {
                Outcome::Error { code: error.code.clone(), message: error.message.clone() }
            };
            (outcome, &Value::Null)
        }
    };
    let id = entry.id();
    if let Err(error) = entry.finish(Finish { outcome, aws_calls: calls, bytes_out: None, response }) {
        tracing::error!(%error, %id, "the end of a tool call is not in the journal");
    }
}

fn who(caller: &Caller) -> Who {
    match caller {
        Caller::Client { name, version } => Who::Mcp { client: Some(format!("{name} {version}").trim().to_owned()) },
        Caller::Command(command) => Who::Cli { command: (*command).to_owned() },
    }
}

fn target(target: &Target) -> journal::Target {
    let (account, region) = (target.account.clone(), Some(target.region.clone()));
    match &target.kind {
        TargetKind::Local => journal::Target::Local { account, region },
        TargetKind::Aws => journal::Target::Aws { account, region },
        TargetKind::Custom(url) => journal::Target::Custom { url: url.clone(), region },
    }
}
