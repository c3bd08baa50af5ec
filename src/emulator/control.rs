//! What our own processes ask of the one that has the data, beside what AWS has.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::core::Emulator;
use super::snapshot::{Restore, SnapshotError, Take, Trouble};
use super::undo::Undo;

/// What is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// A snapshot; the answer is a [`Taken`](super::snapshot::Taken).
    Snapshot(Take),
    /// An earlier state; the answer is a [`Restored`](super::snapshot::Restored).
    Restore(Restore),
    /// Which snapshots there are; the answer is a list of [`Listed`](super::snapshot::Listed).
    Snapshots,
    /// One snapshot less.
    DeleteSnapshot(String),
    /// The last tool calls taken back; the answer is an [`Undone`](super::undo::Undone).
    Undo(Undo),
}

impl Emulator {
    /// Does what our own processes ask.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub async fn control(&self, asked: Control) -> Result<Json, SnapshotError> {
        fn shown(answer: &impl Serialize) -> Result<Json, SnapshotError> {
            serde_json::to_value(answer).map_err(|error| SnapshotError::new(Trouble::Failed, error.to_string()))
        }
        match asked {
            Control::Snapshot(take) => shown(&self.take_snapshot(take).await?),
            Control::Restore(restore) => shown(&self.restore_snapshot(restore).await?),
            Control::Snapshots => shown(&self.shelf().list()?),
            Control::DeleteSnapshot(name) => shown(&self.shelf().delete(&name)?),
            Control::Undo(undo) => shown(&self.undo(undo).await?),
        }
    }
}
