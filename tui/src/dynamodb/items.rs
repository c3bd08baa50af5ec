//! The items that are loaded: page by page, never a whole table.

use std::collections::VecDeque;

use serde_json::Value;

use super::shape::Shape;
use super::value;
use super::wait::{Wait, answered};
use crate::app::desk::{Desk, Ticket};
use crate::ask::{Answer, Ask, ItemPage, Read, TableFacts, Trouble};
use crate::widget::Cursor;

/// So many items are held; then the oldest go.
pub(super) const MOST: usize = 20_000;

/// Items that are read for a page, where nobody says how many.
pub(super) const PAGE: u32 = 100;

/// The items of a table, as far as they are loaded.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// What is read, from its first page on.
    pub(super) read: Read,
    pub(super) rows: VecDeque<Value>,
    /// The token of the next page, where there is one.
    pub(super) next: Option<String>,
    pub(super) pages: u64,
    pub(super) scanned: u64,
    pub(super) capacity: f64,
    /// So many items were let go.
    pub(super) gone: u64,
    pub(super) wait: Option<Wait>,
    /// Whether what is waited for comes in place of what is there.
    anew: bool,
    /// Whether a page came.
    pub(super) begun: bool,
    pub(super) trouble: Option<Trouble>,
    pub(super) shape: Shape,
    /// Names of the table's keys; empty while they are not known.
    pub(super) keys: Vec<String>,
    /// Names of the keys of what is read.
    read_keys: Vec<String>,
    /// The selected column, and the first one after the keys.
    pub(super) column: usize,
    pub(super) from: usize,
    /// The attribute that rows are sorted by, and whether the last come first.
    pub(super) sort: Option<(String, bool)>,
    /// Only rows with this in them are shown.
    pub(super) find: String,
    /// The rows to show; `None` for all of them as they were read.
    shown: Option<Vec<usize>>,
    pub(super) cursor: Cursor,
    /// Counts whatever changes rows.
    pub(super) version: u64,
}

impl Items {
    /// Begins to read.
    pub(super) fn open(read: Read, facts: Option<&TableFacts>, desk: &mut Desk<'_>) -> Self {
        let mut items = Self { read, ..Self::default() };
        items.know(facts, desk.glance.look.ascii);
        items.again(desk);
        items
    }

    /// Hears of the table's keys.
    pub(super) fn know(&mut self, facts: Option<&TableFacts>, ascii: bool) {
        let Some(facts) = facts else { return };
        let names = |keys: &[crate::ask::KeyPart]| keys.iter().map(|key| key.name.clone()).collect::<Vec<_>>();
        let table = names(&facts.keys);
        let index = self.read.index.as_ref().and_then(|name| facts.indexes.iter().find(|index| index.name == *name));
        let read = index.map_or_else(|| table.clone(), |index| names(&index.keys));
        if self.keys == table && self.shape.pinned > 0 {
            return;
        }
        (self.keys, self.read_keys) = (table, read);
        self.reshape(ascii);
    }

    /// Chooses the columns anew, for the rows that there are; the selected one stays selected.
    fn reshape(&mut self, ascii: bool) {
        let chosen = self.shape.attributes.get(self.column).map(|attribute| attribute.name.clone());
        self.shape = Shape::new(&self.read_keys, &self.keys);
        self.shape.see(self.rows.iter(), ascii);
        let place = |name| self.shape.attributes.iter().position(|attribute| Some(&attribute.name) == name);
        self.column = place(chosen.as_ref().filter(|_| self.column > 0)).unwrap_or_default();
    }

    /// Reads from the first page on, in place of what is there once that comes.
    pub(super) fn again(&mut self, desk: &mut Desk<'_>) {
        super::wait::call_off(&mut self.wait, desk);
        self.anew = true;
        self.trouble = None;
        self.wait = Some(Wait::ask(desk, Ask::Items(self.read.clone())));
    }

