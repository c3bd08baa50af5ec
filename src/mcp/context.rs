//! What a running tool can reach.

use std::sync::Arc;

use uuid::Uuid;

use super::current;
use super::files::Files;
use super::targets::Beside;
use crate::backend::Gateway;
use crate::backend::aws::{Target, TargetKind};
use crate::config::{AllowLists, Mode, Offered};

/// Gives the URL at which the S3 endpoint answers just now.
pub type Endpoint = Arc<dyn Fn() -> Option<String> + Send + Sync>;

/// Gives what is wrong and keeps no tool from working, a sentence each.
pub type Problems = Arc<dyn Fn() -> Vec<String> + Send + Sync>;

/// Clients, limits and defaults.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    pub(crate) sts: Option<aws_sdk_sts::Client>,
    pub(crate) target: Target,
    pub(super) endpoint: Endpoint,
    pub(crate) mode: Mode,
    /// What calls may touch, for what lists buckets and tables; the authorizer enforces it.
    pub(crate) allowed: AllowLists,
    /// What is known of the targets beside this one.
    pub(crate) beside: Vec<Beside>,
    pub(crate) default_bucket: Option<String>,
    pub(crate) default_table: Option<String>,
    pub(crate) files: Files,
    /// The tools that clients are offered.
    pub(super) offered: Offered,
    /// What the configuration said and nobody followed.
    pub(crate) not_honoured: Vec<String>,
    /// The most bytes of an answer to whoever reads it whole.
    pub(super) budget: usize,
    pub(super) problems: Problems,
    /// The way to the local data, where this process has one.
    pub(crate) gateway: Option<Gateway>,
    /// The session of the calls that are no client's.
    pub(super) session: Uuid,
}

impl Context {
    /// The session that the call at hand belongs to.
    pub(crate) fn session(&self) -> Uuid {
        current::tool_call().map_or(self.session, |call| call.session)
    }

    /// Whether the tools speak to the embedded emulator.
    pub(crate) fn is_local(&self) -> bool {
        self.target.kind == TargetKind::Local
    }

    /// The URL of the running endpoint. Looking for it may wait for another process.
    pub(crate) async fn endpoint(&self) -> Option<String> {
        let endpoint = self.endpoint.clone();
        tokio::task::spawn_blocking(move || endpoint()).await.ok().flatten()
    }

    /// What is wrong and keeps no tool from working.
    pub(crate) fn problems(&self) -> Vec<String> {
        (self.problems)()
    }

    /// The most bytes of the answer to the call at hand.
    pub(crate) fn budget(&self) -> usize {
        current::budget().map_or(self.budget, |most| most.min(self.budget))
    }

    /// What a page may hold beside its envelope and its cursor.
    pub(crate) fn page_budget(&self) -> usize {
        let budget = self.budget();
        budget - (budget / 2).min(4096)
    }
}
