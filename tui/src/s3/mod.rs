//! S3: buckets, their folders and objects, versions, and what an object holds.
//!
//! One goes down from level to level; each keeps its listing and its selection for the way back. Beside the listing, where
//! there is room, stands what is selected: fetched once the selection rests, and only where that costs nothing.

mod copy;
mod draw;
mod export;
mod job;
mod keys;
mod level;
mod listing;
mod object;
mod paint;
mod place;
mod preview;
mod screen;
#[cfg(test)]
mod tests;
mod write;

use ratatui::layout::Rect;

use crate::app::desk::{Desk, Ticket};
use crate::app::typing::Prompt;
use crate::ask::ObjectName;
use crate::keys::Action;
use crate::widget::Document;
pub use keys::Act;
pub(crate) use keys::KEYS;

use job::Job;
use level::Level;
use object::{Listed, Object};
use place::Place;
use write::Pending;

/// From so many columns on, what is selected stands beside the listing.
const WIDE: u16 = 140;

/// How long a selection rests before it is fetched, and typing before it filters, in milliseconds.
const REST: u64 = 250;

/// What stands beside the listing.
#[derive(Debug, Default)]
enum Side {
    #[default]
    Nothing,
    /// What is in a bucket or folder.
    Peek(Box<Level>),
    Object(Box<Object>),
}

/// A text to read, over what is beside the listing.
#[derive(Debug)]
struct Sheet {
    title: String,
    note: &'static str,
    document: Document,
    copy: Option<String>,
}

/// The view.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "what is open and what there is room for hang on nothing else")]
pub(crate) struct S3 {
    /// From the buckets to where one is; never empty.
    levels: Vec<Level>,
    side: Side,
    /// When the selection came to rest.
    rested: u64,
    /// Whether keys go to the object.
    opened: bool,
    zoomed: bool,
    sheet: Option<Sheet>,
    jobs: Vec<Job>,
    pending: Option<Pending>,
    /// A filter being typed, and when its last key came.
    typed: Option<(String, u64)>,
    /// Questions of a side that was left.
    off: Vec<Ticket>,
    wide: bool,
    /// Whether a picture that changes is worth drawing: something is slow.
    live: bool,
}

impl Default for S3 {
    fn default() -> Self {
        Self {
            levels: vec![Level::new(Place::Buckets)],
            side: Side::Nothing,
            rested: 0,
            opened: false,
            zoomed: false,
            sheet: None,
            jobs: Vec::new(),
            pending: None,
            typed: None,
            off: Vec::new(),
            wide: false,
            live: false,
        }
    }
}

impl S3 {
    /// Where one is.
    fn level(&self) -> &Level {
        // There is always one: the buckets are never left.
        &self.levels[self.levels.len() - 1]
    }

