//! From one part of the view to another, and back.

use super::items::{Items, PAGE};
use super::stream::Stream;
use super::wait::call_off;
use super::write::{Job, Then};
use super::{DynamoDb, Pending, Place};
use crate::app::desk::Desk;
use crate::ask::Read;

impl DynamoDb {
    pub(super) fn open_items(&mut self, read: Read, desk: &mut Desk<'_>) {
        if let Some(items) = &mut self.items {
            call_off(&mut items.wait, desk);
        }
        if self.tables.facts(&read.table).is_none() {
            self.tables.ask_of(&read.table, desk);
        }
        let facts = self.tables.facts(&read.table);
        self.items = Some(Items::open(read, facts, desk));
        self.place = Place::Items;
        // What was typed stays, though the conflict is left.
        self.kept.extend(self.conflict.take().and_then(|conflict| conflict.draft));
    }

    pub(super) fn open_table(&mut self, name: &str, desk: &mut Desk<'_>) {
        self.tables.select(name);
        self.open_items(Read { table: name.to_owned(), limit: PAGE, ..Read::default() }, desk);
    }

    pub(super) fn describe(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(name) = self.table().map(str::to_owned) else { return false };
        if self.place != Place::Table {
            self.from = self.place;
        }
        if self.tables.facts(&name).is_none() {
            self.tables.ask_of(&name, desk);
        }
        self.described = name;
        self.place = Place::Table;
        true
    }

    pub(super) fn follow(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(name) = self.table().map(str::to_owned) else { return false };
        if self.stream.as_ref().is_none_or(|stream| stream.table != name) {
            self.stream = Some(Stream::open(name, desk));
        }
        self.from = self.place;
        self.place = Place::Stream;
        true
    }

    /// Calls off what is waited for, takes back what was typed, or goes back. Whether there was any of that.
    pub(super) fn back(&mut self, desk: &mut Desk<'_>) -> bool {
        let fetches = self.job.as_ref().is_some_and(|(_, job)| job.may_be_called_off());
        let (mut job, mut kept) = (None, false);
        if let Some((wait, was)) = self.job.take_if(|_| fetches) {
            job = Some(wait);
            if let Job::Fetch { then: Then::Compare(Pending { draft: Some(draft), .. }), .. } = was {
                self.kept.push(draft);
                kept = true;
            }
        }
        let off = call_off(&mut job, desk)
            || match self.place {
                Place::Tables => self.tables.call_off(desk),
                Place::Items => self.items.as_mut().is_some_and(|items| call_off(&mut items.wait, desk)),
                _ => false,
            };
        if off {
            desk.say(if kept { "Called off; e opens what you typed" } else { "Called off" });
            return true;
        }
        match self.place {
            Place::Tables if self.tables.find.is_empty() => return false,
            Place::Tables => {
                self.tables.find.clear();
                self.tables.choose();
            }
            Place::Table => self.place = self.from,
            Place::Items => match &mut self.items {
                Some(items) if !items.find.is_empty() => {
                    items.find.clear();
                    items.choose();
                }
                _ => {
                    self.place = Place::Tables;
                    self.tables.enter(desk);
                }
            },
            Place::Item => self.place = Place::Items,
            Place::Conflict => {
                self.conflict = None;
                self.place = Place::Items;
            }
            Place::Stream => {
                let Some(stream) = &mut self.stream else {
                    self.place = self.from;
                    return true;
                };
                if stream.open {
                    stream.open = false;
                } else if stream.find.is_empty() {
                    call_off(&mut stream.wait, desk);
                    self.place = self.from;
                } else {
                    stream.find.clear();
                    stream.choose();
                }
            }
        }
        true
    }

    pub(super) fn open(&mut self, desk: &mut Desk<'_>) -> bool {
        match self.place {
            Place::Tables | Place::Table => {
                let Some(name) = self.table().map(str::to_owned) else { return false };
                self.open_table(&name, desk);
                true
            }
            Place::Items if self.item().is_some() => {
                self.place = Place::Item;
                true
            }
            Place::Stream => match &mut self.stream {
                Some(stream) if stream.selected().is_some() => {
                    stream.open = !stream.open;
                    true
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Between a list and what stands beside it.
    pub(super) fn next(&mut self, desk: &mut Desk<'_>) -> bool {
        match self.place {
            Place::Tables => self.describe(desk),
            Place::Items | Place::Stream => self.open(desk),
            Place::Table | Place::Item => {
                self.place = if self.place == Place::Item { Place::Items } else { self.from };
                true
            }
            Place::Conflict => false,
        }
    }
}
