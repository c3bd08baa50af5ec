//! The calls that are kept, by their beginning: the newest ones, in bounded memory. A call is found by the number of its
//! slot, which it keeps while it is kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use crate::row::{Name, Row, Standing};

/// Where a call stands among others: by its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) at: u64,
    pub(super) id: Uuid,
}

impl Key {
    pub(super) fn of(row: &Row) -> Self {
        Self { at: row.at, id: row.id }
    }
}

/// The number of a slot.
pub(super) type Slot = u32;

/// Bytes that a call takes beside its row: its places in the index and in two lists.
const BESIDE: usize = 48;

/// The calls.
#[derive(Debug)]
pub(super) struct Store {
    slots: Vec<Option<Row>>,
    free: Vec<Slot>,
    index: HashMap<Uuid, Slot>,
    /// By their beginning, the oldest first.
    order: Vec<Slot>,
    weight: usize,
    heaviest: usize,
    /// The newest call that had to go, where one had.
    floor: Option<Key>,
    /// How many calls there are of each store, client and title.
    stores: BTreeMap<Name, usize>,
    clients: BTreeMap<Name, usize>,
    titles: BTreeMap<Name, usize>,
    /// How many calls made others.
    makers: usize,
    /// Those that run.
    running: BTreeSet<Slot>,
    #[cfg(test)]
    pub(super) visits: std::cell::Cell<usize>,
}

/// What became of a row that was put.
pub(super) enum Put {
    /// It is a call that was not known.
    New(Slot),
    /// It took the place of this one.
    Known(Slot, Box<Row>),
    /// It is older than what had to go.
    Past,
}

