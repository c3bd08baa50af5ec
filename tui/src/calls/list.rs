//! Which calls are shown, in what order, and which one is selected. What comes is put in its place; only another filter or
//! another order looks at all calls.

use std::cmp::Ordering;

use super::filter::{Filter, Parsed};
use super::stats::Stats;
use super::store::{Key, Put, Slot, Store, merge};
use crate::row::{Row, Standing};
use crate::widget::Cursor;

/// What rows are sorted by, the largest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Sort {
    /// By their beginning: the newest last.
    #[default]
    Time,
    /// The slowest last; after them, those that run.
    Latency,
    /// By service and what was called.
    Name,
    /// What went wrong last.
    Status,
    /// By what they are on.
    Resource,
    /// By who calls.
    Client,
}

impl Sort {
    pub(super) const ALL: [Self; 6] =
        [Self::Time, Self::Latency, Self::Name, Self::Status, Self::Resource, Self::Client];

    /// The next one.
    pub(super) fn next(self) -> Self {
        let at = Self::ALL.iter().position(|one| *one == self).unwrap_or_default();
        Self::ALL[(at + 1) % Self::ALL.len()]
    }

    fn compare(self, a: &Row, b: &Row) -> Ordering {
        let by = match self {
            Self::Time => Ordering::Equal,
            Self::Latency => latency(a).cmp(&latency(b)),
            Self::Name => {
                let of = |row: &'_ Row| (row.subject.service.clone(), row.subject.title.clone());
                if std::sync::Arc::ptr_eq(&a.subject, &b.subject) { Ordering::Equal } else { of(a).cmp(&of(b)) }
            }
            Self::Status => a.standing.cmp(&b.standing),
            Self::Resource => a.on().cmp(b.on()),
            Self::Client => (&a.origin.client_short, a.origin.way).cmp(&(&b.origin.client_short, b.origin.way)),
        };
        // All calls have their place, whatever they have in common.
        by.then_with(|| Key::of(a).cmp(&Key::of(b)))
    }
}

/// Longer is more: bits of floating-point numbers above 0 are in their order.
fn latency(row: &Row) -> u32 {
    match row.standing {
        Standing::Running => u32::MAX,
        Standing::Lost => 0,
        _ => row.ms.max(0.0).to_bits() + 1,
    }
}

/// Whether the selection goes along with what is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Following {
    /// It does.
    Yes,
    /// It stays where it is; so many calls came to be shown since that are newer than any was then.
    Paused { new: usize, since: Option<Key> },
}

/// Whether a call is among those that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Shown {
    #[default]
    No,
    /// It is about to be.
    Soon,
    Yes,
}

/// The calls, and what is shown of them.
#[derive(Debug)]
pub(super) struct List {
    pub(super) store: Store,
    /// The rows.
    rows: Vec<Slot>,
    shown: Vec<Shown>,
    pub(super) sort: Sort,
    pub(super) filter: Filter,
    /// The filter as it was typed.
    pub(super) filter_text: String,
    /// Only what went wrong.
    pub(super) errors_only: bool,
    pub(super) cursor: Cursor,
    pub(super) following: Following,
    /// Of the rows, whatever their order.
    pub(super) stats: Stats,
    /// The time for which the rows hold.
    now: u64,
}

