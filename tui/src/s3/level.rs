//! A listing while one is in it: where one is, what is selected and marked, and what is under way.

use super::listing::{Listing, Row};
use super::place::Place;
use crate::app::desk::{Desk, Ticket};
use crate::ask::{Answer, ObjectName, Trouble};
use crate::keys::Action;
use crate::widget::{Cursor, Marks};

/// Rows from the end at which the next page is fetched.
const NEAR: usize = 200;

/// Rows up to which a selection is looked for when it is all listed anew.
const AGAIN: usize = 5000;

/// A question under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) ticket: Ticket,
    /// When it was asked.
    pub(super) since: u64,
}

impl Asked {
    /// How long it takes so far, once that is worth a word.
    pub(super) fn slow(self, now: u64) -> Option<u64> {
        Some(now.saturating_sub(self.since)).filter(|took| *took >= 300)
    }
}

/// A name to select once it is listed.
#[derive(Debug)]
enum Wanted {
    /// One came for it: it is looked for beyond the first page too.
    Come(String),
    /// It was selected in this row: so far it is looked for.
    Again(String, usize),
    /// Where it happens to be there.
    Perhaps(String),
}

/// A listing while one is in it.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) place: Place,
    /// What was typed to filter: a prefix, or `*` and a text.
    pub(super) filter: String,
    pub(super) list: Listing,
    pub(super) cursor: Cursor,
    /// Marked objects, by their numbers among those held.
    pub(super) marks: Marks,
    pub(super) trouble: Option<Trouble>,
    pub(super) asked: Option<Asked>,
    /// Whether what is asked replaces what there is.
    anew: bool,
    /// Whether it was ever listed.
    pub(super) listed: bool,
    wanted: Option<Wanted>,
    height: usize,
}

