//! The journal's calls in the dashboard's words.

use footbridge_tui::model::{self, CallId, Client, Door};

use crate::journal::{self, Subject, Who};

/// `call` of the journal of `store`.
pub(super) fn call(call: &journal::Call, store: &str) -> model::Call {
    let started = &call.started;
    let (service, name) = match &started.subject {
        Subject::Tool { tool } => (service_of(tool), tool.clone()),
        Subject::Operation { service, operation } => (service.clone(), operation.clone()),
    };
    model::Call {
        id: CallId(call.id.as_u128()),
        at: call.at,
        store: store.to_owned(),
        pid: started.pid,
        client: client(&started.who),
        target: target(&started.target),
        service,
        name,
        resources: started.resources.clone(),
        request: started.parameters.clone(),
        partial: started.partial,
        bytes_in: started.bytes_in,
        end: call.finished.as_ref().map(end),
    }
}

/// `call`, whose process ended before it did.
pub(super) fn lost(lost: &journal::Call, store: &str) -> model::Call {
    let end = model::End {
        outcome: model::Outcome::Lost,
        ms: 0.0,
        http_status: None,
        bytes_out: None,
        aws_calls: Vec::new(),
        response: serde_json::Value::Null,
    };
    model::Call { end: Some(end), ..call(lost, store) }
}

/// A tool's service is how its name begins; tools of the bridge itself have none.
fn service_of(tool: &str) -> String {
    let first = tool.split('_').next().unwrap_or_default();
    if matches!(first, "s3" | "dynamodb") { first.to_owned() } else { String::new() }
}

fn client(who: &Who) -> Client {
    let (door, name) = match who {
        Who::Mcp { client } => (Door::Mcp, client.clone()),
        Who::Endpoint { user_agent } => (Door::Endpoint, user_agent.clone()),
        Who::Cli { command } => (Door::Cli, Some(command.clone())),
    };
    Client { door, name: name.unwrap_or_default() }
}

fn target(target: &journal::Target) -> model::Target {
    match target.clone() {
        journal::Target::Local { account, region } => model::Target::Local { account, region },
        journal::Target::Aws { account, region } => model::Target::Aws { account, region },
        journal::Target::Custom { url, region } => model::Target::Custom { url, region },
    }
}

fn end(end: &journal::Finished) -> model::End {
    model::End {
        outcome: outcome(&end.outcome),
        ms: end.ms,
        http_status: end.http_status,
        bytes_out: end.bytes_out,
        aws_calls: end.aws_calls.iter().map(aws_call).collect(),
        response: end.response.clone(),
    }
}

fn outcome(outcome: &journal::Outcome) -> model::Outcome {
    match outcome.clone() {
        journal::Outcome::Ok => model::Outcome::Ok,
        journal::Outcome::Error { code, message } => model::Outcome::Error { code, message },
        journal::Outcome::Refused { reason } => model::Outcome::Refused { reason },
        journal::Outcome::Abandoned => model::Outcome::Abandoned,
    }
}

fn aws_call(made: &journal::AwsCall) -> model::AwsCall {
    let journal::AwsCall { service, operation, status, error, ms, request_id, attempts, access: _ } = made.clone();
    model::AwsCall { service, operation, status, error, ms, request_id, attempts }
}
