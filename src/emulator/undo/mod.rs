//! Taking back what tool calls wrote. See docs/snapshots.md.

mod tidy;

pub(super) use tidy::forget;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::core::Emulator;
use super::dynamodb::undo as items;
use super::error::AwsError;
use super::inverse::{Outcome, Refused};
use super::s3::undo::{self as objects, Undoing};
use super::snapshot::{SnapshotError, Trouble};
use super::store::log::{self, Head, UnderWay};

/// The error code, which nobody outside sees, of what is not taken back because something newer stands on top.
const NEWER: &str = "FootbridgeNewer";
/// How many calls of a session are kept, and so the most that are taken back at once.
const KEPT: usize = 50;

/// What is to be taken back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Undo {
    /// The session whose calls; without one, whoever's came last.
    pub session: Option<Uuid>,
    /// How many of the last calls that wrote.
    pub calls: usize,
    /// The calls that run in the process that asks.
    #[serde(default)]
    pub running: BTreeSet<Uuid>,
}

/// What was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// The tools of the calls, the newest first.
    pub calls: Vec<String>,
    /// What was done, and how often, by URI.
    pub done: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Emulator {
    /// Takes back the last tool calls that wrote, all of them or none, by inverse writes.
    ///
    /// # Errors
    /// [`Trouble::Newer`] with what stands in the way; [`Trouble::Asked`] where there are not so many calls on record.
    pub async fn undo(&self, undo: Undo) -> Result<Undone, SnapshotError> {
        // In a task of its own: what it writes is no part of the call that asks for it, and goes on where that goes away.
        let emulator = self.clone();
        let task = tokio::spawn(async move { emulator.take_back(undo).await });
        task.await.map_err(|_| SnapshotError::new(Trouble::Failed, "undoing broke off"))?
    }

    async fn take_back(&self, mut undo: Undo) -> Result<Undone, SnapshotError> {
        let now = self.clock().millis();
        undo.running.append(&mut UnderWay::all());
        let write = move |change: &mut Undoing<'_, '_>| {
            let calls = last(change, &undo)?;
            let mut images = Vec::new();
            for (order, _) in &calls {
                let of_call = log::images(change, *order, usize::MAX)?;
                images.extend(of_call.into_iter().map(|(number, image)| (number, *order, image)));
            }
            // The last change first, whichever call made it.
            images.sort_unstable_by(|(one, ..), (other, ..)| other.cmp(one));
            let mut undone =
                Undone { calls: calls.iter().map(|(_, head)| head.call.tool.clone()).collect(), done: BTreeMap::new() };
            let mut bucket = String::new();
            for (number, order, image) in images {
                let (uri, did) = put_back(change, &image, now, &mut bucket).map_err(refused)?;
                *undone.done.entry(uri).or_default().entry(did.to_owned()).or_default() += 1;
                log::delete_image(change.beside(), order, number);
            }
            let mut totals = log::totals(change)?;
            for (order, head) in calls {
                log::delete_head(change.beside(), order, head.call.call);
                totals.bytes = totals.bytes.saturating_sub(head.bytes);
                totals.held = totals.held.saturating_sub(head.held);
            }
            log::put_totals(change.beside(), totals)?;
            Ok(undone)
        };
        let outcome = self.s3().change(write).await;
        self.dynamodb().resume();
        outcome.map_err(|error| match error.code.as_ref() {
            NEWER => SnapshotError::new(Trouble::Newer, error.message),
            "FootbridgeAsked" => SnapshotError::asked(error.message),
            _ => SnapshotError::from(error),
        })
    }
}

/// The last calls that are asked for, the newest first.
fn last(change: &Undoing<'_, '_>, undo: &Undo) -> Result<Vec<(u64, Head)>, AwsError> {
    let asked = |message: String| Err(AwsError::new(400, "FootbridgeAsked", message));
    if !(1..=KEPT).contains(&undo.calls) {
        return asked(format!("between 1 and {KEPT} calls can be undone"));
    }
    let mut heads = log::heads(change)?;
    heads.retain(|(_, head)| undo.session.is_none_or(|session| session == head.call.session));
    heads.reverse();
    let known = heads.len();
    if known < undo.calls {
        let whose = if undo.session.is_some() { "this session" } else { "all sessions" };
        return asked(format!(
            "of {whose}, {known} tool calls that wrote are on record and {} were to be undone: nothing was changed. The \
             last {KEPT} of a session are kept, of at most {} MiB",
            undo.calls,
            log::MOST_BYTES >> 20
        ));
    }
    heads.truncate(undo.calls);
    if let Some((_, head)) = heads.iter().find(|(_, head)| head.dropped) {
        return asked(format!(
            "of what the call of {} wrote not all is kept, so it cannot be undone: nothing was changed. `footbridge snapshot list` \
             shows what was kept before it",
            head.call.tool
        ));
    }
    if let Some((_, head)) = heads.iter().find(|(_, head)| undo.running.contains(&head.call.call)) {
        return asked(format!(
            "the call of {} is still running: nothing was changed. Try again once it ended",
            head.call.tool
        ));
    }
    Ok(heads)
}

fn put_back(change: &mut Undoing<'_, '_>, image: &[u8], now: u64, bucket: &mut String) -> Outcome {
    match image.first() {
        Some(&items::ITEM) => items::put_item_back(change.beside(), image, now),
        Some(&items::TABLE) => items::put_table_back(change.beside(), image, now),
        Some(&objects::VERSION) => objects::put_version_back(change, image, bucket),
        Some(&objects::BUCKET) => objects::put_bucket_back(change, image),
        _ => Err(Refused::Failed(AwsError::new(500, "InternalError", "an image of no known kind"))),
    }
}

fn refused(refused: Refused) -> AwsError {
    match refused {
        Refused::Failed(error) => error,
        Refused::Newer(what) => AwsError::new(409, NEWER, format!("{what}, so nothing was undone")),
    }
}
