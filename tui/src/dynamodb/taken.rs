//! What is taken out of the view: to the clipboard, or to a file.

use serde_json::Value;

use super::export::{self, Format};
use super::write::Job;
use super::{DynamoDb, Place, copy, stream, value};
use crate::app::desk::{Desk, Glance};
use crate::app::dialog::{Dialog, Menu};
use crate::app::typing::Prompt;
use crate::ask::Ask;
use crate::command::has_binary;

impl DynamoDb {
    pub(super) fn copy(&mut self, desk: &mut Desk<'_>) -> bool {
        let entries = self.copy_entries(desk.glance);
        if entries.is_empty() {
            return false;
        }
        let titles = entries.iter().map(|(key, title, _)| (*key, (*title).to_owned())).collect();
        self.copies = entries.into_iter().map(|(_, title, text)| (title, text)).collect();
        desk.open(Dialog::Menu(Menu { tag: "copy", title: "Copy".to_owned(), entries: titles, at: 0 }));
        true
    }

    /// What can be copied here: the key in the menu, its name, and the text.
    pub(super) fn copy_entries(&self, glance: &Glance) -> Vec<(char, &'static str, String)> {
        let Some(table) = self.table() else { return Vec::new() };
        let mut entries = Vec::new();
        if let (Place::Items | Place::Item | Place::Conflict, Some(items)) = (self.place, &self.items) {
            if let Some(item) = items.selected() {
                let key = copy::key_of(item, &items.keys);
                let chosen =
                    items.shape.attributes.get(items.column).and_then(|column| value::attribute(item, &column.name));
                entries.push(('j', "item as JSON", copy::json_text(&value::keys_first(item, &items.keys))));
                entries.push(('t', "item as DynamoDB's typed JSON", copy::json_text(&value::typed_item(item))));
                entries.push(('k', "key", copy::json_text(&key)));
                if let (Some(value), Place::Items) = (chosen, self.place) {
                    entries.push(('v', "value in the selected column", value::typed_text(value)));
                }
                // Version 1 takes binary as it is, not in base64.
                let title = if has_binary(&key) {
                    "AWS CLI 2 command that gets the item"
                } else {
                    "AWS CLI command that gets the item"
                };
                entries.push(('g', title, copy::get_item(table, &key, glance)));
            }
            let command = copy::read(&items.read, self.facts(), glance);
            let title = if copy::reads_binary(&items.read, self.facts()) {
                "AWS CLI 2 command that reads the list"
            } else {
                "AWS CLI command that reads the list"
            };
            entries.push(('c', title, command));
        }
        if let (Place::Stream, Some(stream)) = (self.place, &self.stream) {
            if let Some(record) = stream.selected() {
                entries.push(('j', "record as JSON", copy::json_text(&stream::as_json(record))));
                entries.push(('k', "key", copy::json_text(&record.keys)));
            }
            entries.push(('c', "AWS CLI command that turns the stream on", copy::turn_stream_on(table, glance)));
        }
        entries.push(('n', "table's name", table.to_owned()));
        if let Some(facts) = self.facts() {
            entries.push(('a', "table's ARN", facts.arn.clone()));
        }
        entries.push(('d', "AWS CLI command that describes the table", copy::describe_table(table, glance)));
        entries
    }

    pub(super) fn export(&mut self, desk: &mut Desk<'_>) -> bool {
        let entries = match self.place {
            Place::Items if self.items.as_ref().is_some_and(|items| items.len() > 0) => {
                vec![('n', "NDJSON: an item a line".to_owned()), ('c', "CSV".to_owned())]
            }
            Place::Item if self.item().is_some() => vec![('n', "JSON".to_owned()), ('c', "CSV".to_owned())],
            Place::Stream if self.stream.as_ref().is_some_and(|stream| stream.len() > 0) => {
                vec![('n', "NDJSON: a record a line".to_owned())]
            }
            _ => return false,
        };
        desk.open(Dialog::Menu(Menu { tag: "export", title: "Write what is shown".to_owned(), entries, at: 0 }));
        true
    }

    pub(super) fn export_to(&mut self, format: Format, desk: &mut Desk<'_>) {
        self.format = Some(format);
        let full = footbridge_record::time::full(desk.glance.now, desk.glance.offset);
        let digits: String = full.chars().take(19).filter(char::is_ascii_digit).collect();
        let (day, time) = digits.split_at(digits.len().min(8));
        let text = format!("{}-{day}-{time}.{}", self.table().unwrap_or("items"), format.ending());
        let hint = "a file's name; one that exists is left alone".to_owned();
        desk.type_line(Prompt { tag: "export", mark: "write to: ".to_owned(), text, hint });
    }

    pub(super) fn save(&mut self, to: String, desk: &mut Desk<'_>) {
        let format = self.format.unwrap_or(Format::Ndjson);
        let (count, text) = match (self.place, &self.items, &self.stream) {
            (Place::Item, Some(items), _) => {
                (1, items.selected().map(|item| export::text(std::iter::once(item), &items.keys, format)))
            }
            (Place::Stream, _, Some(stream)) => {
                let all = stream.all();
                (all.len(), Some(export::text(all.iter(), &[], format)))
            }
            (_, Some(items), _) => {
                let all: Vec<&Value> = items.all().collect();
                (all.len(), Some(export::text(all.into_iter(), &items.keys, format)))
            }
            _ => return,
        };
        let Some(text) = text else { return };
        self.begin(Ask::Save { to, text }, Job::Save { count }, desk);
    }
}