impl Level {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            filter: String::new(),
            list: Listing::default(),
            cursor: Cursor::default(),
            marks: Marks::default(),
            trouble: None,
            asked: None,
            anew: false,
            listed: false,
            wanted: None,
            height: 1,
        }
    }

    /// One that selects `name` when it is listed.
    pub(super) fn wanting(place: Place, name: String) -> Self {
        Self { wanted: Some(Wanted::Come(name)), ..Self::new(place) }
    }

    /// Selects `name` when it is listed the next time.
    pub(super) fn want(&mut self, name: String) {
        self.wanted = Some(Wanted::Again(name, self.list.len()));
    }

    /// What keys must begin with below the place, and what their names must hold.
    fn filters(&self) -> (&str, &str) {
        match (&self.place, self.filter.strip_prefix('*')) {
            (_, Some(needle)) => ("", needle),
            (Place::Buckets | Place::Versions { key: Some(_), .. }, None) => ("", &self.filter),
            (_, None) => (&self.filter, ""),
        }
    }

    /// Lists it from the beginning; what is there stays until the answer comes.
    pub(super) fn list(&mut self, desk: &mut Desk<'_>) {
        self.call_off(desk);
        if self.listed && self.wanted.is_none() && self.cursor.at < AGAIN {
            self.wanted = self.row().map(|row| Wanted::Again(row.name.to_owned(), self.cursor.at));
        }
        self.anew = true;
        self.ask(None, desk);
    }

    /// Asks for the next page. Whether there is one that is not asked for yet.
    pub(super) fn more(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(next) = self.list.next.clone().filter(|_| self.asked.is_none()) else { return false };
        self.anew = false;
        self.ask(Some(next), desk);
        true
    }

    fn ask(&mut self, after: Option<String>, desk: &mut Desk<'_>) {
        self.trouble = None;
        let ticket = desk.ask(self.place.ask(self.filters().0, after));
        self.asked = Some(Asked { ticket, since: desk.glance.now });
    }

    /// Calls off what is asked. Whether anything was.
    pub(super) fn call_off(&mut self, desk: &mut Desk<'_>) -> bool {
        let asked = self.asked.take();
        if let Some(asked) = asked {
            desk.call_off(asked.ticket);
        }
        asked.is_some()
    }

    /// Asks for the next page where the selection nears the end, and that costs nothing.
    pub(super) fn follow(&mut self, desk: &mut Desk<'_>) {
        let searching = !self.filters().1.is_empty();
        let rows = self.list.len();
        if desk.glance.is_local() && !searching && self.trouble.is_none() && self.cursor.at + NEAR >= rows {
            self.more(desk);
        }
    }

    /// Filters by `text`. What is loaded is filtered at once; what begins with something is asked for.
    pub(super) fn filter(&mut self, text: &str, desk: &mut Desk<'_>) {
        if self.filter == text {
            return;
        }
        let before = self.filters().0.to_owned();
        text.clone_into(&mut self.filter);
        let needle = self.filters().1.to_owned();
        let spot = self.list.spot(self.cursor.at);
        self.list.look_for(&needle);
        let at = spot.and_then(|spot| self.list.shown(spot)).unwrap_or(0);
        self.cursor.go(at, self.list.len(), self.height);
        if self.filters().0 != before {
            let selected = self.row().map(|row| Wanted::Perhaps(row.name.to_owned()));
            self.list(desk);
            self.wanted = selected.filter(|_| text.is_empty());
        }
    }

    /// Takes the answer to what is asked.
    pub(super) fn answer(&mut self, answer: Result<Answer, Trouble>, desk: &mut Desk<'_>) {
        let anew = std::mem::take(&mut self.anew);
        self.asked = None;
        let answer = match answer {
            Ok(answer) => answer,
            Err(trouble) => {
                self.trouble = Some(trouble);
                return;
            }
        };
        if !matches!(answer, Answer::Buckets(_) | Answer::Objects(_)) {
            return;
        }
        let spot = self.list.spot(self.cursor.at);
        let below = self.cursor.at.saturating_sub(self.cursor.top);
        if anew {
            self.list = Listing::default();
            self.marks.clear();
        }
        let needle = self.filters().1.to_owned();
        let key = match &self.place {
            Place::Versions { key, .. } => key.as_deref(),
            _ => None,
        };
        let gone = match answer {
            Answer::Buckets(page) => self.list.take_buckets(page),
            Answer::Objects(page) => self.list.take(page, self.place.prefix(), key),
            _ => return,
        };
        self.listed = true;
        if anew {
            self.list.look_for(&needle);
            self.cursor = Cursor { at: 0, top: if self.wanted.is_some() { self.cursor.top } else { 0 } };
        } else if let Some(mut spot) = spot {
            self.marks.shift(gone.objects);
            let went = if spot.folder { gone.folders } else { gone.objects };
            spot.number = spot.number.saturating_sub(went);
            let at = self.list.shown(spot).unwrap_or(self.cursor.at);
            self.cursor = Cursor { at, top: at.saturating_sub(below) };
            self.cursor.settle(self.list.len(), self.height);
        }
        self.select_wanted(desk);
        // A page may hold nothing of what is shown; that is no end.
        if self.list.len() == 0 {
            self.follow(desk);
        }
    }

    /// Selects what is wanted, where it has come.
    fn select_wanted(&mut self, desk: &mut Desk<'_>) {
        let Some(wanted) = self.wanted.take() else { return };
        let rows = self.list.len();
        let (Wanted::Come(name) | Wanted::Again(name, _) | Wanted::Perhaps(name)) = &wanted;
        if let Some(at) = self.list.find(name) {
            self.cursor.go(at, rows, self.height);
            return;
        }
        match wanted {
            Wanted::Come(name) if self.list.next.is_some() && self.filter.is_empty() => {
                // It is not on the first page: what begins so comes first.
                self.filter.clone_from(&name);
                self.list(desk);
                self.wanted = Some(Wanted::Come(name));
            }
            Wanted::Come(name) => desk.say(format!("{name} is not here now; v and V show versions")),
            Wanted::Again(name, until) if rows <= until && desk.glance.is_local() && self.more(desk) => {
                self.wanted = Some(Wanted::Again(name, until));
            }
            Wanted::Again(_, until) => self.cursor.go(until, rows, self.height),
            Wanted::Perhaps(_) => {}
        }
    }

    /// Moves the selection. Whether `action` is one that does.
    pub(super) fn act(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        let moved = self.cursor.act(action, self.list.len(), self.height);
        if moved {
            self.follow(desk);
        }
        moved
    }

    /// Makes ready for so many rows on the screen.
    pub(super) fn arrange(&mut self, height: usize) {
        self.height = height.max(1);
        self.cursor.settle(self.list.len(), self.height);
    }

    /// Whether there are more rows than the screen shows.
    pub(super) fn is_long(&self) -> bool {
        self.list.len() > self.height
    }

    /// The selected row.
    pub(super) fn row(&self) -> Option<Row<'_>> {
        self.list.row(self.cursor.at)
    }

    /// The object, or version, of a row.
    pub(super) fn name(&self, row: &Row<'_>) -> ObjectName {
        ObjectName {
            bucket: self.place.bucket().to_owned(),
            key: row.key(self.place.prefix()),
            version: row.more.map(str::to_owned),
        }
    }

    /// The objects that are marked; where none is, the selected one.
    pub(super) fn chosen(&self) -> Vec<ObjectName> {
        if matches!(self.place, Place::Buckets) {
            return Vec::new();
        }
        if !self.marks.is_empty() {
            return self.marks.iter().filter_map(|at| self.list.object(at)).map(|row| self.name(&row)).collect();
        }
        self.row().filter(|row| !row.folder).map(|row| self.name(&row)).into_iter().collect()
    }

    /// Marks the selected row, or marks it no longer, and goes to the next. Whether it can be marked.
    pub(super) fn mark(&mut self, desk: &mut Desk<'_>) -> bool {
        let spot = self.list.spot(self.cursor.at).filter(|spot| !spot.folder);
        if let Some(spot) = spot {
            self.marks.toggle(spot.number);
            self.act(Action::Down, desk);
        }
        spot.is_some()
    }

    /// Marks every object that is shown, or none where all are. Whether there is one.
    pub(super) fn mark_all(&mut self) -> bool {
        let all: Vec<_> =
            (0..self.list.len()).filter_map(|at| self.list.spot(at)).filter(|s| !s.folder).map(|s| s.number).collect();
        if all.iter().all(|at| self.marks.has(*at)) {
            self.marks.clear();
        } else {
            self.marks.set(all.iter().copied());
        }
        !all.is_empty()
    }

    /// Takes out objects that were deleted.
    pub(super) fn remove(&mut self, names: &[ObjectName]) {
        let gone: std::collections::HashSet<&ObjectName> = names.iter().collect();
        let numbers: Vec<bool> = (0..self.list.counts().1)
            .map(|at| self.list.object(at).is_some_and(|row| gone.contains(&self.name(&row))))
            .collect();
        self.marks.clear();
        self.list.remove(|number| numbers.get(number).copied().unwrap_or(false));
        self.cursor.settle(self.list.len(), self.height);
    }
}
