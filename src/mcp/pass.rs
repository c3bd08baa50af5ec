//! An AWS operation through the door that tool calls pass: authorizer, record, time limit, record.

use serde_json::Value;

use super::authorizer::{Caller, Effect};
use super::bridge::Bridge;
use super::error::ToolError;
use super::runner::{self, Deed};
use super::tool::Access;
use crate::emulator::access as iam;
use crate::journal::{Outcome, Subject};

/// A call of an AWS operation.
pub(crate) struct Operation<'a> {
    pub(crate) service: &'a str,
    pub(crate) name: &'a str,
    pub(crate) resources: &'a [String],
    /// What IAM asks of it.
    pub(crate) access: &'a iam::Access,
    /// As they are recorded.
    pub(crate) parameters: &'a Value,
    pub(crate) effect: Effect,
}

/// What a service answered, an error of its own too.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    pub(crate) outcome: Outcome,
    /// As it is recorded.
    pub(crate) response: Value,
}

impl Bridge {
    /// Does `work`, which is this call, where it may be done. What it destroys has to be meant by who asks.
    ///
    /// # Errors
    /// [`ToolError`] where it may not be done, or no service answered.
    pub(crate) async fn pass(
        &self,
        caller: &Caller,
        of: Operation<'_>,
        work: impl Future<Output = Result<Answered, ToolError>>,
    ) -> Result<Answered, ToolError> {
        let deed = Deed {
            subject: Subject::Operation { service: of.service.to_owned(), operation: of.name.to_owned() },
            asks: of.access.clone(),
            arguments: of.parameters.clone(),
            access: Access::of(of.effect, of.resources.iter().cloned()).confirmed(Some(true)),
            limit: Some(self.0.time_limit),
            recorded: true,
        };
        let work = async { work.await.map(|answered| (answered.outcome.clone(), answered.response.clone(), answered)) };
        // Boxed: what an SDK's request takes would swell every future that waits for it.
        Box::pin(runner::perform(&self.0, caller, deed, work)).await
    }
}
