//! What keys, dialogs and typed lines do to the calls.

use super::detail::Detail;
use super::{Act, Busy, Calls, places};
use crate::app::desk::{Desk, Go};
use crate::app::dialog::{Confirm, Dialog, Menu, Told};
use crate::app::typing::Prompt;
use crate::ask::{Ask, CallFormat};
use crate::calls::filter::exactly;
use crate::keys::Action;
use crate::row::{Effect, Row};

impl Calls {
    pub(super) fn act_in_lists(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        let height = self.height(desk.area);
        match action {
            Action::Open if self.in_latency => return self.only_this(desk),
            Action::Open => return self.open_selected(desk),
            Action::Filter => {
                self.before.clone_from(&self.list.filter_text);
                desk.type_line(Prompt {
                    tag: "filter",
                    mark: "/".to_owned(),
                    text: self.list.filter_text.clone(),
                    hint: "orders  service:s3  status:err  >100ms  since:10m  ? shows all".to_owned(),
                });
            }
            Action::Sort => self.list.set_sort(self.list.sort.next(), height),
            Action::Next | Action::Previous => {
                self.in_latency = !self.in_latency && self.list.stats.tools_count() > 0;
                self.tool = None;
            }
            Action::Back => return self.back(desk),
            Action::Copy => return self.copy(desk),
            Action::Export => return self.export(desk),
            Action::Calls(Act::Errors) => self.list.set_errors_only(!self.list.errors_only, height),
            Action::Calls(Act::Freeze) => self.freeze(desk),
            Action::Calls(act) => return self.act_on_call(act, desk),
            action if self.in_latency => {
                let tools = self.list.stats.tools_count();
                let moved = self.tools.act(action, tools, places::rows(self.places(desk.area).latency));
                self.tool = self.list.stats.tools().get(self.tools.at).map(|(name, _)| (*name).clone());
                return moved;
            }
            Action::Last => self.list.follow(height),
            action => {
                let mut cursor = self.list.cursor;
                if !cursor.act(action, self.list.len(), height) {
                    return false;
                }
                self.list.select(cursor.at, height);
            }
        }
        true
    }

    pub(super) fn act_in_call(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        self.arrange_open(desk.area, desk.glance);
        let Some(detail) = self.open.last_mut() else { return false };
        match action {
            Action::Back => {
                self.open.pop();
            }
            Action::Next => detail.part = detail.part.step(1),
            Action::Previous => detail.part = detail.part.step(3),
            Action::Copy => return self.copy(desk),
            Action::Export => return self.export(desk),
            Action::Search => desk.type_line(Prompt {
                tag: "search",
                mark: "/".to_owned(),
                text: String::new(),
                hint: "search in this part; n and N go on".to_owned(),
            }),
            Action::Calls(act) => return self.act_on_call(act, desk),
            action => return detail.document().is_some_and(|document| document.act(action)),
        }
        true
    }

    fn act_on_call(&mut self, act: Act, desk: &mut Desk<'_>) -> bool {
        match act {
            Act::NextError => self.jump(true, desk),
            Act::PreviousError => self.jump(false, desk),
            Act::NextCall => return self.step(true, desk),
            Act::PreviousCall => return self.step(false, desk),
            Act::Replay => return self.replay(desk),
            Act::Data => return self.data(desk),
            // They are of the lists.
            Act::Errors | Act::Freeze => return false,
        }
        true
    }

    fn back(&mut self, desk: &mut Desk<'_>) -> bool {
        let height = self.height(desk.area);
        if !self.list.filter_text.is_empty() {
            self.filter_by("", desk);
        } else if self.list.errors_only {
            self.list.set_errors_only(false, height);
        } else if self.in_latency {
            self.in_latency = false;
        } else {
            return false;
        }
        true
    }

    fn freeze(&mut self, desk: &mut Desk<'_>) {
        match self.held.take() {
            Some((mut held, _)) => {
                let height = self.height(desk.area);
                self.list.take(held.drain(), desk.glance.now, height);
            }
            None => self.held = Some((super::Store::new(super::MOST / 4), desk.glance.now)),
        }
    }

    pub(super) fn open_selected(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(row) = self.list.selected().cloned() else { return false };
        // What one reads should not run away below it.
        self.list.pause();
        self.fetched.forget_trouble(row.id);
        self.open = vec![Detail::new(row)];
        self.pursue(desk);
        true
    }

