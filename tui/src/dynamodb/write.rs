//! Putting, editing, duplicating and deleting items: each is confirmed, and hangs on the item being as it was seen.

use ratatui_textarea::CursorMove;
use serde_json::Value;

use super::changes::{Beside, changes, lines};
use super::edit::{self, Draft, Wrong};
use super::value::{attribute, members, typed_text};
use super::{Conflict, DynamoDb, Place, Wait, copy};
use crate::app::desk::Desk;
use crate::app::dialog::{Confirm, Dialog, Editor, Told};
use crate::ask::{Answer, Ask, KeyCondition, Read, Trouble};
use crate::text::clean;

/// So many changes are named before they are made.
const NAMED: usize = 10;

/// What waits for a yes, or is being written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pending {
    pub(super) table: String,
    pub(super) seen: Option<Value>,
    pub(super) item: Option<Value>,
    /// The text of it, which goes with its own write and no other.
    pub(super) draft: Option<Draft>,
}

/// What an item is fetched for.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub(super) enum Then {
    /// To see it as it is now.
    Look,
    Edit,
    Duplicate,
    Delete,
    /// To be shown beside what could not be written over it.
    Compare(Pending),
}

/// What is under way beside reading.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Job {
    Write(Pending),
    Fetch { table: String, seen: Value, then: Then },
    Save { count: usize },
}

impl Job {
    /// A write may be done whether or not one still wants to know.
    pub(super) fn may_be_called_off(&self) -> bool {
        matches!(self, Self::Fetch { .. })
    }

    pub(super) fn what(&self) -> &'static str {
        match self {
            Self::Write(_) => "Writing",
            Self::Fetch { .. } => "Reading the item",
            Self::Save { .. } => "Writing the file",
        }
    }
}

impl DynamoDb {
    /// Asks, unless something is under way already.
    pub(super) fn begin(&mut self, ask: Ask, job: Job, desk: &mut Desk<'_>) {
        if let Some((_, job)) = &self.job {
            desk.say(format!("{} is still under way", job.what()));
            return;
        }
        self.job = Some((Wait::ask(desk, ask), job));
    }

    /// Reads an item of `table` by its key, all of it. Whether the table's keys are known.
    fn fetch(&mut self, table: String, seen: Value, then: Then, desk: &mut Desk<'_>) -> bool {
        let Some(facts) = self.tables.facts(&table) else { return false };
        let part = |name: &str| attribute(&seen, name).map(typed_text);
        let hash = facts.keys.iter().filter(|key| !key.range).filter_map(|key| part(&key.name)).collect();
        let range = facts.keys.iter().filter(|key| key.range).filter_map(|key| part(&key.name));
        let key = KeyCondition { hash, range: range.map(|value| ("=".to_owned(), vec![value])).collect() };
        let read = Read { table: table.clone(), key: Some(key), limit: 1, ..Read::default() };
        self.begin(Ask::Items(read), Job::Fetch { table, seen, then }, desk);
        true
    }

    /// Reads the selected item anew.
    pub(super) fn fetch_again(&mut self, desk: &mut Desk<'_>) -> bool {
        match self.item().cloned() {
            Some(item) => self.fetch_of_items(item, Then::Look, desk),
            None => false,
        }
    }

    fn fetch_of_items(&mut self, item: Value, then: Then, desk: &mut Desk<'_>) -> bool {
        let Some(table) = self.items.as_ref().map(|items| items.read.table.clone()) else { return false };
        self.fetch(table, item, then, desk) || self.must_know(desk)
    }

    /// Whether the list may hold less of an item than there is: an index has what is projected into it.
    pub(super) fn is_partial(&self) -> bool {
        let Some(index) = self.items.as_ref().and_then(|items| items.read.index.as_ref()) else { return false };
        let known = self.facts().and_then(|facts| facts.indexes.iter().find(|one| one.name == *index));
        known.is_none_or(|index| index.projection != "ALL")
    }

