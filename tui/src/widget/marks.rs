//! Which rows of many a person marked, to do something with all of them.

use std::collections::BTreeSet;

/// Marked rows, by their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Marks(BTreeSet<usize>);

impl Marks {
    /// Marks the row, or marks it no longer.
    pub(crate) fn toggle(&mut self, row: usize) {
        if !self.0.remove(&row) {
            self.0.insert(row);
        }
    }

    /// Marks exactly these.
    pub(crate) fn set(&mut self, rows: impl IntoIterator<Item = usize>) {
        self.0 = rows.into_iter().collect();
    }

    pub(crate) fn has(&self, row: usize) -> bool {
        self.0.contains(&row)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// In the order of the rows.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().copied()
    }

    /// The first `count` rows are gone; the others moved up.
    pub(crate) fn shift(&mut self, count: usize) {
        if count > 0 {
            self.0 = self.0.iter().filter_map(|row| row.checked_sub(count)).collect();
        }
    }
}
