//! Letting go of what is too old or too much to be taken back.

use std::collections::HashMap;

use super::{KEPT, items, objects};
use crate::emulator::core::Emulator;
use crate::emulator::error::AwsError;
use crate::emulator::s3::undo::Undoing;
use crate::emulator::store::log::{self, Head, MOST_BYTES, MOST_HELD, Totals};
use crate::emulator::store::{Read, StoreError, Table};

/// How many calls of all sessions together are kept.
const KEPT_OF_ALL: usize = 500;
/// How many images one commit lets go of.
const BATCH: usize = 500;

impl Emulator {
    /// Lets go of the oldest calls, as far as there is too much.
    pub(in crate::emulator) async fn tidy_undo(&self) -> Result<(), AwsError> {
        let now = self.clock().millis();
        while let Some((order, _)) = victim(&self.store().read()?)? {
            self.s3().change(move |change| let_go(change, order, now)).await?;
            self.dynamodb().resume();
        }
        Ok(())
    }
}

/// A call to let go of: one that wrote too much and has images still, or the oldest where there are too many.
fn victim(read: &impl Read) -> Result<Option<(u64, Head)>, StoreError> {
    let Totals { bytes, held } = log::totals(read)?;
    let heads = log::heads(read)?;
    if let Some(dropped) = heads.iter().find(|(_, head)| head.dropped && head.bytes > 0) {
        return Ok(Some(dropped.clone()));
    }
    let mut by_session: HashMap<_, usize> = HashMap::new();
    for (_, head) in &heads {
        *by_session.entry(head.call.session).or_default() += 1;
    }
    let too_many = |head: &Head| by_session.get(&head.call.session).is_some_and(|calls| *calls > KEPT);
    let too_much = bytes > MOST_BYTES || held > MOST_HELD || heads.len() > KEPT_OF_ALL;
    // Of those that have nothing left, letting go helps no more.
    Ok(heads.into_iter().find(|(_, head)| too_many(head) || (too_much && (head.bytes > 0 || bytes == 0))))
}

/// Lets go of a batch of a call's images, and with the last of them of the call; of one that wrote too much, what is known
/// of it stays, so that undoing says so. The call may be writing still: it adds nothing from the first batch on.
fn let_go(change: &mut Undoing<'_, '_>, order: u64, now: u64) -> Result<(), AwsError> {
    // Another may have been first, and the call may have written more.
    let Some(head) = log::head(change, order)? else { return Ok(()) };
    let batch = log::images(change, order, BATCH)?;
    let whole = batch.len() < BATCH;
    for (number, image) in batch {
        let_go_of(change, &image)?;
        log::delete_image(change.beside(), order, number);
    }
    if whole {
        let totals = log::totals(change)?;
        let totals =
            Totals { bytes: totals.bytes.saturating_sub(head.bytes), held: totals.held.saturating_sub(head.held) };
        log::put_totals(change.beside(), totals)?;
        if head.dropped && head.bytes > 0 {
            log::put_head(change.beside(), order, &Head { bytes: 0, held: 0, ..head })?;
        } else {
            log::let_go(change.beside(), order, head.call.call, now)?;
        }
    } else if !head.dropped {
        log::put_head(change.beside(), order, &Head { dropped: true, ..head })?;
    }
    Ok(())
}

/// Lets go of what an image keeps.
fn let_go_of(change: &mut Undoing<'_, '_>, image: &[u8]) -> Result<(), StoreError> {
    match image.first() {
        Some(&items::TABLE) => items::let_go(change.beside(), image),
        Some(&objects::VERSION) => objects::let_go(change, image),
        _ => Ok(()),
    }
}

/// Forgets all that could be undone, and lets go of what was kept for it.
pub fn forget(change: &mut Undoing<'_, '_>) -> Result<(), StoreError> {
    for image in log::every_image(change)? {
        let_go_of(change, &image)?;
    }
    change.beside().clear(Table::Undo);
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::emulator::store::log::ToolCall;
    use crate::emulator::store::{Medium, Store};

    /// A call of this session that wrote so much.
    fn head(session: u128, bytes: u64, held: u64) -> Head {
        let call = ToolCall { session: Uuid::from_u128(session), call: Uuid::new_v4(), tool: "t".to_owned() };
        Head { call, at: 0, bytes, held, dropped: false }
    }

    /// The order of the call that goes next, where these are on record, the oldest first.
    async fn next(heads: Vec<Head>) -> Option<u64> {
        let store = Store::open(Medium::Memory).unwrap();
        let written = store.write(move |txn| {
            let sum = |of: fn(&Head) -> u64| heads.iter().map(of).sum();
            log::put_totals(txn, Totals { bytes: sum(|head| head.bytes), held: sum(|head| head.held) })?;
            (1..).zip(&heads).try_for_each(|(order, head)| log::put_head(txn, order, head))
        });
        written.await.unwrap();
        victim(&store.read().unwrap()).unwrap().map(|(order, _)| order)
    }

    #[tokio::test]
    async fn the_oldest_goes_where_there_is_too_much_and_a_call_that_wrote_too_much_by_itself() {
        assert_eq!(
            next(vec![head(1, MOST_BYTES / 2, MOST_HELD / 2), head(2, MOST_BYTES / 2, MOST_HELD / 2)]).await,
            None
        );
        assert_eq!(next(vec![head(1, 5, 0), head(2, MOST_BYTES, 0)]).await, Some(1));
        assert_eq!(next(vec![head(1, 5, 1), head(2, 5, MOST_HELD)]).await, Some(1));
        let dropped = |bytes| Head { dropped: true, ..head(2, bytes, 0) };
        assert_eq!(next(vec![head(1, 5, 0), dropped(5), head(1, 5, 0)]).await, Some(2));
        // Of that one nothing is left but that it was.
        assert_eq!(next(vec![head(1, 5, 0), dropped(0), head(1, 5, 0)]).await, None);
        assert_eq!(next(vec![dropped(0), head(1, 5, 0), head(2, MOST_BYTES, 0)]).await, Some(2));
    }

    #[tokio::test]
    async fn fifty_calls_of_a_session_are_kept_and_five_hundred_of_all() {
        let of = |sessions: u128, calls: usize| {
            (0..sessions).flat_map(move |session| (0..calls).map(move |_| head(session, 1, 0)))
        };
        assert_eq!(next(of(10, 50).collect()).await, None);
        let one_more = std::iter::once(head(77, 1, 0)).chain(of(10, 50));
        assert_eq!(next(one_more.collect()).await, Some(1));
        let fifty_one = std::iter::once(head(7, 1, 0)).chain(of(2, 3)).chain((0..50).map(|_| head(7, 1, 0)));
        assert_eq!(next(fifty_one.collect()).await, Some(1));
    }
}