    /// Goes on with the whole of the selected item.
    fn whole(&mut self, then: Then, desk: &mut Desk<'_>) -> bool {
        let Some(item) = self.item().cloned() else { return false };
        if !desk.may_write() {
            return false;
        }
        if self.facts().is_none() {
            return self.must_know(desk);
        }
        if self.is_partial() {
            return self.fetch_of_items(item, then, desk);
        }
        self.then(&then, item, desk);
        true
    }

    fn then(&mut self, then: &Then, item: Value, desk: &mut Desk<'_>) {
        let Some(items) = &self.items else { return };
        let (table, keys) = (items.read.table.clone(), items.keys.clone());
        let text = edit::text_of(&item, &keys, desk.glance.look.ascii);
        match then {
            Then::Look | Then::Compare(_) => {}
            Then::Edit => {
                self.write_by_hand(Draft::new(table, Some(item), text), None, desk);
            }
            Then::Duplicate => {
                let at = Wrong { line: 1, column: None, text: "give it a key of its own".to_owned() };
                self.write_by_hand(Draft::new(table, None, text), Some(at), desk);
            }
            Then::Delete => self.confirm_deletion(item, desk),
        }
    }

    pub(super) fn edit(&mut self, desk: &mut Desk<'_>) -> bool {
        if let (Place::Conflict, Some(Conflict { mine: Some(_), draft: Some(draft), .. })) =
            (self.place, &self.conflict)
        {
            let draft = draft.clone();
            self.write_by_hand(draft, None, desk);
            return true;
        }
        if self.reopen(desk) {
            return true;
        }
        self.place != Place::Conflict && self.whole(Then::Edit, desk)
    }

    pub(super) fn duplicate(&mut self, desk: &mut Desk<'_>) -> bool {
        self.place != Place::Conflict && self.whole(Then::Duplicate, desk)
    }

    pub(super) fn delete(&mut self, desk: &mut Desk<'_>) -> bool {
        if let (Place::Conflict, Some(Conflict { now, .. })) = (self.place, &self.conflict) {
            let Some(now) = now.clone() else { return false };
            if !desk.may_write() {
                return false;
            }
            self.confirm_deletion(now, desk);
            return true;
        }
        self.whole(Then::Delete, desk)
    }

    pub(super) fn new_item(&mut self, desk: &mut Desk<'_>) -> bool {
        if !desk.may_write() {
            return false;
        }
        if self.reopen(desk) {
            return true;
        }
        let Some(facts) = self.facts() else { return self.must_know(desk) };
        let draft = Draft::new(facts.name.clone(), None, edit::template(&facts.keys));
        self.write_by_hand(draft, None, desk);
        true
    }

    /// Opens what was written by hand and could not be stored. Whether there is such a text.
    fn reopen(&mut self, desk: &mut Desk<'_>) -> bool {
        let of = self.table();
        let Some(at) = self.kept.iter().rposition(|draft| Some(draft.table.as_str()) == of) else { return false };
        let draft = self.kept.remove(at);
        self.write_by_hand(draft, None, desk);
        true
    }

    fn write_by_hand(&mut self, draft: Draft, wrong: Option<Wrong>, desk: &mut Desk<'_>) {
        self.kept.extend(self.draft.replace(draft));
        self.open_editor(wrong, desk);
    }

    /// What was typed, or is being written, and has no answer yet: it is lost where the dashboard ends.
    pub(crate) fn unwritten(&self) -> Option<String> {
        if let Some((_, Job::Write(pending))) = &self.job {
            return Some(format!("No answer yet to writing {}", self.name_of(pending)));
        }
        let conflict = self.conflict.as_ref().and_then(|conflict| conflict.draft.as_ref());
        let draft =
            self.draft.iter().filter(|draft| draft.text != draft.begun).chain(&self.kept).chain(conflict).next()?;
        Some(format!("What you typed in {} is not written", draft.table))
    }

    /// An item that is written, by its table and key.
    fn name_of(&self, pending: &Pending) -> String {
        let facts = self.tables.facts(&pending.table);
        let keys: Vec<String> = facts.into_iter().flat_map(|facts| &facts.keys).map(|key| key.name.clone()).collect();
        let item = pending.item.as_ref().or(pending.seen.as_ref());
        format!("{} {}", pending.table, item.map(|item| copy::key_text(item, &keys)).unwrap_or_default())
    }