impl List {
    /// With room for calls of about so many bytes.
    pub(super) fn new(heaviest: usize) -> Self {
        Self {
            store: Store::new(heaviest),
            rows: Vec::new(),
            shown: Vec::new(),
            sort: Sort::default(),
            filter: Filter::default(),
            filter_text: String::new(),
            errors_only: false,
            cursor: Cursor::default(),
            following: Following::Yes,
            stats: Stats::default(),
            now: 0,
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether calls are left out.
    pub(super) fn chooses(&self) -> bool {
        self.errors_only || !self.filter.is_empty()
    }

    /// The call in row `number`.
    pub(super) fn row(&self, number: usize) -> Option<&Row> {
        self.store.get(*self.rows.get(number)?)
    }

    /// The selected call.
    pub(super) fn selected(&self) -> Option<&Row> {
        self.row(self.cursor.at)
    }

    /// The calls, as the rows have them.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Row> {
        self.rows.iter().filter_map(|slot| self.store.get(*slot))
    }

    fn wants(&self, row: &Row) -> bool {
        (!self.errors_only || row.standing.is_bad()) && self.filter.chooses(row, self.now)
    }

    fn shown(&self, slot: Slot) -> Shown {
        self.shown.get(slot as usize).copied().unwrap_or_default()
    }

    fn set_shown(&mut self, slot: Slot, shown: Shown) {
        let at = slot as usize;
        if self.shown.len() <= at {
            self.shown.resize(at + 1, Shown::No);
        }
        self.shown[at] = shown;
    }

    /// Takes calls that began, went on or ended.
    pub(super) fn take(&mut self, rows: Vec<Row>, now: u64, height: usize) {
        self.advance(now, height);
        let (mut fresh, mut soon) = (Vec::new(), Vec::new());
        for row in rows {
            match self.store.put(row) {
                Put::Past => {}
                Put::New(slot) => {
                    fresh.push(slot);
                    self.enlist(slot, &mut soon);
                }
                Put::Known(slot, before) => {
                    let moved = self.store.get(slot).is_some_and(|row| row.at != before.at);
                    if moved && !fresh.contains(&slot) {
                        self.store.displace(slot, Key::of(&before));
                        fresh.push(slot);
                    }
                    self.renew(slot, &before, &mut soon);
                }
            }
        }
        self.store.place(fresh);
        self.merge(soon);
        self.let_go();
        self.settle(height);
    }

    /// Puts a call that is not shown among those that are about to be, where it is wanted.
    fn enlist(&mut self, slot: Slot, soon: &mut Vec<Slot>) -> bool {
        let wanted = self.store.get(slot).is_some_and(|row| self.wants(row));
        if wanted {
            soon.push(slot);
        }
        self.set_shown(slot, if wanted { Shown::Soon } else { Shown::No });
        wanted
    }

    /// Shows what became of a call that was `before`.
    fn renew(&mut self, slot: Slot, before: &Row, soon: &mut Vec<Slot>) {
        match self.shown(slot) {
            Shown::No => {
                self.enlist(slot, soon);
            }
            Shown::Soon => {
                let wanted = self.store.get(slot).is_some_and(|row| self.wants(row));
                if !wanted {
                    self.set_shown(slot, Shown::No);
                }
            }
            Shown::Yes => {
                let Some(row) = self.store.get(slot) else { return };
                if self.wants(row) && self.sort.compare(row, before) == Ordering::Equal {
                    self.stats.remove(before);
                    self.stats.add(row);
                } else {
                    self.unlist(slot, before);
                    self.enlist(slot, soon);
                }
            }
        }
    }

    /// Shows a call no longer, which stood where `before` belongs.
    fn unlist(&mut self, slot: Slot, before: &Row) {
        self.stats.remove(before);
        self.set_shown(slot, Shown::No);
        let at = self.place_of(before, Some(slot));
        if self.rows.get(at) == Some(&slot) {
            self.rows.remove(at);
            if at < self.cursor.at {
                self.cursor.at -= 1;
                self.cursor.top = self.cursor.top.saturating_sub(1);
            }
        }
    }

    /// The first row that does not come before `row`; `slot` may hold something else by now.
    fn place_of(&self, row: &Row, slot: Option<Slot>) -> usize {
        self.rows.partition_point(|other| {
            Some(*other) != slot && self.store.get(*other).is_some_and(|other| self.sort.compare(other, row).is_lt())
        })
    }

    /// Shows what is about to be shown.
    fn merge(&mut self, mut soon: Vec<Slot>) {
        // One that was about to be shown may not be wanted any more, or be wanted again.
        soon.retain(|slot| self.shown(*slot) == Shown::Soon);
        let compare = |a: Slot, b: Slot| match (self.store.get(a), self.store.get(b)) {
            (Some(a), Some(b)) => self.sort.compare(a, b),
            _ => Ordering::Equal,
        };
        soon.sort_by(|a, b| compare(*a, *b));
        soon.dedup();
        let mut rows = std::mem::take(&mut self.rows);
        let had = !rows.is_empty();
        let places = merge(&mut rows, &soon, |a, b| compare(a, b).is_lt());
        self.rows = rows;
        if had {
            let above = places.iter().filter(|place| **place <= self.cursor.at).count();
            self.cursor.at += above;
            self.cursor.top += above;
        }
        for slot in soon {
            self.set_shown(slot, Shown::Yes);
            let Some(row) = self.store.get(slot) else { continue };
            self.stats.add(row);
            if let Following::Paused { new, since } = &mut self.following
                && Some(Key::of(row)) > *since
            {
                *new += 1;
            }
        }
    }

    /// Lets the oldest calls go where there are too many.
    fn let_go(&mut self) {
        let surplus = self.store.surplus();
        if surplus.is_empty() {
            return;
        }
        let mut any = false;
        for slot in &surplus {
            if self.shown(*slot) == Shown::Yes {
                any = true;
                if let Some(row) = self.store.get(*slot) {
                    self.stats.remove(row);
                }
            }
            self.set_shown(*slot, Shown::No);
        }
        if any {
            let at = self.cursor.at.min(self.rows.len());
            let gone = self.rows[..at].iter().filter(|slot| self.shown(**slot) == Shown::No).count();
            self.cursor.at -= gone;
            self.cursor.top = self.cursor.top.saturating_sub(gone);
            let rows = std::mem::take(&mut self.rows);
            self.rows = rows.into_iter().filter(|slot| self.shown(*slot) == Shown::Yes).collect();
        }
        self.store.drop_oldest(&surplus);
    }

    /// Time went by: calls run longer and are longer ago. Whether other calls are shown.
    pub(super) fn advance(&mut self, now: u64, height: usize) -> bool {
        let before = std::mem::replace(&mut self.now, now);
        if now == before {
            return false;
        }
        if now < before {
            self.refresh(height);
            return true;
        }
        let mut looked: Vec<Slot> = Vec::new();
        if self.filter.asks_for_time() {
            looked.extend(self.store.running());
        }
        for age in self.filter.ages() {
            looked.extend(self.store.between(before.saturating_sub(age), now.saturating_sub(age)));
        }
        let (mut soon, mut changed) = (Vec::new(), false);
        for slot in looked {
            let Some(row) = self.store.get(slot) else { continue };
            match (self.shown(slot), self.wants(row)) {
                (Shown::No, true) => changed |= self.enlist(slot, &mut soon),
                (Shown::Yes, false) => {
                    let row = row.clone();
                    self.unlist(slot, &row);
                    changed = true;
                }
                _ => {}
            }
        }
        self.merge(soon);
        self.settle(height);
        changed
    }

    /// Whether other calls come to be shown as time goes on.
    pub(super) fn moves(&self) -> bool {
        self.filter.asks_for_time() || self.filter.ages().next().is_some()
    }

    /// Whether there were calls in the last seconds, whose rate goes down as time goes on.
    pub(super) fn lively(&self) -> bool {
        self.stats.is_lively(self.now)
    }

    /// Puts a filter in force, as far as it makes sense; gives what does not.
    pub(super) fn set_filter(&mut self, text: &str, height: usize) -> Option<String> {
        let Parsed { filter, text, complaint } = Filter::parse(text);
        self.filter_text = text;
        if filter != self.filter {
            self.filter = filter;
            self.refresh(height);
        }
        complaint
    }

    /// Shows only what went wrong, or all.
    pub(super) fn set_errors_only(&mut self, only: bool, height: usize) {
        self.errors_only = only;
        self.refresh(height);
    }

    /// Sorts otherwise.
    pub(super) fn set_sort(&mut self, sort: Sort, height: usize) {
        self.sort = sort;
        self.refresh(height);
    }

    /// Chooses, orders and counts anew. The selection stays with its call, on the same line of the screen.
    fn refresh(&mut self, height: usize) {
        let selected = self.rows.get(self.cursor.at).copied();
        let line = self.cursor.at.saturating_sub(self.cursor.top);
        self.stats = Stats::default();
        self.shown.fill(Shown::No);
        let mut rows = Vec::new();
        for number in 0..self.store.order().len() {
            let slot = self.store.order()[number];
            let Some(row) = self.store.get(slot) else { continue };
            if self.wants(row) {
                rows.push(slot);
                self.stats.add(row);
                self.set_shown(slot, Shown::Yes);
            }
        }
        self.rows = self.sorted(rows);
        // Where its call is not wanted any more: the first that does not come before it.
        if let Some(row) = selected.and_then(|slot| self.store.get(slot)) {
            self.cursor.at = self.place_of(row, None);
        }
        self.cursor.top = self.cursor.at.saturating_sub(line);
        self.settle(height);
    }

    /// `rows`, which are in order of time, in the order that is wanted.
    fn sorted(&self, mut rows: Vec<Slot>) -> Vec<Slot> {
        let row = |slot: &Slot| self.store.get(*slot);
        match self.sort {
            Sort::Time => {}
            // Stable: calls that are equal stay in order of time.
            Sort::Latency => rows.sort_by_cached_key(|slot| row(slot).map(latency)),
            Sort::Status => rows.sort_by_cached_key(|slot| row(slot).map(|row| row.standing)),
            Sort::Name => rows.sort_by_cached_key(|slot| {
                row(slot).map(|row| (row.subject.service.clone(), row.subject.title.clone()))
            }),
            Sort::Client => {
                rows.sort_by_cached_key(|slot| row(slot).map(|row| (row.origin.client_short.clone(), row.origin.way)));
            }
            Sort::Resource => {
                let mut keyed: Vec<(&str, Slot)> =
                    rows.iter().map(|slot| (row(slot).map_or("", Row::on), *slot)).collect();
                keyed.sort_by_key(|(on, _)| *on);
                rows = keyed.into_iter().map(|(_, slot)| slot).collect();
            }
        }
        rows
    }

    /// Moves the selection to row `to`, or as near as there are rows. Anywhere but along with new calls, it pauses.
    pub(super) fn select(&mut self, to: usize, height: usize) {
        self.cursor.go(to, self.rows.len(), height);
        if self.following == Following::Yes && self.cursor.at + 1 < self.rows.len() {
            self.pause();
        }
    }

    /// The selection stays where it is.
    pub(super) fn pause(&mut self) {
        if self.following == Following::Yes {
            let newest = self.store.order().last().and_then(|slot| self.store.get(*slot));
            self.following = Following::Paused { new: 0, since: newest.map(Key::of) };
        }
    }

    /// To the end, and along with what is new.
    pub(super) fn follow(&mut self, height: usize) {
        self.following = Following::Yes;
        self.settle(height);
    }

    /// Brings the selection within the rows and in sight.
    pub(super) fn settle(&mut self, height: usize) {
        if self.following == Following::Yes {
            self.cursor.at = usize::MAX;
        }
        self.cursor.settle(self.rows.len(), height);
    }

    /// The next row that went wrong after the selected one, or the one before.
    pub(super) fn error(&self, onwards: bool) -> Option<usize> {
        let is_bad = |slot: &Slot| self.store.get(*slot).is_some_and(|row| row.standing.is_bad());
        let at = self.cursor.at;
        if onwards {
            let after = self.rows.get(at + 1..)?;
            after.iter().position(is_bad).map(|steps| at + 1 + steps)
        } else {
            self.rows.get(..at)?.iter().rposition(is_bad)
        }
    }

    /// The row in which the call of this id is shown.
    pub(super) fn find(&self, id: uuid::Uuid) -> Option<usize> {
        let slot = self.store.find(id)?;
        let at = self.place_of(self.store.get(slot)?, None);
        (self.rows.get(at) == Some(&slot)).then_some(at)
    }
}