    /// Shows only the calls of the selected tool.
    pub(super) fn only_this(&mut self, desk: &mut Desk<'_>) -> bool {
        let tools = self.list.stats.tools();
        let Some(name) = tools.get(self.tools.at).map(|(name, _)| exactly(name)) else { return false };
        // What is shown is what the row says: the terms that hold stay, but for another tool.
        let kept = &self.list.filter_text;
        let text = if kept.is_empty() { name } else { format!("{kept} {name}") };
        self.in_latency = false;
        self.filter_by(&text, desk);
        true
    }

    /// Puts a filter in force, and says what is wrong with one that makes no sense.
    pub(super) fn filter_by(&mut self, text: &str, desk: &mut Desk<'_>) {
        let height = self.height(desk.area);
        if let Some(complaint) = self.list.set_filter(text, height) {
            desk.say(complaint);
        }
    }

    /// To the next call that went wrong, or the one before, in the order of the list.
    fn jump(&mut self, onwards: bool, desk: &mut Desk<'_>) {
        match self.list.error(onwards) {
            Some(to) => self.show_row(to, desk),
            None => desk.say(format!("No {} call went wrong", if onwards { "later" } else { "earlier" })),
        }
    }

    /// To the next call, or the one before, while one is open.
    fn step(&mut self, onwards: bool, desk: &mut Desk<'_>) -> bool {
        // The open call may stand elsewhere by now, or not be shown any more.
        let at = self.open.first().and_then(|detail| self.list.find(detail.row.id)).unwrap_or(self.list.cursor.at);
        let to = if onwards { at.checked_add(1) } else { at.checked_sub(1) };
        match to.filter(|to| *to < self.list.len()) {
            Some(to) => self.show_row(to, desk),
            None => desk.say(format!("This is the {} call", if onwards { "last" } else { "first" })),
        }
        true
    }

    fn show_row(&mut self, to: usize, desk: &mut Desk<'_>) {
        let part = self.open.first().map(|detail| detail.part);
        self.list.select(to, self.height(desk.area));
        let Some(part) = part else { return };
        self.open_selected(desk);
        if let Some(detail) = self.open.last_mut().filter(|detail| !detail.row.standing.is_bad()) {
            detail.part = part;
        }
    }

    /// What to write, and as what.
    fn export(&mut self, desk: &mut Desk<'_>) -> bool {
        let mut rows: Vec<&Row> = match self.open.first() {
            Some(detail) => vec![&detail.row],
            None => self.list.iter().collect(),
        };
        if rows.is_empty() {
            return false;
        }
        // A file is read from its beginning.
        rows.sort_by_key(|row| (row.at, row.id));
        let count = rows.len();
        self.saving = (rows.into_iter().map(|row| row.place).collect(), None);
        let what = if count == 1 { "one call".to_owned() } else { format!("{count} calls") };
        desk.open(Dialog::Menu(Menu {
            tag: "export",
            title: format!("Write {what} as"),
            entries: vec![
                ('n', "NDJSON: what replay and jq read".to_owned()),
                ('h', "HAR: what browsers' network tools read".to_owned()),
            ],
            at: 0,
        }));
        true
    }

    fn replay(&mut self, desk: &mut Desk<'_>) -> bool {
        let row = match self.open.first() {
            Some(detail) => Some(&detail.row),
            None => self.list.selected(),
        };
        let Some(row) = row.cloned() else { return false };
        if self.busy.is_some() {
            desk.say("Something is being done already");
            return true;
        }
        let changes = row.effect != Effect::Read;
        if changes && !desk.may_write() {
            return true;
        }
        self.again = Some(row.clone());
        let local = desk.glance.is_local();
        if local && !changes {
            self.make_again(desk);
            return true;
        }
        let facts = desk.glance.facts.as_ref();
        let target =
            facts.map_or_else(|| "nobody knows where".to_owned(), |facts| super::document::target(&facts.target));
        let does = match row.effect {
            Effect::Read => "It changes nothing that is stored.",
            Effect::Write => "It writes.",
            Effect::Destroy => "It takes away what is stored.",
        };
        let mut lines = vec![
            format!("{} {} {}", row.subject.title, row.on(), row.asked()),
            format!("to {target}"),
            does.to_owned(),
        ];
        let now = facts.map_or("", |facts| facts.target.word());
        if now != row.origin.target {
            lines.push(format!("It was made to {}, and is now made to {now}.", row.origin.target));
        }
        let word = (row.effect == Effect::Destroy && !local).then(|| row.subject.title.to_string());
        desk.open(Dialog::Confirm(Confirm {
            tag: "replay",
            title: "Make this call again?".into(),
            lines,
            word,
            ..Confirm::default()
        }));
        true
    }

