//! The list of tables: names by page, and what is known of those on the screen.

use std::collections::{HashMap, HashSet};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::say;
use super::value::text_contains;
use super::wait::{Wait, answered};
use crate::app::desk::{Desk, Glance, Ticket};
use crate::ask::{Answer, Ask, KeyPart, Page, TableFacts, Trouble};
use crate::look::{Look, Role};
use crate::text::fit;
use crate::widget::{Cell, Column, Cursor, Pane, Pen, Table, fitting, row};

/// On AWS, the selected table is asked for once one stays at it for so many milliseconds.
const STAY: u64 = 250;

/// How often the emulator's tables are listed again, in milliseconds.
const AGAIN: u64 = 2000;

/// The tables, as far as they are listed.
#[derive(Debug, Default)]
pub(super) struct Tables {
    names: Vec<String>,
    facts: HashMap<String, Result<TableFacts, Trouble>>,
    /// Of which tables more may be known by now.
    stale: HashSet<String>,
    /// What is asked of which table.
    asked: HashMap<Ticket, String>,
    pub(super) next: Option<String>,
    pub(super) wait: Option<Wait>,
    anew: bool,
    begun: bool,
    listed: u64,
    pub(super) trouble: Option<Trouble>,
    pub(super) find: String,
    sort: Option<(Key, bool)>,
    shown: Vec<usize>,
    pub(super) cursor: Cursor,
    /// Which table was selected, and since when.
    stays: (String, u64),
    /// Counts whatever becomes known of tables.
    pub(super) version: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Name,
    Keys,
    Status,
    Items,
    Size,
    Indexes,
    Stream,
}

const fn column(key: Key, title: &'static str, width: u16) -> Column<Key> {
    let right = matches!(key, Key::Items | Key::Size | Key::Indexes);
    Column { key, title, width, grows: matches!(key, Key::Name), right, from: 0 }
}

const COLUMNS: [Column<Key>; 7] = [
    column(Key::Name, "TABLE", 12),
    column(Key::Keys, "KEYS", 18),
    column(Key::Status, "STATUS", 9),
    column(Key::Items, "ITEMS", 9),
    column(Key::Size, "SIZE", 9),
    column(Key::Indexes, "INDEXES", 7),
    column(Key::Stream, "STREAM", 7),
];

/// The order of sorting.
const SORTS: [Option<(Key, bool)>; 4] =
    [None, Some((Key::Name, true)), Some((Key::Items, true)), Some((Key::Size, true))];

impl Tables {
    /// Lists from the first page on, in place of what is there once that comes.
    pub(super) fn again(&mut self, desk: &mut Desk<'_>) {
        super::wait::call_off(&mut self.wait, desk);
        self.anew = true;
        self.listed = desk.glance.now;
        self.wait = Some(Wait::ask(desk, Ask::Tables { after: None }));
    }

    /// Lists the next page, where there is one. Whether it does.
    pub(super) fn more(&mut self, desk: &mut Desk<'_>) -> bool {
        if self.wait.is_some() || self.next.is_none() {
            return false;
        }
        self.anew = false;
        self.wait = Some(Wait::ask(desk, Ask::Tables { after: self.next.clone() }));
        true
    }

    /// Comes to the front: what the emulator has may have changed.
    pub(super) fn enter(&mut self, desk: &mut Desk<'_>) {
        if !self.begun || desk.glance.is_local() && self.wait.is_none() {
            self.stale = self.facts.keys().cloned().collect();
            self.again(desk);
        }
    }

    /// Asks for what is not known of the tables on the screen; on AWS only of the selected one, once one stays there.
    pub(super) fn ask(&mut self, height: usize, desk: &mut Desk<'_>) {
        let now = desk.glance.now;
        let Some(selected) = self.selected().map(str::to_owned) else { return };
        if self.stays.0 != selected {
            self.stays = (selected.clone(), now);
        }
        let wanted: Vec<String> = if desk.glance.is_local() {
            let window = self.cursor.window(self.shown.len(), u16::try_from(height).unwrap_or(u16::MAX));
            window.filter_map(|number| self.name(number)).map(str::to_owned).collect()
        } else if now.saturating_sub(self.stays.1) >= STAY {
            vec![selected]
        } else {
            Vec::new()
        };
        for name in wanted {
            if self.stale.remove(&name) || !self.facts.contains_key(&name) {
                self.ask_of(&name, desk);
            }
        }
    }

