//! A table's stream, followed: records as they come, the newest last.

use std::collections::VecDeque;

use footbridge_record::time;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::{Value, json};

use super::changes::{Beside, changes, summary};
use super::copy;
use super::say;
use super::value::{brief_quoted, contains, members, text_contains};
use super::wait::{Wait, answered};
use crate::app::desk::{Desk, Glance, Ticket};
use crate::ask::{Answer, Ask, StreamRecord, Trouble};
use crate::keys::Action;
use crate::look::{Look, Role};
use crate::text::{clean, width};
use crate::widget::{Cell, Column, Cursor, Pane, Table};

/// So many records are held; then the oldest go.
const MOST: usize = 5000;

/// How often records are asked for, in milliseconds: of the emulator, and of AWS, which counts such calls.
const LOCAL: u64 = 1000;
const AWS: u64 = 5000;

/// The records of a stream, as far as they came.
#[allow(clippy::struct_excessive_bools)] // Each is a thing of its own that a person turned on or off.
#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) table: String,
    records: VecDeque<StreamRecord>,
    next: Option<String>,
    pub(super) wait: Option<Wait>,
    polled: u64,
    pub(super) paused: bool,
    begun: bool,
    pub(super) trouble: Option<Trouble>,
    pub(super) find: String,
    shown: Option<Vec<usize>>,
    pub(super) cursor: Cursor,
    /// Whether the selection stays behind the newest record, and how many came while it did not.
    away: bool,
    new: usize,
    gone: usize,
    /// Whether a record is open, and its images.
    pub(super) open: bool,
    pub(super) beside: Beside,
    showing: Option<StreamRecord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Time,
    Event,
    Item,
    Changes,
}

impl Stream {
    /// Begins to follow.
    pub(super) fn open(table: String, desk: &mut Desk<'_>) -> Self {
        let mut stream = Self { table, ..Self::default() };
        stream.poll(desk);
        stream
    }

    fn poll(&mut self, desk: &mut Desk<'_>) {
        self.polled = desk.glance.now;
        let ask = Ask::Stream { table: self.table.clone(), after: self.next.clone() };
        self.wait = Some(Wait::ask(desk, ask));
    }

    /// Tries again after trouble, or looks at once.
    pub(super) fn again(&mut self, desk: &mut Desk<'_>) {
        if self.wait.is_none() {
            self.trouble = None;
            self.poll(desk);
        }
    }

    /// Time went by.
    pub(super) fn tick(&mut self, desk: &mut Desk<'_>) {
        let due = desk.glance.now.saturating_sub(self.polled) >= if desk.glance.is_local() { LOCAL } else { AWS };
        if due && !self.paused && self.wait.is_none() && self.trouble.is_none() {
            self.poll(desk);
        }
    }

    /// Takes an answer, where it is one to what was asked.
    pub(super) fn answer(&mut self, ticket: Ticket, answer: &mut Option<Result<Answer, Trouble>>) {
        if !answered(&mut self.wait, ticket) {
            return;
        }
        match answer.take() {
            Some(Ok(Answer::Stream { records, next })) => {
                (self.begun, self.next) = (true, Some(next));
                self.take(records);
            }
            Some(Err(trouble)) => self.trouble = Some(trouble),
            _ => {}
        }
    }

    fn take(&mut self, records: Vec<StreamRecord>) {
        let before = self.len();
        self.records.extend(records);
        let over = self.records.len().saturating_sub(MOST);
        self.records.drain(..over);
        self.gone += over;
        let selected = self.cursor.at;
        self.choose();
        if self.away {
            self.cursor.at = selected.saturating_sub(over);
            self.cursor.top = self.cursor.top.saturating_sub(over);
            self.new += (self.len() + over).saturating_sub(before);
        } else {
            self.cursor.at = self.len().saturating_sub(1);
        }
    }