    /// Reads the next page, where there is one and none is under way. Whether it does.
    pub(super) fn more(&mut self, desk: &mut Desk<'_>) -> bool {
        if self.wait.is_some() || self.next.is_none() {
            return false;
        }
        self.anew = false;
        self.trouble = None;
        let read = Read { after: self.next.clone(), ..self.read.clone() };
        self.wait = Some(Wait::ask(desk, Ask::Items(read)));
        true
    }

    /// Takes an answer, where it is one to what was asked.
    pub(super) fn answer(&mut self, ticket: Ticket, answer: &mut Option<Result<Answer, Trouble>>, ascii: bool) {
        if !answered(&mut self.wait, ticket) {
            return;
        }
        match answer.take() {
            Some(Ok(Answer::Items(page))) => self.take(page, ascii),
            Some(Err(trouble)) => {
                if self.anew {
                    self.clear();
                }
                self.trouble = Some(trouble);
            }
            _ => {}
        }
    }

    fn clear(&mut self) {
        self.rows.clear();
        (self.next, self.shown, self.begun) = (None, None, false);
        (self.pages, self.scanned, self.capacity, self.gone) = (0, 0, 0.0, 0);
        self.version += 1;
    }

    fn take(&mut self, page: ItemPage, ascii: bool) {
        let anew = std::mem::take(&mut self.anew);
        if anew {
            self.clear();
        }
        let ItemPage { items, next, scanned, capacity } = page;
        if !anew {
            self.shape.see(items.iter(), ascii);
        }
        self.rows.extend(items);
        if anew {
            self.reshape(ascii);
        }
        let over = self.rows.len().saturating_sub(MOST);
        if over > 0 {
            self.rows.drain(..over);
            self.gone += u64::try_from(over).unwrap_or(u64::MAX);
            if self.shown.is_none() {
                self.cursor.at = self.cursor.at.saturating_sub(over);
                self.cursor.top = self.cursor.top.saturating_sub(over);
            }
        }
        (self.next, self.begun) = (next, true);
        self.pages += 1;
        self.scanned = self.scanned.saturating_add(scanned);
        self.capacity += capacity;
        self.choose();
    }

    /// Chooses the rows to show, and their order; the selected one stays selected where only the order changes.
    pub(super) fn choose(&mut self) {
        self.version += 1;
        if self.find.is_empty() && self.sort.is_none() {
            self.shown = None;
            return;
        }
        let wanted = self.find.to_lowercase();
        let mut shown: Vec<usize> = (0..self.rows.len())
            .filter(|row| wanted.is_empty() || value::contains(&self.rows[*row], &wanted))
            .collect();
        if let Some((name, last)) = &self.sort {
            shown.sort_by(|left, right| {
                let (left, right) =
                    (value::attribute(&self.rows[*left], name), value::attribute(&self.rows[*right], name));
                // What has no value stays at the end, whichever way round.
                let turned = *last && left.is_some() && right.is_some();
                let order = value::compare(left, right);
                if turned { order.reverse() } else { order }
            });
        }
        self.shown = Some(shown);
    }

    /// How many rows are shown.
    pub(super) fn len(&self) -> usize {
        self.shown.as_ref().map_or(self.rows.len(), Vec::len)
    }

    /// Where the shown row `number` is among those loaded.
    fn place(&self, number: usize) -> Option<usize> {
        match &self.shown {
            Some(shown) => shown.get(number).copied(),
            None => (number < self.rows.len()).then_some(number),
        }
    }

    /// The shown row `number`.
    pub(super) fn row(&self, number: usize) -> Option<&Value> {
        self.rows.get(self.place(number)?)
    }

    /// The selected item.
    pub(super) fn selected(&self) -> Option<&Value> {
        self.row(self.cursor.at)
    }

    /// Where the selected item is among those loaded.
    pub(super) fn selected_place(&self) -> Option<usize> {
        self.place(self.cursor.at)
    }