    /// Asks for what is known of a table.
    pub(super) fn ask_of(&mut self, name: &str, desk: &mut Desk<'_>) {
        if !self.asked.values().any(|asked| asked == name) {
            self.asked.insert(desk.ask(Ask::Table(name.to_owned())), name.to_owned());
        }
    }

    /// Calls off what is waited for, where a person would notice. Whether anything was.
    pub(super) fn call_off(&mut self, desk: &mut Desk<'_>) -> bool {
        let noticed = !self.begun || self.wait.is_some_and(|wait| wait.slow(desk.glance.now, false).is_some());
        noticed && super::wait::call_off(&mut self.wait, desk)
    }

    /// Time went by.
    pub(super) fn tick(&mut self, desk: &mut Desk<'_>) {
        let old = desk.glance.now.saturating_sub(self.listed) >= AGAIN;
        // Of several pages, the others would go.
        let first = self.pages_at_once();
        if old && first && self.begun && self.wait.is_none() && desk.glance.is_local() {
            self.stale = self.facts.keys().cloned().collect();
            self.again(desk);
        }
    }

    fn pages_at_once(&self) -> bool {
        self.next.is_none() && self.names.len() <= 100
    }

    /// Takes an answer, where it is one to what was asked. The table of which something became known.
    pub(super) fn answer(&mut self, ticket: Ticket, answer: &mut Option<Result<Answer, Trouble>>) -> Option<String> {
        if let Some(name) = self.asked.remove(&ticket) {
            let known = match answer.take()? {
                Ok(Answer::Table(facts)) => Ok(*facts),
                Ok(_) => return None,
                Err(trouble) => Err(trouble),
            };
            if self.facts.get(&name) != Some(&known) {
                self.version += 1;
            }
            self.facts.insert(name.clone(), known);
            self.choose();
            return Some(name);
        }
        if answered(&mut self.wait, ticket) {
            match answer.take()? {
                Ok(Answer::Tables(page)) => self.take(page),
                Ok(_) => {}
                Err(trouble) => self.trouble = Some(trouble),
            }
        }
        None
    }

    fn take(&mut self, page: Page<String>) {
        let selected = self.selected().map(str::to_owned);
        if self.anew {
            self.names.clear();
        }
        self.names.extend(page.rows);
        (self.next, self.begun, self.trouble) = (page.next, true, None);
        if self.anew {
            let names = &self.names;
            self.facts.retain(|name, known| known.is_ok() && names.contains(name));
        }
        self.choose();
        if let Some(selected) = selected {
            self.select(&selected);
        }
    }

    /// What is known of a table, or of all of them, may have changed.
    pub(super) fn doubt(&mut self, name: Option<&str>) {
        match name {
            Some(name) => drop(self.stale.insert(name.to_owned())),
            None => self.stale = self.facts.keys().cloned().collect(),
        }
    }

    /// Chooses the tables to show, and their order.
    pub(super) fn choose(&mut self) {
        let selected = self.selected().map(str::to_owned);
        let wanted = self.find.to_lowercase();
        let mut shown: Vec<usize> =
            (0..self.names.len()).filter(|at| wanted.is_empty() || text_contains(&self.names[*at], &wanted)).collect();
        let known = |at: &usize| self.facts.get(&self.names[*at]).and_then(|known| known.as_ref().ok());
        match self.sort {
            None => {}
            Some((Key::Items, _)) => shown.sort_by_key(|at| std::cmp::Reverse(known(at).map(|facts| facts.items))),
            Some((Key::Size, _)) => shown.sort_by_key(|at| std::cmp::Reverse(known(at).map(|facts| facts.bytes))),
            Some(_) => shown.sort_by(|left, right| self.names[*left].cmp(&self.names[*right])),
        }
        self.shown = shown;
        if let Some(selected) = selected {
            self.select(&selected);
        }
        self.cursor.at = self.cursor.at.min(self.shown.len().saturating_sub(1));
    }

