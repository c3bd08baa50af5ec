//! The requests in their order, and which one is selected. Rows that are there keep their order until a person asks for
//! another, and what comes goes below them.

use std::cmp::Ordering;

use crate::keys::Action;
use crate::request::{Name, Request, Standing};
use crate::widget::Cursor;

/// What rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Sort {
    /// When it was made.
    #[default]
    Made,
    State,
    Target,
    Call,
    On,
    By,
}

impl Sort {
    const ALL: [Self; 6] = [Self::Made, Self::State, Self::Target, Self::Call, Self::On, Self::By];

    fn compare(self, a: &Request, b: &Request) -> Ordering {
        let of_sort = match self {
            Self::Made => Ordering::Equal,
            Self::State => state(a).cmp(state(b)),
            Self::Target => a.target.cmp(&b.target),
            Self::Call => a.tool.cmp(&b.tool),
            Self::On => a.resources.cmp(&b.resources),
            Self::By => a.caller.cmp(&b.caller),
        };
        of_sort.then_with(|| a.created.cmp(&b.created)).then_with(|| a.name.cmp(&b.name))
    }
}

/// How a request stands, in a word.
pub(super) fn state(request: &Request) -> &'static str {
    match request.standing {
        Standing::Waiting => "waiting",
        Standing::Allowed(_) => "allowed",
        Standing::Used(_) => "ran",
        Standing::Denied { .. } => "denied",
        Standing::Abandoned => "abandoned",
        Standing::Expired => "expired",
        Standing::Gone => "gone",
    }
}

/// The requests.
#[derive(Debug, Default)]
pub(super) struct List {
    all: Vec<Request>,
    /// Those that the filter chooses, in their order.
    shown: Vec<usize>,
    selected: Option<Name>,
    pub(super) cursor: Cursor,
    pub(super) filter: String,
    pub(super) sort: Sort,
}

impl List {
    /// All of them, also those that the filter leaves out.
    pub(super) fn all(&self) -> &[Request] {
        &self.all
    }

    /// How many are shown.
    pub(super) fn len(&self) -> usize {
        self.shown.len()
    }

    /// The request of a row.
    pub(super) fn row(&self, number: usize) -> Option<&Request> {
        self.all.get(*self.shown.get(number)?)
    }

    pub(super) fn get(&self, name: &Name) -> Option<&Request> {
        self.all.iter().find(|request| request.name == *name)
    }

    pub(super) fn selected(&self) -> Option<&Request> {
        self.get(self.selected.as_ref()?)
    }

    /// Other requests in the place of these. The selected one stays, also where it is not among them, and stays where it is
    /// on the screen as far as that can be; so does the order of the others.
    pub(super) fn take(&mut self, mut requests: Vec<Request>, height: usize) {
        if let Some(selected) = self.selected()
            && !requests.iter().any(|request| request.name == selected.name)
        {
            let mut gone = selected.clone();
            if gone.standing == Standing::Waiting {
                gone.standing = Standing::Gone;
            }
            requests.push(gone);
        }
        let order: Vec<Name> = (0..self.len()).filter_map(|row| Some(self.row(row)?.name.clone())).collect();
        self.all = requests;
        let mut shown = self.chosen();
        let place = |at: usize| order.iter().position(|name| *name == self.all[at].name).unwrap_or(order.len());
        shown.sort_by(|a, b| place(*a).cmp(&place(*b)).then_with(|| self.sort.compare(&self.all[*a], &self.all[*b])));
        self.show(shown, height);
    }

    /// The requests that the filter chooses. The selected one is always among them: it is not taken from under the person.
    fn chosen(&self) -> Vec<usize> {
        let words: Vec<String> = self.filter.split_whitespace().map(str::to_lowercase).collect();
        let chooses = |request: &Request| {
            let text = [&request.tool, &request.target, &request.caller, &request.session, &request.impact]
                .into_iter()
                .chain(&request.resources)
                .fold(state(request).to_owned(), |text, part| text + "\n" + &part.to_lowercase());
            words.iter().all(|word| match word.strip_prefix('-').filter(|word| !word.is_empty()) {
                Some(word) => !text.contains(word),
                None => text.contains(word.as_str()),
            })
        };
        let is_chosen = |request: &Request| Some(&request.name) == self.selected.as_ref() || chooses(request);
        (0..self.all.len()).filter(|at| is_chosen(&self.all[*at])).collect()
    }

    /// Shows these rows. Where nothing is selected, the first is.
    fn show(&mut self, shown: Vec<usize>, height: usize) {
        let offset = self.cursor.at.saturating_sub(self.cursor.top);
        self.shown = shown;
        let at = self.shown.iter().position(|at| Some(&self.all[*at].name) == self.selected.as_ref());
        self.cursor.at = at.unwrap_or_default();
        self.cursor.top = self.cursor.at.saturating_sub(offset);
        if at.is_none() {
            self.selected = self.row(0).map(|request| request.name.clone());
        }
        self.settle(height);
    }

    /// Keeps the selected row in sight.
    pub(super) fn settle(&mut self, height: usize) {
        self.cursor.settle(self.len(), height);
    }

    /// Scrolls to where the selected row and those after it are in sight, with the one before it.
    pub(super) fn show_what_follows(&mut self, height: usize) {
        self.cursor.top = self.cursor.at.saturating_sub(1);
        self.settle(height);
    }

    /// Puts the rows in their order, as a person asks for it or comes to look.
    pub(super) fn sort_anew(&mut self, height: usize) {
        let mut shown = self.chosen();
        shown.sort_by(|a, b| self.sort.compare(&self.all[*a], &self.all[*b]));
        self.show(shown, height);
    }

    pub(super) fn set_sort(&mut self, sort: Sort, height: usize) {
        self.sort = sort;
        self.sort_anew(height);
    }

    pub(super) fn sort_by_next(&mut self, height: usize) {
        let at = Sort::ALL.iter().position(|sort| *sort == self.sort).unwrap_or_default();
        self.set_sort(Sort::ALL[(at + 1) % Sort::ALL.len()], height);
    }

    /// Shows only what has these words. The selection goes to the first such row where its own has them not.
    pub(super) fn set_filter(&mut self, text: &str, height: usize) {
        text.clone_into(&mut self.filter);
        let selected = self.selected.take();
        if self.chosen().iter().any(|at| Some(&self.all[*at].name) == selected.as_ref()) {
            self.selected = selected;
        }
        self.sort_anew(height);
    }

    /// Selects a row, or the last one.
    pub(super) fn select(&mut self, row: usize, height: usize) {
        self.cursor.go(row, self.len(), height);
        self.selected = self.row(self.cursor.at).map(|request| request.name.clone());
    }

    /// Moves. Whether `action` is one that does.
    pub(super) fn act(&mut self, action: Action, height: usize) -> bool {
        let moved = self.cursor.act(action, self.len(), height);
        if moved {
            self.selected = self.row(self.cursor.at).map(|request| request.name.clone());
        }
        moved
    }

    /// Selects the next row that waits at `now`, from the first again after the last. Whether there is another one.
    pub(super) fn next_waiting(&mut self, now: u64, height: usize) -> bool {
        let (count, at) = (self.len(), self.cursor.at);
        let next = (1..count).map(|step| (at + step) % count);
        let found = next.into_iter().find(|row| self.row(*row).is_some_and(|request| request.waits(now)));
        if let Some(row) = found {
            self.select(row, height);
        }
        found.is_some()
    }
}
