//! Which calls are shown, in what order, and which one is selected.

use std::cmp::Ordering;

use crate::calls::{Calls, Key};
use crate::filter::Filter;
use crate::model::Call;

/// What rows are sorted by, the largest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By their beginning: the newest last.
    #[default]
    Time,
    /// The slowest last.
    Latency,
    /// By tool or operation.
    Name,
    /// What went wrong last.
    Status,
    /// By resource.
    Resource,
}

/// Whether the selection goes along with what is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Following {
    /// It does.
    Yes,
    /// It stays where it is; so many calls were new since.
    Paused {
        /// How many.
        new: usize,
    },
}

/// What is shown of the calls.
#[derive(Debug)]
pub struct List {
    /// The rows.
    pub shown: Vec<Key>,
    /// The order of rows.
    pub sort: Sort,
    /// The filter in force.
    pub filter: Filter,
    /// The filter as it was typed.
    pub filter_text: String,
    /// Only what went wrong.
    pub errors_only: bool,
    /// The selected row.
    pub selected: usize,
    /// The first row on the screen.
    pub top: usize,
    /// Whether the selection goes along with what is new.
    pub following: Following,
}

impl Default for List {
    fn default() -> Self {
        Self {
            shown: Vec::new(),
            sort: Sort::default(),
            filter: Filter::default(),
            filter_text: String::new(),
            errors_only: false,
            selected: 0,
            top: 0,
            following: Following::Yes,
        }
    }
}

impl Sort {
    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Time => Self::Latency,
            Self::Latency => Self::Name,
            Self::Name => Self::Status,
            Self::Status => Self::Resource,
            Self::Resource => Self::Time,
        }
    }

    fn compare(self, a: &Call, b: &Call, now: u64) -> Ordering {
        match self {
            Self::Time => Ordering::Equal,
            Self::Latency => a.elapsed(now).unwrap_or(-1.0).total_cmp(&b.elapsed(now).unwrap_or(-1.0)),
            Self::Name => (&a.service, &a.name).cmp(&(&b.service, &b.name)),
            Self::Status => a.status().cmp(&b.status()),
            Self::Resource => a.resources.cmp(&b.resources),
        }
    }
}

impl List {
    /// The selected call.
    #[must_use]
    pub fn selected(&self) -> Option<Key> {
        self.shown.get(self.selected).copied()
    }

    /// Whether `call` is shown, wherever it stands.
    #[must_use]
    pub fn wants(&self, call: &Call, now: u64) -> bool {
        (!self.errors_only || call.status().is_bad()) && self.filter.chooses(call, now)
    }

    /// Chooses and orders anew. The selection stays with its call, on the same line of the screen.
    pub fn refresh(&mut self, calls: &Calls, now: u64, height: usize) {
        let before = self.selected();
        let line = self.selected.saturating_sub(self.top);
        let mut shown: Vec<(Key, &Call)> = calls.iter().filter(|(_, call)| self.wants(call, now)).collect();
        // Stable: calls that are equal stay in order of time.
        shown.sort_by(|(_, a), (_, b)| self.sort.compare(a, b, now));
        self.shown = shown.into_iter().map(|(key, _)| key).collect();
        let place = |wanted: &dyn Fn(&Key) -> bool| self.shown.iter().position(wanted);
        if let Some(at) = before.and_then(|key| place(&|other| *other == key)) {
            self.selected = at;
            self.top = at.saturating_sub(line);
        } else {
            // Its call is gone or not wanted any more: the first that began no earlier.
            let next = before.and_then(|key| place(&|other| *other >= key));
            self.selected = next.unwrap_or(self.shown.len().saturating_sub(1));
        }
        if self.following == Following::Yes {
            self.selected = self.shown.len().saturating_sub(1);
        }
        self.keep_in_sight(height);
    }

    /// Moves the selection to row `to`, or as near as there are rows. Anywhere but along with new calls, it pauses.
    pub fn select(&mut self, to: usize, height: usize) {
        let last = self.shown.len().saturating_sub(1);
        self.selected = to.min(last);
        if self.following == Following::Yes && self.selected < last {
            self.following = Following::Paused { new: 0 };
        }
        self.keep_in_sight(height);
    }

    /// To the end, and along with what is new.
    pub fn follow(&mut self, height: usize) {
        self.following = Following::Yes;
        self.select(usize::MAX, height);
    }

    /// Scrolls as little as it takes to show the selection, and no further than the rows go.
    pub fn keep_in_sight(&mut self, height: usize) {
        let height = height.max(1);
        self.top = self.top.min(self.shown.len().saturating_sub(height));
        self.top = self.top.clamp((self.selected + 1).saturating_sub(height), self.selected);
    }
}