    fn level_mut(&mut self) -> &mut Level {
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    /// The object that keys go to.
    fn object(&self) -> Option<&Object> {
        match &self.side {
            Side::Object(object) if self.opened => Some(object),
            _ => None,
        }
    }

    fn object_mut(&mut self) -> Option<&mut Object> {
        match &mut self.side {
            Side::Object(object) if self.opened => Some(object),
            _ => None,
        }
    }

    /// The place that the selected row leads to, where it is a bucket or a folder.
    fn leads_to(&self) -> Option<Place> {
        let level = self.level();
        let row = level.row()?;
        match &level.place {
            Place::Buckets => Some(Place::Folder { bucket: row.name.to_owned(), prefix: String::new() }),
            Place::Folder { bucket, prefix } if row.folder => {
                Some(Place::Folder { bucket: bucket.clone(), prefix: row.key(prefix) })
            }
            Place::Versions { bucket, prefix, .. } if row.folder => {
                Some(Place::Versions { bucket: bucket.clone(), prefix: row.key(prefix), key: None })
            }
            _ => None,
        }
    }

    /// The selected object, or version.
    fn selected(&self) -> Option<(ObjectName, Listed)> {
        let level = self.level();
        let row = level.row().filter(|row| !row.folder && level.place != Place::Buckets)?;
        Some((level.name(&row), Listed::of(&row)))
    }

    /// What an action is about: the opened object, or the selected one.
    fn subject(&self) -> Option<ObjectName> {
        self.object().map(|object| object.name.clone()).or_else(|| self.selected().map(|(name, _)| name))
    }

    /// Whether what stands beside the listing is what is selected.
    fn side_is_selected(&self) -> bool {
        match &self.side {
            Side::Nothing => self.level().row().is_none(),
            Side::Peek(level) => self.leads_to().is_some_and(|place| place == level.place),
            // One that was written anew meanwhile is another one.
            Side::Object(object) => {
                self.selected().is_some_and(|(name, listed)| name == object.name && listed == object.row)
            }
        }
    }

    /// Puts beside the listing what is selected; nothing is asked yet.
    fn follow(&mut self, now: u64) {
        if self.opened || self.side_is_selected() {
            return;
        }
        self.leave_side();
        self.rested = now;
        self.side = match (self.leads_to(), self.selected()) {
            (Some(place), _) => Side::Peek(Box::new(Level::new(place))),
            (None, Some((name, listed))) => Side::Object(Box::new(Object::new(name, listed))),
            (None, None) => Side::Nothing,
        };
    }

    /// What the side asked is not wanted any more.
    fn leave_side(&mut self) {
        match std::mem::take(&mut self.side) {
            Side::Nothing => {}
            Side::Peek(level) => self.off.extend(level.asked.map(|asked| asked.ticket)),
            Side::Object(object) => self.off.extend(object.tickets()),
        }
    }

    /// Whether what stands beside the listing waits to be fetched.
    fn side_waits(&self) -> bool {
        match &self.side {
            Side::Nothing => false,
            Side::Peek(level) => !level.listed && level.asked.is_none() && level.trouble.is_none(),
            Side::Object(object) => !object.asked,
        }
    }

    fn ask_side(&mut self, desk: &mut Desk<'_>) {
        match &mut self.side {
            Side::Nothing => {}
            Side::Peek(level) => level.list(desk),
            Side::Object(object) => object.ask(desk),
        }
    }

    /// Goes down into the selected row.
    fn open(&mut self, desk: &mut Desk<'_>) -> bool {
        if let Some(opened) = self.object().and_then(Object::open) {
            let (title, document) = preview::opened(opened, desk.glance.look);
            self.sheet = Some(Sheet { title, note: "Esc: back", document, copy: None });
            return true;
        }
        if let Some(object) = self.object_mut() {
            return object.act(Action::Fold, desk);
        }
        if let Some(place) = self.leads_to() {
            let known = matches!(&self.side, Side::Peek(level) if level.place == place);
            let side = if known { std::mem::take(&mut self.side) } else { Side::Nothing };
            self.leave_side();
            let mut level = match side {
                Side::Peek(level) => *level,
                _ => Level::new(place),
            };
            if !level.listed && level.asked.is_none() {
                level.list(desk);
            }
            self.levels.push(level);
            return true;
        }
        if self.selected().is_none() {
            return false;
        }
        self.follow(desk.glance.now);
        if self.side_waits() {
            self.ask_side(desk);
        }
        self.opened = true;
        true
    }

    /// Goes back a step. Whether there is one.
    fn back(&mut self, desk: &mut Desk<'_>) -> bool {
        if self.sheet.take().is_some() {
            return true;
        }
        if let Some(object) = self.object_mut() {
            if !object.preview.end_search() {
                object.call_off(desk);
                self.opened = false;
                self.zoomed = false;
            }
            return true;
        }
        let deep = self.levels.len() > 1;
        let level = self.level_mut();
        if level.call_off(desk) {
            if level.listed || !deep {
                desk.say("Called off; r lists it anew");
                return true;
            }
        } else if !level.marks.is_empty() {
            level.marks.clear();
            return true;
        } else if !level.filter.is_empty() {
            level.filter("", desk);
            return true;
        }
        if deep {
            self.levels.pop();
            self.leave_side();
            let level = self.level_mut();
            if !level.listed && level.asked.is_none() {
                level.list(desk);
            }
        }
        deep
    }

    /// The versions of what is selected, or of everything here; back to the objects from there.
    fn versions(&mut self, all: bool, desk: &mut Desk<'_>) -> bool {
        let level = self.level();
        let Place::Folder { bucket, prefix } = &level.place else {
            let here = matches!(level.place, Place::Versions { .. });
            if here {
                while matches!(self.level().place, Place::Versions { .. }) {
                    self.levels.pop();
                }
                self.leave_side();
            }
            return here;
        };
        let row = level.row().filter(|_| !all);
        let key = row.filter(|row| !row.folder).map(|row| row.key(prefix));
        let below = row.filter(|row| row.folder).map_or_else(|| prefix.clone(), |row| row.key(prefix));
        let mut level = Level::new(Place::Versions { bucket: bucket.clone(), prefix: below, key });
        level.list(desk);
        self.leave_side();
        self.levels.push(level);
        true
    }

    /// Has a filter typed.
    fn type_filter(&mut self, desk: &mut Desk<'_>) {
        let level = self.level();
        let hint = match level.place {
            Place::Buckets => "what names hold",
            Place::Versions { key: Some(_), .. } => "what version ids hold",
            _ if desk.glance.is_local() => "what names begin with here; *text looks among the rows that are loaded",
            _ => "what names begin with here, Enter lists them; *text looks among the rows that are loaded",
        };
        let prompt = Prompt { tag: "s3-filter", mark: "/".into(), text: level.filter.clone(), hint: hint.into() };
        desk.type_line(prompt);
    }

    /// Filters by what was typed.
    fn filter(&mut self, text: &str, desk: &mut Desk<'_>) {
        self.typed = None;
        self.level_mut().filter(text, desk);
    }

    /// Whether each selection and each mark is among the rows.
    fn is_sound(&self) -> bool {
        self.levels.iter().all(|level| {
            let (rows, objects) = (level.list.len(), level.list.counts().1);
            level.cursor.at < rows.max(1) && level.marks.iter().all(|at| at < objects)
        })
    }

    /// Where the listing and what is beside it stand.
    fn places(&self, area: Rect) -> draw::Places {
        draw::places(
            area,
            self.jobs.iter().filter(|job| job.shows()).count(),
            self.opened || self.sheet.is_some(),
            self.zoomed,
        )
    }

    fn refresh(&mut self, desk: &mut Desk<'_>) {
        if let Some(object) = self.object_mut() {
            object.refresh(desk);
        } else {
            self.level_mut().list(desk);
            self.leave_side();
        }
    }
}