    /// Whether one looks at the items of `table`, with nothing over them: only there may something open by itself.
    fn looks_at(&self, table: &str, desk: &Desk<'_>) -> bool {
        desk.front
            && matches!(self.place, Place::Items | Place::Item | Place::Conflict)
            && self.items.as_ref().is_some_and(|items| items.read.table == table)
    }

    fn open_editor(&mut self, wrong: Option<Wrong>, desk: &mut Desk<'_>) {
        let Some(draft) = &self.draft else { return };
        let facts = self.tables.facts(&draft.table);
        let keys: Vec<String> = facts.into_iter().flat_map(|facts| &facts.keys).map(|key| key.name.clone()).collect();
        let title = match &draft.seen {
            None => format!("New item in {}", draft.table),
            Some(item) => format!("Edit {} {}", draft.table, copy::key_text(item, &keys)),
        };
        let mut editor = Editor::new("item", title, &draft.text);
        editor.began_with(&draft.begun);
        // Within the quotation marks of the line, where it ends with some.
        let end = |number: usize| {
            let line = draft.text.lines().nth(number).unwrap_or_default();
            let line = line.strip_suffix(',').unwrap_or(line);
            line.strip_suffix('"').unwrap_or(line).chars().count()
        };
        let (line, column) = match &wrong {
            Some(wrong) => (wrong.line, wrong.column.unwrap_or_else(|| end(wrong.line))),
            None if draft.seen.is_none() => (1, end(1)),
            None => (0, 0),
        };
        let place = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        editor.area.move_cursor(CursorMove::Jump(place(line), place(column)));
        editor.complaint = wrong.map(|wrong| wrong.text);
        desk.open(Dialog::Editor(Box::new(editor)));
    }

    /// Reads what was written by hand, and has it confirmed.
    fn check(&mut self, desk: &mut Desk<'_>) {
        let Some(draft) = &self.draft else { return };
        let Some(facts) = self.tables.facts(&draft.table) else {
            let text = format!("the keys of {} are not known yet; try again in a moment", draft.table);
            let table = draft.table.clone();
            self.tables.ask_of(&table, desk);
            return self.open_editor(Some(Wrong { line: 0, column: Some(0), text }), desk);
        };
        let item = match edit::parse(&draft.text, &facts.keys) {
            Ok(item) => item,
            Err(wrong) => return self.open_editor(Some(wrong), desk),
        };
        let names: Vec<String> = facts.keys.iter().map(|key| key.name.clone()).collect();
        let columns = usize::from(desk.area.width).saturating_sub(6);
        let look = desk.glance.look;
        let table = draft.table.clone();
        let (title, of) = match &draft.seen {
            Some(seen) => {
                if let Some(key) = names.iter().find(|key| attribute(seen, key) != attribute(&item, key)) {
                    let text =
                        format!("{key} is a key, which stays as it is; A puts an item like this one under another key");
                    let at = draft.text.lines().position(|line| line.contains(&format!("\"{key}\"")));
                    let wrong = Wrong { line: at.unwrap_or_default(), column: None, text };
                    return self.open_editor(Some(wrong), desk);
                }
                let found = changes(seen, &item);
                if found.is_empty() {
                    desk.say("Nothing was changed, so nothing is written");
                    self.draft = None;
                    return;
                }
                ("Write", found)
            }
            None => ("Put", changes(&Value::Object(serde_json::Map::new()), &item)),
        };
        let of: Vec<_> = of.into_iter().filter(|change| !names.contains(&change.path)).collect();
        let nothing = if of.is_empty() { "nothing but the key" } else { "" };
        let all = vec![copy::whole_key(&item, &names), nothing.to_owned()];
        let changes = lines(&of, NAMED, columns, look);
        let draft = Some(draft.clone());
        let seen = draft.as_ref().and_then(|draft| draft.seen.clone());
        self.pending = Some(Pending { table: table.clone(), seen, item: Some(item), draft });
        let title = format!("{title} in {table}{}", on_aws(desk));
        desk.open(Dialog::Confirm(Confirm { tag: "write", title, lines: all, changes, ..Confirm::default() }));
    }

