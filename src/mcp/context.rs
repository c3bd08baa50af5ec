//! What a running tool can reach.

use super::bridge::{Endpoint, Problems};
use super::files::Files;
use crate::backend::aws::{Target, TargetKind};
use crate::config::Mode;

/// Clients, limits and defaults.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    pub(crate) sts: Option<aws_sdk_sts::Client>,
    pub(crate) target: Target,
    pub(super) endpoint: Endpoint,
    pub(crate) mode: Mode,
    pub(crate) default_bucket: Option<String>,
    pub(crate) default_table: Option<String>,
    pub(crate) files: Files,
    /// What the configuration said and nobody followed.
    pub(crate) not_honoured: Vec<String>,
    /// The most bytes of an answer.
    pub(crate) budget: usize,
    pub(super) problems: Problems,
}

impl Context {
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

    /// What a page may hold beside its envelope and its cursor.
    pub(crate) fn page_budget(&self) -> usize {
        self.budget - (self.budget / 2).min(4096)
    }
}