    /// Chooses the records to show.
    pub(super) fn choose(&mut self) {
        let wanted = self.find.to_lowercase();
        let has = |record: &StreamRecord| {
            text_contains(&record.event, &wanted)
                || contains(&record.keys, &wanted)
                || [&record.old, &record.new].into_iter().flatten().any(|item| contains(item, &wanted))
        };
        self.shown =
            (!wanted.is_empty()).then(|| (0..self.records.len()).filter(|at| has(&self.records[*at])).collect());
        self.cursor.at = self.cursor.at.min(self.len().saturating_sub(1));
    }

    /// Moves. Whether `action` is one that does.
    pub(super) fn act(&mut self, action: Action, height: usize) -> bool {
        if !self.cursor.act(action, self.len(), height) {
            return false;
        }
        self.away = self.cursor.at + 1 < self.len();
        if !self.away {
            self.new = 0;
        }
        true
    }

    /// Selects a row. The one that was.
    pub(super) fn click(&mut self, row: usize) -> usize {
        let before = std::mem::replace(&mut self.cursor.at, row);
        self.away = row + 1 < self.len();
        before
    }

    /// How many records are shown.
    pub(super) fn len(&self) -> usize {
        self.shown.as_ref().map_or(self.records.len(), Vec::len)
    }

    fn record(&self, number: usize) -> Option<&StreamRecord> {
        match &self.shown {
            Some(shown) => shown.get(number).and_then(|at| self.records.get(*at)),
            None => self.records.get(number),
        }
    }

    /// The selected record.
    pub(super) fn selected(&self) -> Option<&StreamRecord> {
        self.record(self.cursor.at)
    }

    /// The records that are shown, as JSON.
    pub(super) fn all(&self) -> Vec<Value> {
        (0..self.len()).filter_map(|number| self.record(number)).map(as_json).collect()
    }

    /// Makes ready the selected record's images for a place of this size.
    pub(super) fn arrange(&mut self, area: Rect, glance: &Glance) {
        let selected = self.selected().cloned();
        if self.showing != selected {
            let (old, new) = selected.as_ref().map_or((None, None), |record| (record.old.clone(), record.new.clone()));
            let (old, new) = match &selected {
                // A stream of keys alone has no images.
                Some(record) if old.is_none() && new.is_none() => match record.event.as_str() {
                    "REMOVE" => (Some(record.keys.clone()), None),
                    _ => (None, Some(record.keys.clone())),
                },
                _ => (old, new),
            };
            let keys = selected.as_ref().map(key_names).unwrap_or_default();
            self.beside = Beside::new(["before", "after"], old, new, &keys);
            self.showing = selected;
        }
        self.beside.arrange(area, glance.look);
    }

    /// What stands in the list's title, and at its right.
    fn titles(&self, glance: &Glance) -> (String, String) {
        let dot = glance.look.signs().dot;
        let title = format!("Stream {}", self.table);
        let count = match self.len() {
            1 => "1 record".to_owned(),
            count => format!("{count} records"),
        };
        let found = format!("/{} {dot} {} of {}", self.find, self.len(), self.records.len());
        let gone = if self.gone > 0 { format!(", {} older let go", self.gone) } else { String::new() };
        let how = match (self.paused, self.new) {
            (true, _) => "paused, space goes on".to_owned(),
            (false, 0) if glance.is_local() => "live".to_owned(),
            (false, 0) => format!("asked every {} s", AWS / 1000),
            (false, new) => format!("{new} new, G follows"),
        };
        let note = format!("{}{gone} {dot} {how}", if self.find.is_empty() { count } else { found });
        (title, note)
    }

