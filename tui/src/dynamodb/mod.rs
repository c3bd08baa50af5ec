//! DynamoDB: tables, their items page by page, one item, a table's stream; and putting, editing and deleting items.
//!
//! What is on the screen is one [`Place`]; [`Items`], [`Tables`] and [`Stream`] hold what was fetched for it. Nothing is
//! fetched but a page at a time.

pub(crate) mod changes;
mod copy;
mod describe;
mod edit;
mod export;
mod expression;
mod grid;
mod items;
mod keys;
mod place;
mod query;
mod say;
mod shape;
mod stream;
mod tables;
mod taken;
#[cfg(test)]
mod tests;
mod value;
mod view;
mod wait;
mod write;

use serde_json::Value;

use crate::app::desk::{Desk, Glance, Go, Ticket};
use crate::app::dialog::Told;
use crate::app::screen::Screen;
use crate::app::typing::Prompt;
use crate::ask::{Answer, Read, TableFacts, Trouble};
use crate::keys::{Action, Scope};
use crate::widget::Document;

use changes::Beside;
use edit::Draft;
use export::Format;
use items::Items;
use query::Query;
use stream::Stream;
use tables::Tables;
use wait::{Wait, answered};
use write::{Job, Pending};

pub use keys::Act;
pub(crate) use keys::KEYS;

/// Locally, the next page is fetched once the selection is so near to the end.
const NEAR: usize = 20;

/// What is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Place {
    #[default]
    Tables,
    /// A table's description.
    Table,
    Items,
    Item,
    /// Two versions of an item, of which one was to be written over the other.
    Conflict,
    Stream,
}

/// An item that somebody changed meanwhile.
#[derive(Debug)]
struct Conflict {
    /// What was to be written; `None` where it was to be deleted.
    mine: Option<Value>,
    /// The text of it, as it was typed.
    draft: Option<Draft>,
    /// What is stored now.
    now: Option<Value>,
    beside: Beside,
}

/// What the document shows, so that it is made anew when that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    Table(String, u64),
    /// Items by a count of whatever changes them, and which of them.
    Item(u64, Option<usize>),
}

/// The view.
#[derive(Debug, Default)]
pub(crate) struct DynamoDb {
    tables: Tables,
    place: Place,
    /// Where the description, or the stream, was opened from.
    from: Place,
    /// The table that is described.
    described: String,
    items: Option<Items>,
    stream: Option<Stream>,
    document: Document,
    subject: Option<Subject>,
    /// The item that the document shows.
    shown: Option<Value>,
    /// What is searched in the document.
    searched: String,
    query: Option<Query>,
    /// What is in the editor, or waits for a yes.
    draft: Option<Draft>,
    /// What was typed and could not be stored.
    kept: Vec<Draft>,
    pending: Option<Pending>,
    job: Option<(Wait, Job)>,
    /// What was said last of how long the job takes.
    said: Option<String>,
    conflict: Option<Conflict>,
    /// What each entry of the open menu copies.
    copies: Vec<(&'static str, String)>,
    format: Option<Format>,
}

impl DynamoDb {
    /// The table that keys are about.
    fn table(&self) -> Option<&str> {
        match self.place {
            Place::Tables => self.tables.selected(),
            Place::Table => Some(&self.described),
            Place::Stream => self.stream.as_ref().map(|stream| stream.table.as_str()),
            Place::Items | Place::Item | Place::Conflict => self.items.as_ref().map(|items| items.read.table.as_str()),
        }
    }

    /// What is known of it.
    fn facts(&self) -> Option<&TableFacts> {
        self.tables.facts(self.table()?)
    }

    /// The item that keys are about.
    fn item(&self) -> Option<&Value> {
        self.items.as_ref()?.selected()
    }

    fn refresh(&mut self, desk: &mut Desk<'_>) -> bool {
        match self.place {
            Place::Tables => {
                self.tables.doubt(None);
                self.tables.again(desk);
            }
            Place::Table => {
                let name = self.described.clone();
                self.tables.ask_of(&name, desk);
            }
            Place::Items => {
                let Some(items) = &mut self.items else { return false };
                items.again(desk);
                let name = items.read.table.clone();
                self.tables.doubt(Some(&name));
            }
            Place::Item | Place::Conflict => return self.fetch_again(desk),
            Place::Stream => match &mut self.stream {
                Some(stream) => stream.again(desk),
                None => return false,
            },
        }
        true
    }

    fn more(&mut self, desk: &mut Desk<'_>) -> bool {
        let (done, none) = match self.place {
            Place::Tables => (self.tables.more(desk), self.tables.wait.is_none()),
            _ => match &mut self.items {
                Some(items) => (items.more(desk), items.wait.is_none()),
                None => return false,
            },
        };
        if !done {
            desk.say(if none { "That is all; r reads anew" } else { "A page is under way" });
        }
        true
    }

