//! The latest calls of a journal, and those that come after them.

use std::collections::HashMap;
use std::path::Path;

use uuid::Uuid;

use crate::journal::{Call, Entry, Event, Filter, Finished, Join, Reader, Record};

/// Milliseconds by which a record may stand behind later ones of its file.
const DISORDER: u64 = 60_000;

/// What a journal has to show.
#[derive(Debug)]
pub(super) enum Shown<T> {
    /// A call, as far as it is wanted.
    Call(T),
    /// What the journal says of itself: what is not in it.
    Note(Box<Record>),
}

/// The latest calls, and where reading goes on.
pub(super) struct Latest<T> {
    /// Earliest first.
    pub(super) shown: Vec<Shown<T>>,
    reader: Reader,
    join: Join,
}

impl<T> Latest<T> {
    /// What `keep` keeps of the latest `count` calls that `matches`, and the notes since the first of them. Reads back no
    /// further than to them, or to the beginning of what `filter` asks for.
    pub(super) fn read(
        dir: &Path,
        count: usize,
        filter: &Filter,
        matches: impl Fn(&Call) -> bool,
        keep: impl Fn(&Call) -> T,
    ) -> anyhow::Result<Self> {
        let mut reader = Reader::from_end(dir)?;
        let (mut join, mut shown, mut calls) = (Join::default(), Vec::new(), 0);
        let mut ends: HashMap<Uuid, Finished> = HashMap::new();
        while calls < count
            && let Some(entry) = reader.previous()?
        {
            let Record { id, at, .. } = entry.record;
            match &entry.record.event {
                Event::Finished(end) => {
                    ends.insert(id, end.clone());
                }
                _ if filter.since.is_some_and(|since| at.saturating_add(DISORDER) < since) => break,
                _ if filter.since.is_some_and(|since| at < since) || filter.until.is_some_and(|until| at > until) => {
                    drop(ends.remove(&id));
                }
                Event::Note(_) => shown.push((at, Shown::Note(Box::new(entry.record)))),
                Event::Started(_) => {
                    let Some(call) = joined(entry, ends.remove(&id), &mut join) else { continue };
                    if matches(&call) {
                        shown.push((at, Shown::Call(keep(&call))));
                        calls += 1;
                    }
                }
            }
        }
        if reader.unreadable() > 0 {
            tracing::warn!(lines = reader.unreadable(), "lines that are no journal records were passed over");
        }
        shown.reverse();
        shown.sort_by_key(|(at, _)| *at);
        let shown = shown.into_iter().map(|(_, shown)| shown).collect();
        Ok(Self { shown, reader, join })
    }

    /// Gives what is kept of what is chosen to `print` as it ends, while `again` says that it is worth looking.
    pub(super) async fn follow(
        &mut self,
        filter: &Filter,
        mut again: impl AsyncFnMut() -> bool,
        keep: impl Fn(&Call) -> T,
        print: impl Fn(&Shown<T>) -> std::io::Result<()>,
    ) -> anyhow::Result<()> {
        while again().await {
            self.reader.refresh()?;
            while let Some(entry) = self.reader.next()? {
                if matches!(entry.record.event, Event::Note(_)) {
                    print(&Shown::Note(Box::new(entry.record)))?;
                } else if let Some(call) = self.join.push(entry).filter(|call| filter.matches(call)) {
                    print(&Shown::Call(keep(&call)))?;
                }
            }
        }
        Ok(())
    }
}

/// The call that began so and ended so. One that has not ended stays in `join`, which is there for its end.
fn joined(entry: Entry, end: Option<Finished>, join: &mut Join) -> Option<Call> {
    let id = entry.record.id;
    join.push(entry);
    let Some(end) = end else { return join.open(id).cloned() };
    let mut call = join.give_up(id)?;
    call.finished = Some(end);
    Some(call)
}
