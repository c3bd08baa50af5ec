//! The record of every tool call: one entry when it starts, one when it ends.

use std::time::Duration;

use serde_json::Value;

use super::authorizer::{Caller, Effect};
use super::calls::AwsCall;

/// The record could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct AuditError(pub String);

/// What is known of a call before it runs.
#[derive(Debug)]
pub struct Started<'a> {
    /// The call's identifier, the same in [`Finished`].
    pub id: &'a str,
    /// Who calls.
    pub caller: &'a Caller,
    /// The tool's name.
    pub tool: &'a str,
    /// The arguments, with defaults filled in.
    pub arguments: &'a Value,
    /// The resources that the call touches, as URIs.
    pub resources: &'a [String],
    /// What it does to them.
    pub effect: Effect,
}

/// How a call ended.
#[derive(Debug)]
pub struct Finished<'a> {
    /// The call's identifier.
    pub id: &'a str,
    /// The tool's name.
    pub tool: &'a str,
    /// The answer's text, or the error's; `None` where the client cancelled the call.
    pub outcome: Option<Result<&'a str, &'a str>>,
    /// How long it took.
    pub took: Duration,
    /// The AWS calls that it made, in the order in which they ended.
    pub calls: &'a [AwsCall],
}

/// Where tool calls are recorded.
pub trait Audit: Send + Sync + 'static {
    /// Records that a call starts.
    ///
    /// # Errors
    /// Where the record cannot be kept; a call that goes to AWS is then refused.
    fn started(&self, call: &Started<'_>) -> Result<(), AuditError>;

    /// Records how a call ended.
    fn finished(&self, call: &Finished<'_>);
}

/// Keeps no record.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoAudit;

impl Audit for NoAudit {
    fn started(&self, _call: &Started<'_>) -> Result<(), AuditError> {
        Ok(())
    }

    fn finished(&self, _call: &Finished<'_>) {}
}