    /// Draws the list.
    pub(super) fn draw(&self, area: Rect, buffer: &mut Buffer, glance: &Glance, front: bool) {
        let look = glance.look;
        let (title, note) = self.titles(glance);
        let inner = Pane { title, note, front }.draw(area, buffer, look);
        if let Some(trouble) = &self.trouble {
            let command = copy::turn_stream_on(&self.table, glance);
            let remedy = "r tries again. A table without a stream gets one so (y copies it):";
            say::trouble(trouble, remedy, inner, buffer, look);
            let below = Rect { y: inner.y + inner.height.min(6), height: inner.height.saturating_sub(6), ..inner };
            say::lines(&[(Role::Accent, command)], below, buffer, look);
            return;
        }
        if self.len() == 0 {
            if !self.begun {
                say::waiting(self.wait.as_ref(), ("Opening the stream", front), inner, buffer, glance);
                return;
            }
            let text = if self.find.is_empty() {
                format!("What is written to {} from now on appears here.", self.table)
            } else {
                format!("None of the {} records has \"{}\" in it; Esc shows all.", self.records.len(), self.find)
            };
            say::lines(&[(Role::Plain, text)], inner, buffer, look);
            return;
        }
        let keys = (0..self.len()).rev().take(200).filter_map(|number| self.record(number));
        let keys = keys.map(|record| width(&clean(&key_text(record), look.ascii))).max().unwrap_or_default();
        let room = usize::from(inner.width);
        let keys = keys.clamp(6, (room / 3).max(6));
        let plain =
            |key: Key, title: &'static str| Column { key, title, width: 0, grows: false, right: false, from: 0 };
        let columns = [
            (plain(Key::Time, "TIME"), 8),
            (plain(Key::Event, "EVENT"), 9),
            (plain(Key::Item, "KEY"), keys),
            (plain(Key::Changes, "CHANGES"), room.saturating_sub(8 + 9 + keys + 3)),
        ];
        let table = Table { look, columns: &columns, sorted: None, cursor: self.cursor, rows: self.len(), front };
        table.draw(inner, buffer, |number, key| self.cell(number, key, glance));
    }

    fn cell(&self, number: usize, key: Key, glance: &Glance) -> Cell {
        let Some(record) = self.record(number) else { return Cell::new(Role::Plain, "") };
        match key {
            Key::Time => {
                Cell::new(Role::Dim, time::of_day(record.at, glance.offset).chars().take(8).collect::<String>())
            }
            Key::Event => {
                let (role, sign) = event_sign(&record.event);
                Cell::new(role, format!("{sign} {}", record.event))
            }
            Key::Item => Cell::new(Role::Accent, key_text(record)),
            Key::Changes => Cell::new(Role::Plain, changed(record, glance.look)),
        }
    }
}

fn event_sign(event: &str) -> (Role, &'static str) {
    match event {
        "INSERT" => (Role::Good, "+"),
        "REMOVE" => (Role::Bad, "-"),
        _ => (Role::Write, "~"),
    }
}

/// A record's key in a word.
pub(super) fn key_text(record: &StreamRecord) -> String {
    copy::key_text(&record.keys, &key_names(record))
}

fn key_names(record: &StreamRecord) -> Vec<String> {
    members(&record.keys).into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

/// What a record changed, in a line.
fn changed(record: &StreamRecord, look: Look) -> String {
    match (&record.old, &record.new) {
        (Some(old), Some(new)) => match summary(&changes(old, new), look) {
            text if text.is_empty() => "nothing".to_owned(),
            text => text,
        },
        (old, new) => {
            let item = old.as_ref().or(new.as_ref());
            let is_key = |name: &String| members(&record.keys).is_some_and(|keys| keys.contains_key(name));
            let rest = item.and_then(members).into_iter().flatten().filter(|(name, _)| !is_key(name));
            let each = rest.take(12).map(|(name, value)| format!("{name} {}", brief_quoted(value, 24)));
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

/// A record as JSON.
pub(super) fn as_json(record: &StreamRecord) -> Value {
    let mut whole = json!({ "at": time::rfc3339(record.at), "event": record.event, "keys": record.keys });
    for (name, item) in [("old", &record.old), ("new", &record.new)] {
        if let Some(item) = item {
            whole[name] = item.clone();
        }
    }
    whole
}
