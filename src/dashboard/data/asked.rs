//! One question, and the door that it passes.

use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::DateTime;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use footbridge_tui::ask::{Trouble, Watch};
use serde_json::Value;

use super::reach::Reach;
use super::trouble;
use crate::emulator::access as iam;
use crate::journal::{Outcome, Subject};
use crate::mcp::{Access, Caller, Deed, Effect, ToolError};

/// As whom a person at the dashboard acts.
const PERSON: Caller = Caller::Command("tui");

/// How long a question may take that is not about a transfer: nothing hangs.
pub(super) const SHORT: Duration = Duration::from_secs(30);

/// How often it is looked whether somebody still waits.
const LOOK: Duration = Duration::from_millis(50);

/// A question as it is answered.
pub(super) struct Asked<'a> {
    pub(super) reach: &'a Reach,
    pub(super) watch: &'a Watch,
}

impl<'a> Asked<'a> {
    pub(super) fn new(reach: &'a Reach, watch: &'a Watch) -> Self {
        Self { reach, watch }
    }

    pub(super) fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        &self.reach.bridge.context().dynamodb
    }

    /// Reads something, as `tool` would with these arguments. What it tells is for the record.
    pub(super) async fn read<T>(
        &self,
        tool: &'static str,
        arguments: Value,
        resource: Option<String>,
        work: impl Future<Output = Result<(Value, T), ToolError>>,
    ) -> Result<T, Trouble> {
        let access = resource.map_or_else(Access::nothing, Access::read);
        self.perform(tool, arguments, access, work).await
    }

    /// Does something within [`SHORT`], unless it is called off.
    pub(super) async fn perform<T>(
        &self,
        tool: &'static str,
        arguments: Value,
        access: Access,
        work: impl Future<Output = Result<(Value, T), ToolError>>,
    ) -> Result<T, Trouble> {
        let done = self.through(tool, arguments, access, Some(SHORT), work);
        tokio::select! {
            done = done => done,
            () = self.called_off() => Err(trouble::of(trouble::called_off())),
        }
    }

    /// Does something that may take long, and that ends by itself when it is called off.
    pub(super) async fn through<T>(
        &self,
        tool: &'static str,
        arguments: Value,
        access: Access,
        limit: Option<Duration>,
        work: impl Future<Output = Result<(Value, T), ToolError>>,
    ) -> Result<T, Trouble> {
        let bridge = &self.reach.bridge;
        let recorded = access.effect != Effect::Read || !bridge.context().is_local();
        let subject = Subject::Tool { tool: tool.to_owned() };
        let deed = Deed { subject, asks: iam::Access::new(), arguments, access, limit, recorded };
        let work = async { work.await.map(|(response, given)| (Outcome::Ok, response, given)) };
        Box::pin(bridge.perform(&PERSON, deed, work)).await.map_err(trouble::of)
    }

    /// What a step of long work gives, unless nobody wants it any more or it takes longer than [`SHORT`].
    pub(super) async fn step<T>(&self, step: impl Future<Output = Result<T, ToolError>>) -> Result<T, ToolError> {
        if self.watch.is_called_off() {
            return Err(trouble::called_off());
        }
        tokio::select! {
            done = tokio::time::timeout(SHORT, step) => done.unwrap_or_else(|_| {
                Err(ToolError::new("timed_out", format!("nothing moved for {} s", SHORT.as_secs())))
            }),
            () = self.called_off() => Err(trouble::called_off()),
        }
    }

    /// Ends when nobody wants the answer any more.
    pub(super) async fn called_off(&self) {
        while !self.watch.is_called_off() {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Calls S3 about a bucket, in the bucket's own region where that is known or S3 names it.
    pub(super) async fn about<T, E>(
        &self,
        bucket: &str,
        call: impl AsyncFn(aws_sdk_s3::Client) -> Result<T, SdkError<E, HttpResponse>>,
    ) -> Result<T, ToolError>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let (client, region) = self.reach.s3(bucket);
        match call(client).await {
            Ok(answer) => Ok(answer),
            Err(error) => match self.reach.elsewhere(bucket, &region, &error).await {
                Some(there) => Ok(call(there).await?),
                None => Err(error.into()),
            },
        }
    }
}

/// A time as the dashboard takes it.
pub(super) fn millis(at: Option<&DateTime>) -> Option<u64> {
    at.and_then(|at| at.to_millis().ok()).and_then(|millis| u64::try_from(millis).ok())
}

/// A size or a count as the dashboard takes it.
pub(super) fn count(number: Option<i64>) -> u64 {
    number.and_then(|number| u64::try_from(number).ok()).unwrap_or_default()
}