    fn sort(&mut self, desk: &mut Desk<'_>) -> bool {
        if self.place == Place::Tables {
            self.tables.sort_on();
            desk.say(format!("Tables {}", self.tables.sorted()));
            return true;
        }
        let Some(items) = &mut self.items else { return false };
        let done = items.sort_on();
        if items.sort.is_none() {
            desk.say("As they were read");
        } else if items.next.is_some() || items.gone > 0 {
            desk.say("Only what is loaded is sorted; DynamoDB sorts by the range key alone");
        }
        done
    }

    fn sideways(&mut self, onwards: bool, desk: &mut Desk<'_>) -> bool {
        match (self.place, &mut self.items) {
            (Place::Items, Some(items)) => {
                let last = items.shape.attributes.len().saturating_sub(1);
                items.column = if onwards { (items.column + 1).min(last) } else { items.column.saturating_sub(1) };
                true
            }
            // The item before, or the next one.
            (Place::Item, Some(_)) => self.move_items(if onwards { Action::Down } else { Action::Up }, desk),
            _ => false,
        }
    }

    fn move_items(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        let height = grid::height(view::list_area(desk.area));
        let Some(items) = &mut self.items else { return false };
        if !items.cursor.act(action, items.len(), height) {
            return false;
        }
        // On AWS pages cost; there a key asks for each.
        let forward = matches!(action, Action::Down | Action::PageDown | Action::Last);
        if forward && desk.glance.is_local() && items.trouble.is_none() && items.cursor.at + NEAR >= items.len() {
            items.more(desk);
        }
        true
    }

    fn ask_query(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(facts) = self.facts() else {
            return self.must_know(desk);
        };
        let read = self.items.as_ref().map(|items| &items.read).filter(|read| read.table == facts.name);
        let query = Query::new(facts, read);
        desk.open(query.form(1, None));
        self.query = Some(query);
        true
    }

    /// Says that the table's keys are needed first, and asks for them.
    fn must_know(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(name) = self.table().map(str::to_owned) else { return false };
        match self.tables.trouble_of(&name) {
            Some(trouble) => desk.say(format!("The keys of {name} are not known: {trouble}")),
            None => desk.say(format!("The keys of {name} are not known yet; try again in a moment")),
        }
        self.tables.ask_of(&name, desk);
        true
    }

    /// Has a line typed that shows only what has it in it.
    fn search(&mut self, desk: &mut Desk<'_>) -> bool {
        let (text, hint) = match self.place {
            Place::Tables => (self.tables.find.clone(), "a part of a table's name"),
            Place::Items => (
                self.items.as_ref().map(|items| items.find.clone()).unwrap_or_default(),
                "a text among the items loaded",
            ),
            Place::Stream => {
                (self.stream.as_ref().map(|stream| stream.find.clone()).unwrap_or_default(), "a text among the records")
            }
            Place::Table | Place::Item => (self.searched.clone(), "a text in what is shown"),
            Place::Conflict => return false,
        };
        desk.type_line(Prompt { tag: "find", mark: "/".to_owned(), text, hint: hint.to_owned() });
        true
    }

    fn find(&mut self, text: String) {
        match self.place {
            Place::Tables => {
                self.tables.find = text;
                self.tables.choose();
            }
            Place::Items => {
                if let Some(items) = &mut self.items {
                    items.find = text;
                    items.choose();
                }
            }
            Place::Stream => {
                if let Some(stream) = &mut self.stream {
                    stream.find = text;
                    stream.choose();
                }
            }
            Place::Table | Place::Item => {
                self.document.search(&text);
                self.searched = text;
            }
            Place::Conflict => {}
        }
    }

    fn filter(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(items) = &self.items else { return false };
        let hint = "total > 10 AND begins_with(name, \"a\"); empty for none".to_owned();
        desk.type_line(Prompt { tag: "filter", mark: "filter: ".to_owned(), text: items.read.filter.clone(), hint });
        true
    }

    /// Asks for what is not known of what is on the screen.
    fn after(&mut self, desk: &mut Desk<'_>) {
        if self.place == Place::Tables {
            let height = view::rows_in(desk.area);
            self.tables.ask(height, desk);
        }
    }
}

impl Screen for DynamoDb {
    fn scope(&self) -> Scope {
        match self.place {
            Place::Tables => Scope::Tables,
            Place::Table => Scope::Table,
            Place::Items => Scope::Items,
            Place::Item | Place::Conflict => Scope::Item,
            Place::Stream => Scope::Stream,
        }
    }

    fn enter(&mut self, desk: &mut Desk<'_>) {
        if self.place == Place::Tables {
            self.tables.enter(desk);
        }
        self.after(desk);
    }

