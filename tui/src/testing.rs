//! Calls for tests.

use serde_json::Value;

use crate::model::{Call, CallId, Client, Door, End, Outcome, Target};

/// A call of a tool that began at `at` and runs.
pub fn call(at: u64, name: &str) -> Call {
    Call {
        id: CallId(u128::from(at)),
        at,
        store: String::new(),
        pid: 7,
        client: Client { door: Door::Mcp, name: String::new() },
        target: Target::Local { account: None, region: None },
        service: name.split('_').next().unwrap_or_default().to_owned(),
        name: name.to_owned(),
        resources: Vec::new(),
        request: Value::Null,
        partial: false,
        bytes_in: None,
        end: None,
    }
}

/// An end as it should be, after `ms`.
pub fn ended(ms: f64) -> End {
    end(Outcome::Ok, ms)
}

/// A failure after `ms`.
pub fn failed(code: &str, message: &str, ms: f64) -> End {
    end(Outcome::Error { code: code.to_owned(), message: message.to_owned() }, ms)
}

fn end(outcome: Outcome, ms: f64) -> End {
    End { outcome, ms, http_status: None, bytes_out: None, aws_calls: Vec::new(), response: Value::Null }
}