    fn confirm_deletion(&mut self, item: Value, desk: &mut Desk<'_>) {
        let Some(items) = &self.items else { return };
        let others = members(&item).map_or(0, serde_json::Map::len).saturating_sub(items.keys.len());
        let lines = vec![copy::whole_key(&item, &items.keys), format!("with {others} other attributes")];
        let title = format!("Delete from {}{}", items.read.table, on_aws(desk));
        // What cannot be typed is typed as it is shown.
        let value = items.keys.first().and_then(|key| attribute(&item, key)).map(typed_text).unwrap_or_default();
        let word: String = clean(&value, desk.glance.look.ascii).chars().take(40).collect();
        let word = (!desk.glance.is_local()).then_some(word);
        self.pending = Some(Pending { table: items.read.table.clone(), seen: Some(item), item: None, draft: None });
        desk.open(Dialog::Confirm(Confirm { tag: "delete", title, lines, word, ..Confirm::default() }));
    }

    /// Hears what came of the dialogs of writing.
    pub(super) fn told_of_writing(&mut self, told: Told, desk: &mut Desk<'_>) {
        match told {
            Told::Text("item", text) => {
                if let Some(draft) = &mut self.draft {
                    draft.text = text;
                }
                self.check(desk);
            }
            Told::Dropped("item") => {
                self.draft = None;
                desk.say("Nothing was written");
            }
            // Back to the text.
            Told::Dropped("write") => {
                self.pending = None;
                self.open_editor(None, desk);
            }
            Told::Dropped("delete") => {
                self.pending = None;
                desk.say("Nothing was deleted");
            }
            Told::Yes("write" | "delete") => {
                let Some(pending) = self.pending.take() else { return };
                if let Some((_, job)) = &self.job {
                    // It is asked again, so that nothing is lost.
                    desk.say(format!("{} is still under way: y again once that has ended", job.what()));
                    return match pending.seen {
                        Some(seen) if pending.item.is_none() => self.confirm_deletion(seen, desk),
                        _ => self.check(desk),
                    };
                }
                self.draft = None;
                if !desk.may_write() {
                    self.kept.extend(pending.draft);
                    return;
                }
                let Pending { table, seen, item, .. } = pending.clone();
                self.begin(Ask::Write { table, seen, item }, Job::Write(pending), desk);
            }
            _ => {}
        }
    }

    /// Something that was under way has ended.
    pub(super) fn done(&mut self, job: Job, answer: Result<Answer, Trouble>, desk: &mut Desk<'_>) {
        match (job, answer) {
            (Job::Save { count }, Ok(Answer::Saved { path, bytes })) => {
                let rows = if count == 1 { "1 row" } else { "rows" };
                let rows = if count == 1 { rows.to_owned() } else { format!("{count} {rows}") };
                desk.say(format!("{rows} written to {path}, {}", footbridge_record::time::bytes(bytes)));
            }
            (Job::Write(pending), Ok(Answer::Done(text))) => self.written(pending, &text, desk),
            (Job::Fetch { table, seen, then }, Ok(Answer::Items(page))) => {
                self.fetched(&table, &seen, then, page.items.into_iter().next(), desk);
            }
            (Job::Write(pending), Err(trouble)) if trouble.code == "ConditionalCheckFailedException" => {
                self.refused(pending, desk);
            }
            (Job::Write(pending), Err(trouble)) => self.not_written(pending, &trouble.to_string(), desk),
            (Job::Write(pending), Ok(_)) => self.not_written(pending, "the answer is of another kind", desk),
            (Job::Fetch { then: Then::Compare(pending), .. }, _) => {
                self.not_written(pending, "somebody changed it meanwhile", desk);
            }
            (Job::Save { .. } | Job::Fetch { .. }, Err(trouble)) => desk.say(trouble.to_string()),
            (_, Ok(_)) => {}
        }
    }

