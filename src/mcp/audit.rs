//! Every call that passes the door in the journal: as it starts, and as it ends.

use serde_json::Value;

use super::authorizer::Caller;
use super::current::Made;
use super::error::ToolError;
use super::inner::Inner;
use super::tool;
use crate::emulator::access::Access;
use crate::journal::{self, AwsCall, Finish, OpenCall, Outcome, Start, Subject, Who};

/// Records that a call starts, which asks `asks` of IAM where it is an AWS call by itself. What goes to AWS runs only once
/// its record is on file.
pub(super) async fn start(
    bridge: &Inner,
    caller: &Caller,
    subject: Subject,
    access: &tool::Access,
    asks: Access,
    arguments: Value,
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
        target: journal::Target::from(&bridge.context.target),
        target_name: Some(bridge.context.target.name.clone()).filter(|name| !matches!(name.as_str(), "local" | "aws")),
        subject,
        resources: access.uris(),
        access: asks,
        parameters: arguments,
        bytes_in: None,
    };
    if local {
        return Ok(Some(recorder.start(start)));
    }
    recorder.start_on_file(start).await.map(Some).map_err(|error| refused(&error.to_string()))
}

/// Records how a tool call ended. A call that is dropped before is recorded as abandoned by the journal itself.
pub(super) fn finish(entry: Option<OpenCall>, outcome: Result<Value, &ToolError>, mut made: Made) {
    let (outcome, response) = match outcome {
        Ok(value) => (Outcome::Ok, value),
        Err(error) => {
            let caused = |call: &&mut AwsCall| error.request_id.is_some() && call.request_id == error.request_id;
            if let Some(call) = made.calls.iter_mut().find(caused) {
                call.error = Some(error.code.clone());
            }
            (failed(error), Value::Null)
        }
    };
    end(entry, outcome, response, made);
}

/// How a call ended that came to this.
fn failed(error: &ToolError) -> Outcome {
    if error.is_refusal() {
        Outcome::Refused { reason: format!("{}: {}", error.code, error.message) }
    } else {
        Outcome::Error { code: error.code.clone(), message: error.message.clone() }
    }
}

/// Records that a call has this end.
pub(super) fn end(entry: Option<OpenCall>, outcome: Outcome, response: Value, made: Made) {
    if let Some(entry) = entry {
        let Made { calls: aws_calls, left_out: aws_calls_left_out } = made;
        entry.finish(Finish { outcome, aws_calls, aws_calls_left_out, bytes_out: None, response });
    }
}

fn who(caller: &Caller) -> Who {
    match caller {
        Caller::Client(client) => {
            Who::Mcp { client: Some(format!("{} {}", client.name, client.version).trim().to_owned()) }
        }
        Caller::Command(command) => Who::Cli { command: (*command).to_owned() },
    }
}