    fn go(&mut self, go: Go, desk: &mut Desk<'_>) {
        if let Go::Table(name) = go {
            self.open_table(&name, desk);
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        let done = match action {
            Action::Back => self.back(desk),
            Action::Open => self.open(desk),
            Action::Next => self.next(desk),
            Action::Refresh => self.refresh(desk),
            Action::More => self.more(desk),
            Action::Sort => self.sort(desk),
            Action::Left | Action::Right => self.sideways(action == Action::Right, desk),
            Action::Search => self.search(desk),
            Action::Filter => self.filter(desk),
            Action::Copy => self.copy(desk),
            Action::Export => self.export(desk),
            Action::Delete => self.delete(desk),
            Action::DynamoDb(act) => match act {
                Act::Describe => self.describe(desk),
                Act::Query => self.ask_query(desk),
                Act::New => self.new_item(desk),
                Act::Edit => self.edit(desk),
                Act::Duplicate => self.duplicate(desk),
                Act::Stream => self.follow(desk),
                Act::Pause => match &mut self.stream {
                    Some(stream) => {
                        stream.paused = !stream.paused;
                        true
                    }
                    None => false,
                },
                Act::Calls => match self.table() {
                    Some(table) => {
                        desk.go(Go::Calls { filter: format!("table:{table}") });
                        true
                    }
                    None => false,
                },
            },
            action => self.move_or_read(action, desk),
        };
        self.after(desk);
        done
    }

    fn answer(&mut self, ticket: Ticket, answer: Result<Answer, Trouble>, desk: &mut Desk<'_>) {
        let ascii = desk.glance.look.ascii;
        let mut answer = Some(answer);
        if let Some(table) = self.tables.answer(ticket, &mut answer)
            && let Some(items) = self.items.as_mut().filter(|items| items.read.table == table)
        {
            items.know(self.tables.facts(&table), ascii);
        }
        if let Some(items) = &mut self.items {
            items.answer(ticket, &mut answer, ascii);
        }
        if let Some(stream) = &mut self.stream {
            stream.answer(ticket, &mut answer);
        }
        if let (Some((mut wait, job)), Some(answer)) = (self.job.take().map(|(wait, job)| (Some(wait), job)), answer) {
            if answered(&mut wait, ticket) {
                desk.take_back(self.said.take());
                self.done(job, answer, desk);
            } else if let Some(wait) = wait {
                self.job = Some((wait, job));
            }
        }
        self.after(desk);
    }

    fn told(&mut self, told: Told, desk: &mut Desk<'_>) {
        match told {
            Told::Typing("find", text) | Told::Text("find", text) => self.find(text),
            Told::Dropped("find") => self.find(String::new()),
            Told::Text("filter", filter) => {
                if let Some(items) = &self.items {
                    let read = Read { filter: filter.trim().to_owned(), ..items.read.clone() };
                    self.open_items(read, desk);
                }
            }
            Told::Changed(query::TAG, at, values) => {
                if let Some(query) = &mut self.query {
                    query.take(&values);
                    desk.open(query.form(at, None));
                }
            }
            Told::Form(query::TAG, values) => {
                if let Some(query) = &mut self.query {
                    query.take(&values);
                    match query.read() {
                        Ok(read) => {
                            self.query = None;
                            self.open_items(read, desk);
                        }
                        Err((at, text)) => desk.open(query.form(at, Some(text))),
                    }
                }
            }
            Told::Choice("copy", at) => {
                if let Some((title, text)) = self.copies.get(at) {
                    desk.say(format!("The {title} is offered to the clipboard"));
                    desk.copy(text.clone());
                }
            }
            Told::Choice("export", at) => {
                if let Some(format) = Format::ALL.get(at) {
                    self.export_to(*format, desk);
                }
            }
            Told::Text("export", to) if !to.trim().is_empty() => self.save(to.trim().to_owned(), desk),
            told => self.told_of_writing(told, desk),
        }
        self.after(desk);
    }

    fn tick(&mut self, desk: &mut Desk<'_>) -> bool {
        match self.place {
            Place::Tables => self.tables.tick(desk),
            Place::Stream => {
                if let Some(stream) = &mut self.stream {
                    stream.tick(desk);
                }
            }
            _ => {}
        }
        if let Some((wait, job)) = &self.job
            && let Some(slow) = wait.slow(desk.glance.now, job.may_be_called_off())
        {
            let text = format!("{}: {slow}", job.what());
            desk.say(text.clone());
            self.said = Some(text);
            return true;
        }
        self.after(desk);
        self.is_slow(desk.glance.now)
    }

    fn moves(&self) -> bool {
        matches!(self.place, Place::Tables | Place::Stream)
    }

    fn click(&mut self, at: (u16, u16), desk: &mut Desk<'_>) {
        self.clicked(at, desk);
        self.after(desk);
    }

    fn arrange(&mut self, area: ratatui::layout::Rect, glance: &Glance) {
        self.make_ready(area, glance);
    }

    fn draw(&self, area: ratatui::layout::Rect, buffer: &mut ratatui::buffer::Buffer, glance: &Glance) {
        self.show(area, buffer, glance);
    }
}
