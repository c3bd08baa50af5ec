//! Snapshots and undo as tools ask for them, of whoever has the local data, and what is kept before a call destroys.

use super::access::Sort;
use super::authorizer::Effect;
use super::context::Context;
use super::error::ToolError;
use super::notes::say;
use super::tool::Access;
use crate::backend::{ControlError, Gateway};
use crate::emulator::control::Control;
use crate::emulator::snapshot::{MOST_AUTOMATIC, Scope, SnapshotError, Take, Taken, Trouble, Words};

/// The way to the local data of a bridge.
///
/// # Errors
/// [`ToolError`] where the bridge speaks to AWS.
pub(crate) fn gateway(context: &Context) -> Result<&Gateway, ToolError> {
    context.gateway.as_ref().filter(|_| context.is_local()).ok_or_else(|| {
        ToolError::new("local_only", "snapshot, restore and undo work on the local backend, and this one speaks to AWS")
            .hint("nothing was done; AWS has backups and versioning of its own.")
    })
}

/// What `uris` of an argument mean to the callers of a bridge.
pub(crate) fn scope(context: &Context, uris: &[String]) -> Result<Scope, ToolError> {
    read(context, uris, Words::Asked)
}

fn read(context: &Context, uris: &[String], words: Words) -> Result<Scope, ToolError> {
    let account = context.target.account.as_deref().unwrap_or(crate::emulator::auth::DEFAULT_ACCOUNT);
    Ok(Scope::parse(account, &context.target.region, uris, words).map_err(ControlError::from)?)
}

/// The resources of a call on all that there is: what allow-lists are held against.
pub(crate) fn everything() -> Vec<String> {
    vec!["s3://*".to_owned(), "dynamodb://*".to_owned()]
}

/// Makes a snapshot of what a tool call is about to destroy, and says its name in the answer. Only on the local backend.
///
/// # Errors
/// [`ToolError`] `snapshot_too_large` where there is too much, or why it could not be made: then nothing was destroyed.
pub(crate) async fn before(context: &Context, tool: &str, access: &Access) -> Result<(), ToolError> {
    let Some(gateway) = context.gateway.as_ref().filter(|_| context.is_local()) else { return Ok(()) };
    let written: Vec<_> = access.resources.iter().filter(|resource| resource.effect >= Effect::Write).collect();
    let exact = written.iter().all(|resource| resource.sort == Sort::Object);
    let uris: Vec<_> = written.iter().map(|resource| resource.uri.clone()).collect();
    let scope = read(context, &uris, if exact { Words::Exact } else { Words::Pattern })?;
    let take = Take { scope, before: Some(tool.to_owned()), most: Some(MOST_AUTOMATIC), ..Take::default() };
    match gateway.ask::<Taken>(Control::Snapshot(take)).await {
        // Of what is not there, the call itself says so.
        Ok(taken) if taken.tables + taken.buckets == 0 => Ok(gateway.ask(Control::DeleteSnapshot(taken.name)).await?),
        Ok(taken) => {
            say(format!("snapshot {} was made before", taken.name));
            Ok(())
        }
        Err(ControlError::Refused(SnapshotError { trouble: Trouble::TooLarge, message })) => Err(ToolError::new(
            "snapshot_too_large",
            format!("{message}, so no snapshot was made before, and nothing was done"),
        )
        .hint("repeat the call with snapshot: false if it may go for good.")),
        Err(error) => Err(error.into()),
    }
}

impl From<ControlError> for ToolError {
    fn from(error: ControlError) -> Self {
        let code = match &error {
            ControlError::Refused(SnapshotError { trouble, .. }) => match trouble {
                Trouble::Asked => "invalid_arguments",
                Trouble::TooLarge => "snapshot_too_large",
                Trouble::Damaged => "damaged_snapshot",
                Trouble::Newer => "newer_on_top",
                Trouble::Failed => "storage",
            },
            ControlError::Link(_) | ControlError::Old => "no_answer",
        };
        Self::new(code, error.to_string())
    }
}