    /// The rows that are shown.
    pub(super) fn all(&self) -> impl Iterator<Item = &Value> {
        (0..self.len()).filter_map(|number| self.row(number))
    }

    /// Whether two items have the same key.
    pub(super) fn same_key(&self, left: &Value, right: &Value) -> bool {
        !self.keys.is_empty()
            && self.keys.iter().all(|key| {
                let (left, right) = (value::attribute(left, key), value::attribute(right, key));
                left.is_some() && left == right
            })
    }

    /// Brings what was written in: `new` in place of what has its key, else after the selected row; nothing in place of `old`.
    pub(super) fn written(&mut self, old: Option<&Value>, new: Option<Value>, ascii: bool) {
        let key = new.as_ref().or(old);
        let place = key.and_then(|key| self.rows.iter().position(|row| self.same_key(row, key)));
        match (place, new) {
            (Some(place), Some(new)) => {
                self.shape.see(std::iter::once(&new), ascii);
                self.rows[place] = new;
            }
            (Some(place), None) => {
                self.rows.remove(place);
            }
            (None, Some(new)) => {
                let place = self.selected_place().map_or(self.rows.len(), |place| place + 1);
                self.shape.see(std::iter::once(&new), ascii);
                self.rows.insert(place, new);
                if self.shown.is_none() {
                    self.cursor.at = place;
                }
            }
            (None, None) => {}
        }
        self.choose();
    }

    /// Sorts by the selected column, then the other way round, then not at all.
    pub(super) fn sort_on(&mut self) -> bool {
        let Some(attribute) = self.shape.attributes.get(self.column) else { return false };
        self.sort = match self.sort.take() {
            Some((name, false)) if name == attribute.name => Some((name, true)),
            Some((name, true)) if name == attribute.name => None,
            _ => Some((attribute.name.clone(), false)),
        };
        self.choose();
        true
    }

    /// What is read, for the title: `Query orders/by-date pk=a1`.
    pub(super) fn title(&self) -> String {
        let Read { table, index, key, filter, descending, .. } = &self.read;
        let mut parts = vec![if key.is_some() { "Query ".to_owned() } else { "Scan ".to_owned() }, table.clone()];
        parts.extend(index.as_ref().map(|index| format!("/{index}")));
        if let Some(key) = key {
            let names = self.shape.attributes.iter().filter(|attribute| attribute.key);
            let mut names = names.map(|attribute| attribute.name.as_str()).chain(std::iter::repeat("key"));
            for value in &key.hash {
                parts.push(format!(" {}={value}", names.next().unwrap_or_default()));
            }
            for (comparison, values) in &key.range {
                let gap = if comparison.starts_with(char::is_alphabetic) { " " } else { "" };
                let name = names.next().unwrap_or_default();
                parts.push(format!(" {name}{gap}{comparison}{gap}{}", values.join("..")));
            }
        }
        if !filter.is_empty() {
            parts.push(format!(" where {filter}"));
        }
        parts.extend(descending.then(|| ", last first".to_owned()));
        parts.concat()
    }

    /// What came of it, for the title: `20 items · 2 RCU`.
    pub(super) fn note(&self, dot: &str) -> String {
        let count = u64::try_from(self.rows.len()).unwrap_or(u64::MAX).saturating_add(self.gone);
        let of =
            if self.read.filter.is_empty() { items_text(count) } else { format!("{count} of {} read", self.scanned) };
        if self.begun { format!("{of} {dot} {}", units(self.capacity)) } else { String::new() }
    }
}

/// `1 item`, `20 items`.
pub(super) fn items_text(count: u64) -> String {
    if count == 1 { "1 item".to_owned() } else { format!("{count} items") }
}

/// Capacity units, `0.5 RCU`.
pub(super) fn units(count: f64) -> String {
    // Halves and, in transactions, whole units: one digit says it all.
    let text = format!("{count:.1}");
    format!("{} RCU", text.strip_suffix(".0").unwrap_or(&text))
}