    fn make_again(&mut self, desk: &mut Desk<'_>) {
        if let Some(row) = self.again.take() {
            let ticket = desk.ask(Ask::Replay(row.place));
            self.busy = Some((ticket, Busy::Replaying, None));
        }
    }

    /// To the bucket or table that the call is about.
    fn data(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(row) = self.current() else { return false };
        let mut ways: Vec<(String, Go)> = Vec::new();
        for resource in row.resources() {
            if let Some(way) = way(resource)
                && !ways.iter().any(|(_, other)| *other == way)
            {
                ways.push((resource.to_owned(), way));
            }
        }
        match ways.len() {
            0 => desk.say("This call is about no bucket and no table"),
            1 => desk.go(ways.remove(0).1),
            _ => {
                ways.truncate(9);
                let entries = ('1'..).zip(ways.iter().map(|(name, _)| name.clone())).collect();
                self.ways = ways.into_iter().map(|(_, way)| way).collect();
                desk.open(Dialog::Menu(Menu { tag: "data", title: "Show".into(), entries, at: 0 }));
            }
        }
        true
    }

    pub(super) fn heard(&mut self, told: Told, desk: &mut Desk<'_>) {
        let height = self.height(desk.area);
        match told {
            Told::Typing("filter", text) => {
                if let Some(complaint) = self.list.set_filter(&text, height) {
                    desk.complain(complaint);
                }
            }
            Told::Text("filter", text) => self.filter_by(&text, desk),
            Told::Dropped("filter") => {
                let before = std::mem::take(&mut self.before);
                self.filter_by(&before, desk);
            }
            Told::Typing("search", text) => {
                let found = self.search(&text, desk);
                if found == 0 && !text.is_empty() {
                    desk.complain("not found in this part");
                }
            }
            Told::Text("search", text) => {
                self.search(&text, desk);
            }
            Told::Dropped("search") => {
                self.search("", desk);
            }
            Told::Choice("copy", at) => self.copy_entry(at, desk),
            Told::Choice("data", at) if at < self.ways.len() => desk.go(self.ways.swap_remove(at)),
            Told::Choice("export", at) => {
                let (format, end) = if at == 0 { (CallFormat::Ndjson, "ndjson") } else { (CallFormat::Har, "har") };
                self.saving.1 = Some(format);
                let time = footbridge_record::time::full(desk.glance.now, desk.glance.offset);
                let time: String = time.chars().filter(char::is_ascii_digit).take(14).collect();
                desk.type_line(Prompt {
                    tag: "save",
                    mark: "write to ".to_owned(),
                    text: format!("calls-{time}.{end}"),
                    hint: "a new file".to_owned(),
                });
            }
            Told::Text("save", path) => self.save(&path, desk),
            Told::Yes("replay") => self.make_again(desk),
            _ => {}
        }
    }

    fn save(&mut self, path: &str, desk: &mut Desk<'_>) {
        let (places, format) = std::mem::take(&mut self.saving);
        let Some(format) = format else { return };
        if path.trim().is_empty() {
            desk.say("No file was named, and nothing written");
            return;
        }
        if self.busy.is_some() {
            desk.say("Something is being done already");
            return;
        }
        let calls = places.len();
        let ticket = desk.ask(Ask::SaveCalls { places, to: path.trim().to_owned(), format });
        self.busy = Some((ticket, Busy::Saving { calls }, None));
    }

    /// Searches in the part that is read. How many rows have it.
    fn search(&mut self, text: &str, desk: &Desk<'_>) -> usize {
        self.arrange_open(desk.area, desk.glance);
        self.open.last_mut().and_then(Detail::document).map_or(0, |document| document.search(text))
    }
}

/// The way to what a resource names.
fn way(resource: &str) -> Option<Go> {
    if let Some(name) = resource.strip_prefix("s3://") {
        let (bucket, key) = name.split_once('/').unwrap_or((name, ""));
        // What a listing is about ends with a star, which is no part of a key.
        let key = key.strip_suffix('*').unwrap_or(key);
        let usable = !bucket.is_empty() && bucket != "*";
        return usable.then(|| Go::Bucket { bucket: bucket.to_owned(), key: key.to_owned() });
    }
    let table = resource.strip_prefix("dynamodb://")?.split('/').next().unwrap_or_default();
    (!table.is_empty() && table != "*").then(|| Go::Table(table.to_owned()))
}