    /// Sorts by the next column.
    pub(super) fn sort_on(&mut self) {
        let at = SORTS.iter().position(|sort| *sort == self.sort).unwrap_or_default();
        self.sort = SORTS[(at + 1) % SORTS.len()];
        self.choose();
    }

    /// What it is sorted by, in words.
    pub(super) fn sorted(&self) -> &'static str {
        match self.sort {
            None => "as they are listed",
            Some((Key::Items, _)) => "by items, most first, as far as they are known",
            Some((Key::Size, _)) => "by size, largest first, as far as they are known",
            Some(_) => "by name",
        }
    }

    /// How many rows are shown.
    pub(super) fn len(&self) -> usize {
        self.shown.len()
    }

    fn name(&self, number: usize) -> Option<&str> {
        self.shown.get(number).and_then(|at| self.names.get(*at)).map(String::as_str)
    }

    /// The selected table.
    pub(super) fn selected(&self) -> Option<&str> {
        self.name(self.cursor.at)
    }

    /// Selects a table, where it is listed.
    pub(super) fn select(&mut self, name: &str) {
        if let Some(at) = self.shown.iter().position(|at| self.names[*at] == name) {
            self.cursor.at = at;
        }
    }

    /// What is known of a table.
    pub(super) fn facts(&self, name: &str) -> Option<&TableFacts> {
        self.facts.get(name)?.as_ref().ok()
    }

    /// Why nothing is known of a table.
    pub(super) fn trouble_of(&self, name: &str) -> Option<&Trouble> {
        self.facts.get(name)?.as_ref().err()
    }

    /// How many there are.
    fn count(&self) -> String {
        match (self.begun, self.names.len(), self.next.is_some()) {
            (false, ..) => String::new(),
            (true, 1, false) => "1 table".to_owned(),
            (true, count, false) => format!("{count} tables"),
            (true, count, true) => format!("{count} tables and more"),
        }
    }

    /// Draws the list.
    pub(super) fn draw(&self, area: Rect, buffer: &mut Buffer, glance: &Glance, front: bool) {
        let look = glance.look;
        let dot = look.signs().dot;
        let mut note = if self.find.is_empty() {
            self.count()
        } else {
            format!("/{} {dot} {} of {}", self.find, self.shown.len(), self.names.len())
        };
        if self.next.is_some() {
            note = format!("{note} {dot} n lists more");
        }
        let inner = Pane { title: "Tables".into(), note, front }.draw(area, buffer, look);
        if let Some(trouble) = &self.trouble {
            say::trouble(trouble, "r tries again", inner, buffer, look);
        } else if !self.begun {
            say::waiting(self.wait.as_ref(), ("Listing the tables", front), inner, buffer, glance);
        } else if self.shown.is_empty() {
            say::lines(&self.nothing(glance), inner, buffer, look);
        } else {
            self.draw_rows(inner, buffer, glance, front);
        }
    }

    fn draw_rows(&self, inner: Rect, buffer: &mut Buffer, glance: &Glance, front: bool) {
        let look = glance.look;
        let has = |key: Key| self.names.iter().any(|name| !text(self.facts(name), key, look).is_empty());
        let columns: Vec<_> = COLUMNS.into_iter().filter(|column| column.key == Key::Name || has(column.key)).collect();
        let mut columns = fitting(&columns, inner.width);
        // A list that is wide needs no gulf between a name and what is said of it.
        let longest = self.names.iter().map(|name| name.chars().count()).max().unwrap_or_default().max(12) + 2;
        let mut spare = 0;
        for (column, wide) in &mut columns {
            match column.key {
                Key::Name => {
                    spare = wide.saturating_sub(longest);
                    *wide -= spare;
                }
                Key::Keys => {
                    let more = spare.min(22);
                    *wide += more;
                    spare -= more;
                }
                _ => {}
            }
        }
        let sorted = self.sort.map(|(key, _)| key);
        let table = Table { look, columns: &columns, sorted, cursor: self.cursor, rows: self.shown.len(), front };
        table.draw(inner, buffer, |number, key| self.cell(number, key, look));
        if let Some(slow) = self.wait.as_ref().and_then(|wait| wait.slow(glance.now, front)) {
            let mut pen = Pen::new(look);
            pen.put(Role::Warning, format!(" {}", fit(&slow, usize::from(inner.width), look.signs().cut)));
            let last = row(inner, usize::from(inner.height).saturating_sub(1));
            pen.to(usize::from(inner.width)).draw(last, buffer);
        }
    }

    fn cell(&self, number: usize, key: Key, look: Look) -> Cell {
        let name = self.name(number).unwrap_or_default();
        if key == Key::Name {
            return Cell::new(Role::DynamoDb, name);
        }
        if key == Key::Keys
            && let Some(trouble) = self.trouble_of(name)
        {
            return Cell::new(Role::Bad, trouble.code.clone());
        }
        let facts = self.facts(name);
        let role = match key {
            Key::Keys => Role::Accent,
            Key::Status if facts.is_some_and(|facts| facts.status == "ACTIVE") => Role::Good,
            Key::Status => Role::Warning,
            Key::Items | Key::Size => Role::Number,
            _ => Role::Plain,
        };
        Cell::new(role, text(facts, key, look))
    }

    fn nothing(&self, glance: &Glance) -> Vec<(Role, String)> {
        if !self.find.is_empty() {
            let more = if self.next.is_some() { "; n lists more of them" } else { "" };
            let text =
                format!("None of the {} tables listed has \"{}\" in its name{more}.", self.names.len(), self.find);
            return vec![(Role::Plain, text), (Role::Dim, "Esc shows all of them again.".to_owned())];
        }
        let endpoint = super::copy::endpoint(glance);
        vec![
            (Role::Plain, "There are no tables here yet.".to_owned()),
            (Role::Dim, "They appear as soon as an agent or an SDK makes one. By hand:".to_owned()),
            (Role::Plain, String::new()),
            (Role::Accent, format!("aws dynamodb create-table{endpoint} --table-name orders \\")),
            (Role::Accent, "  --attribute-definitions AttributeName=pk,AttributeType=S \\".to_owned()),
            (Role::Accent, "  --key-schema AttributeName=pk,KeyType=HASH --billing-mode PAY_PER_REQUEST".to_owned()),
        ]
    }
}

/// Keys with their types: `pk S, sk N`.
pub(super) fn keys_text(keys: &[KeyPart]) -> String {
    let each = |key: &KeyPart| format!("{} {}", key.name, key.kind);
    keys.iter().map(each).collect::<Vec<_>>().join(", ")
}

/// A number with its thousands apart.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What a stream holds, in a word.
fn stream_word(of: &str) -> &str {
    match of {
        "NEW_AND_OLD_IMAGES" => "new+old",
        "NEW_IMAGE" => "new",
        "OLD_IMAGE" => "old",
        "KEYS_ONLY" => "keys",
        other => other,
    }
}

fn text(facts: Option<&TableFacts>, key: Key, _: Look) -> String {
    let Some(facts) = facts else { return String::new() };
    match key {
        Key::Name => facts.name.clone(),
        Key::Keys => keys_text(&facts.keys),
        Key::Status => facts.status.clone(),
        Key::Items => grouped(facts.items),
        Key::Size => footbridge_record::time::bytes(facts.bytes),
        Key::Indexes if facts.indexes.is_empty() => String::new(),
        Key::Indexes => facts.indexes.len().to_string(),
        Key::Stream => facts.stream.as_deref().map(stream_word).unwrap_or_default().to_owned(),
    }
}