    fn written(&mut self, pending: Pending, said: &str, desk: &mut Desk<'_>) {
        let name = self.name_of(&pending);
        let Pending { table, seen, item, .. } = pending;
        let what = match (&seen, &item) {
            (None, _) => "Put",
            (Some(_), Some(_)) => "Written",
            (Some(_), None) => "Deleted",
        };
        self.tables.doubt(Some(&table));
        let said = if said.is_empty() { String::new() } else { format!(": {said}") };
        desk.say(format!("{what} {name}{said}"));
        let Some(items) = self.items.as_mut().filter(|items| items.read.table == table) else { return };
        let key = |item: &Value| copy::key_of(item, &items.keys);
        let here = items.selected().map(key) == seen.as_ref().map(key);
        if self.place == Place::Conflict || item.is_none() && self.place == Place::Item && here {
            self.place = Place::Items;
        }
        self.conflict = None;
        items.written(seen.as_ref(), item, desk.glance.look.ascii);
    }

    /// The item was not as it was seen.
    fn refused(&mut self, pending: Pending, desk: &mut Desk<'_>) {
        match pending.seen.clone() {
            None => {
                self.not_written(pending, "there is an item with this key already; give this one another", desk);
            }
            Some(seen) => {
                let then = Then::Compare(pending.clone());
                if self.fetch(pending.table.clone(), seen, then, desk) {
                    desk.say(format!("Somebody changed {} meanwhile: nothing was written", self.name_of(&pending)));
                } else {
                    self.not_written(pending, "somebody changed it meanwhile", desk);
                }
            }
        }
    }

    /// Opens the text of what was not written, or keeps it and says so where something else is in front.
    fn not_written(&mut self, pending: Pending, why: &str, desk: &mut Desk<'_>) {
        let name = self.name_of(&pending);
        match pending.draft {
            Some(draft) if self.looks_at(&pending.table, desk) => {
                self.write_by_hand(draft, Some(Wrong { line: 1, column: None, text: why.to_owned() }), desk);
            }
            Some(draft) => {
                self.kept.push(draft);
                desk.say(format!("Not written {name} (e opens what you typed): {why}"));
            }
            None => desk.say(format!("Not deleted {name}: {why}")),
        }
    }

    /// An item came, as it is now; `None` where it is gone.
    fn fetched(&mut self, table: &str, seen: &Value, then: Then, now: Option<Value>, desk: &mut Desk<'_>) {
        let ascii = desk.glance.look.ascii;
        if let Then::Compare(mut pending) = then {
            // What is typed is compared with what is stored now.
            if let Some(draft) = &mut pending.draft {
                draft.seen.clone_from(&now);
            }
            return self.compare(pending, now, desk);
        }
        let Some(items) = self.items.as_mut().filter(|items| items.read.table == table) else { return };
        items.written(Some(seen), now.clone(), ascii);
        match (then, now) {
            (_, None) => {
                if self.place == Place::Item {
                    self.place = Place::Items;
                }
                desk.say("This item is gone: somebody deleted it");
            }
            (Then::Look, Some(_)) => desk.say("As it is now"),
            (then, Some(now)) if desk.front => self.then(&then, now, desk),
            _ => {}
        }
    }

    /// Shows what could not be written beside what is stored.
    fn compare(&mut self, pending: Pending, now: Option<Value>, desk: &mut Desk<'_>) {
        let looks = self.looks_at(&pending.table, desk);
        if let Some(items) = self.items.as_mut().filter(|items| items.read.table == pending.table) {
            items.written(pending.seen.as_ref(), now.clone(), desk.glance.look.ascii);
            if looks {
                let (titles, left, right) = match &pending.item {
                    Some(mine) => (["stored now", "what you wrote"], now.clone(), Some(mine.clone())),
                    None => (["what you saw", "stored now"], pending.seen, now.clone()),
                };
                let beside = Beside::new(titles, left, right, &items.keys);
                self.conflict = Some(Conflict { mine: pending.item, draft: pending.draft, now, beside });
                self.place = Place::Conflict;
                return;
            }
        }
        self.not_written(pending, "somebody changed it meanwhile", desk);
    }
}

fn on_aws(desk: &Desk<'_>) -> &'static str {
    let aws =
        desk.glance.facts.as_ref().is_some_and(|facts| matches!(facts.target, footbridge_record::Target::Aws { .. }));
    if aws { " on AWS" } else { "" }
}
