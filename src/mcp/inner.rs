//! What a bridge consists of, for those who run its calls.

use std::sync::Arc;
use std::time::Duration;

use super::authorizer::Authorizer;
use super::consent::Consent;
use super::context::Context;
use super::registry::Registry;
use super::targets::{Others, Regions};
use crate::journal::Recorder;

pub(super) struct Inner {
    pub(super) context: Context,
    pub(super) registry: Arc<Registry>,
    pub(super) authorizer: Arc<dyn Authorizer>,
    pub(super) recorder: Option<Recorder>,
    pub(super) consent: Option<Consent>,
    pub(super) time_limit: Duration,
    /// The targets beside this one.
    pub(super) others: Option<Others>,
    /// This target in other regions.
    pub(super) regions: Regions,
}