impl Store {
    /// Room for about so many bytes; the newest call is kept however large it is.
    pub(super) fn new(heaviest: usize) -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            index: HashMap::new(),
            order: Vec::new(),
            weight: 0,
            heaviest,
            floor: None,
            stores: BTreeMap::new(),
            clients: BTreeMap::new(),
            titles: BTreeMap::new(),
            makers: 0,
            running: BTreeSet::new(),
            #[cfg(test)]
            visits: std::cell::Cell::default(),
        }
    }

    /// How many calls are kept.
    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    /// The call in `slot`.
    pub(super) fn get(&self, slot: Slot) -> Option<&Row> {
        #[cfg(test)]
        self.visits.set(self.visits.get() + 1);
        self.slots.get(slot as usize)?.as_ref()
    }

    /// The slot of the call of this id.
    pub(super) fn find(&self, id: Uuid) -> Option<Slot> {
        self.index.get(&id).copied()
    }

    /// The calls by their beginning, the oldest first.
    pub(super) fn order(&self) -> &[Slot] {
        &self.order
    }

    /// The oldest call that is kept, where older ones had to go.
    pub(super) fn oldest(&self) -> Option<&Row> {
        self.floor.and_then(|_| self.get(*self.order.first()?))
    }

    /// The calls that run.
    pub(super) fn running(&self) -> impl Iterator<Item = Slot> {
        self.running.iter().copied()
    }

    /// The stores that calls are of.
    pub(super) fn stores(&self) -> impl Iterator<Item = &Name> {
        self.stores.keys()
    }

    /// The clients' short names.
    pub(super) fn clients(&self) -> impl Iterator<Item = &Name> {
        self.clients.keys()
    }

    /// What the list calls what was called.
    pub(super) fn titles(&self) -> impl Iterator<Item = &Name> {
        self.titles.keys()
    }

    /// Whether a call made others.
    pub(super) fn has_makers(&self) -> bool {
        self.makers > 0
    }

    /// Takes a call, or what became of it. A new one has its place among the others only after [`place`](Self::place).
    pub(super) fn put(&mut self, row: Row) -> Put {
        if let Some(slot) = self.find(row.id) {
            self.count(&row, true);
            self.runs(slot, row.standing == Standing::Running);
            let Some(before) = self.slots.get_mut(slot as usize).and_then(|place| place.replace(row)) else {
                return Put::Past;
            };
            self.count(&before, false);
            return Put::Known(slot, Box::new(before));
        }
        if self.floor.is_some_and(|floor| Key::of(&row) <= floor) {
            return Put::Past;
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            Slot::try_from(self.slots.len() - 1).unwrap_or(Slot::MAX)
        });
        self.index.insert(row.id, slot);
        self.count(&row, true);
        self.runs(slot, row.standing == Standing::Running);
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = Some(row);
        }
        Put::New(slot)
    }

    fn runs(&mut self, slot: Slot, runs: bool) {
        if runs {
            self.running.insert(slot)
        } else {
            self.running.remove(&slot)
        };
    }

    fn count(&mut self, row: &Row, more: bool) {
        let weight = row.weight() + BESIDE;
        self.weight = if more { self.weight + weight } else { self.weight - weight };
        let made = usize::from(row.made_count > 0);
        self.makers = if more { self.makers + made } else { self.makers - made };
        let counts = [
            (&mut self.stores, &row.origin.store),
            (&mut self.clients, &row.origin.client_short),
            (&mut self.titles, &row.subject.title),
        ];
        for (counts, name) in counts {
            match counts.get_mut(name) {
                Some(count) if more => *count += 1,
                Some(count) if *count > 1 => *count -= 1,
                Some(_) => drop(counts.remove(name)),
                None => drop(counts.insert(name.clone(), 1)),
            }
        }
    }

    /// Gives new calls, and those whose beginning changed, their place among the others.
    pub(super) fn place(&mut self, mut fresh: Vec<Slot>) {
        fresh.sort_by_cached_key(|slot| self.get(*slot).map(Key::of));
        let mut order = std::mem::take(&mut self.order);
        merge(&mut order, &fresh, |a, b| self.get(a).map(Key::of) < self.get(b).map(Key::of));
        self.order = order;
    }

    /// Takes from its place a call whose beginning was `key`.
    pub(super) fn displace(&mut self, slot: Slot, key: Key) {
        let at = self
            .order
            .partition_point(|other| *other != slot && self.get(*other).is_some_and(|row| Key::of(row) < key));
        if self.order.get(at) == Some(&slot) {
            self.order.remove(at);
        }
    }

    /// The calls that began from `from` on and before `to`.
    pub(super) fn between(&self, from: u64, to: u64) -> &[Slot] {
        let before = |at: u64| self.order.partition_point(|slot| self.get(*slot).is_some_and(|row| row.at < at));
        let (first, last) = (before(from), before(to));
        self.order.get(first..last).unwrap_or_default()
    }

    /// The oldest calls that there is no room for: so many that there is some room again.
    pub(super) fn surplus(&self) -> Vec<Slot> {
        let mut over = self.weight;
        if over <= self.heaviest {
            return Vec::new();
        }
        let enough = self.heaviest - self.heaviest / 32;
        let but_one = self.order.len().saturating_sub(1);
        let mut surplus = Vec::new();
        for slot in &self.order[..but_one] {
            if over <= enough {
                break;
            }
            over -= self.get(*slot).map_or(0, |row| row.weight() + BESIDE);
            surplus.push(*slot);
        }
        surplus
    }

    /// Lets the oldest calls go: what [`surplus`](Self::surplus) gave.
    pub(super) fn drop_oldest(&mut self, slots: &[Slot]) {
        self.order.drain(..slots.len());
        for slot in slots {
            let Some(row) = self.slots.get_mut(*slot as usize).and_then(Option::take) else { continue };
            self.count(&row, false);
            self.running.remove(slot);
            self.index.remove(&row.id);
            self.floor = self.floor.max(Some(Key::of(&row)));
            self.free.push(*slot);
        }
    }

    /// All calls, the oldest first; none is left.
    pub(super) fn drain(&mut self) -> Vec<Row> {
        let order = std::mem::take(&mut self.order);
        let rows = order.into_iter().filter_map(|slot| self.slots.get_mut(slot as usize)?.take()).collect();
        *self = Self::new(self.heaviest);
        rows
    }
}

/// Merges `fresh` into `order`, both sorted by `before`; gives the places of `fresh` in what `order` was.
pub(super) fn merge(order: &mut Vec<Slot>, fresh: &[Slot], before: impl Fn(Slot, Slot) -> bool) -> Vec<usize> {
    let mut places = Vec::with_capacity(fresh.len());
    let mut from = 0;
    for slot in fresh {
        // What comes is nearly always newer than all.
        let newest = order.last().is_none_or(|last| before(*last, *slot));
        from = if newest { order.len() } else { from + order[from..].partition_point(|other| before(*other, *slot)) };
        places.push(from);
    }
    let Some(first) = places.first().copied() else { return places };
    if first == order.len() {
        order.extend_from_slice(fresh);
        return places;
    }
    let tail = order.split_off(first);
    let mut taken = 0;
    for (slot, place) in fresh.iter().zip(&places) {
        order.extend_from_slice(&tail[taken..place - first]);
        taken = place - first;
        order.push(*slot);
    }
    order.extend_from_slice(&tail[taken..]);
    places
}
