//! What S3's view is to the frame round it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::level::{self, Level};
use super::place::Place;
use super::{Act, REST, S3, Side, WIDE, draw};
use crate::app::desk::{Desk, Glance, Go, Ticket};
use crate::app::dialog::Told;
use crate::app::screen::Screen;
use crate::ask::{Answer, Progress, Trouble};
use crate::keys::{Action, Scope};
use crate::widget::{clicked, inside};

impl Screen for S3 {
    fn scope(&self) -> Scope {
        if self.opened || self.sheet.is_some() { Scope::Object } else { self.level().place.scope() }
    }

    fn enter(&mut self, desk: &mut Desk<'_>) {
        let level = self.level_mut();
        // What an agent does meanwhile shows; elsewhere than here, listing costs.
        let stale = level.listed && desk.glance.is_local() && level.list.len() <= 1000;
        if level.asked.is_none() && (!level.listed || stale) {
            level.list(desk);
        }
    }

    fn go(&mut self, go: Go, desk: &mut Desk<'_>) {
        let Go::Bucket { bucket, key } = go else { return };
        for level in &mut self.levels {
            level.call_off(desk);
        }
        self.leave_side();
        (self.opened, self.zoomed, self.sheet) = (false, false, None);
        let (folder, name) = match key.rfind('/') {
            Some(at) => key.split_at(at + 1),
            None => ("", key.as_str()),
        };
        let place = Place::Folder { bucket, prefix: folder.to_owned() };
        let above = place.above().into_iter().map(|(place, on)| Level::wanting(place, on));
        let last =
            if name.is_empty() { Level::new(place.clone()) } else { Level::wanting(place.clone(), name.to_owned()) };
        self.levels = above.chain([last]).collect();
        self.level_mut().list(desk);
    }

    fn act(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        for ticket in self.off.drain(..) {
            desk.call_off(ticket);
        }
        if let Some(sheet) = &mut self.sheet {
            match action {
                Action::Back | Action::Left => self.sheet = None,
                Action::Copy => {
                    let Some(text) = sheet.copy.clone() else { return false };
                    desk.say("Offered to the clipboard");
                    desk.copy(text);
                }
                Action::S3(Act::Stop) => return self.stop(desk),
                Action::Search => self.type_search(desk),
                Action::More => return sheet.document.act(Action::NextMatch),
                action => return sheet.document.act(action),
            }
            return true;
        }
        match action {
            Action::Open => self.open(desk),
            Action::Back => self.back(desk),
            Action::Left => match self.object_mut() {
                Some(object) => object.act(action, desk) || self.back(desk),
                None => false,
            },
            Action::Filter => {
                self.type_filter(desk);
                true
            }
            Action::Search => {
                self.type_search(desk);
                true
            }
            Action::Refresh => {
                self.refresh(desk);
                true
            }
            Action::Copy => self.copy(desk),
            Action::Export => self.export(desk),
            Action::Delete => self.delete(desk),
            Action::S3(act) => self.turn(act, desk),
            action => match self.object_mut() {
                Some(object) => object.act(action, desk),
                None if action == Action::More => {
                    let level = self.level_mut();
                    let more = level.more(desk);
                    if !more && level.asked.is_none() {
                        desk.say("This is all there is");
                    }
                    true
                }
                None => self.level_mut().act(action, desk),
            },
        }
    }

    fn answer(&mut self, ticket: Ticket, answer: Result<Answer, Trouble>, desk: &mut Desk<'_>) {
        let mut answer = Some(answer);
        let levels = self.levels.iter_mut().chain(match &mut self.side {
            Side::Peek(level) => Some(level.as_mut()),
            _ => None,
        });
        for level in levels {
            if level.asked.is_some_and(|asked| asked.ticket == ticket)
                && let Some(answer) = answer.take()
            {
                level.answer(answer, desk);
            }
        }
        if let Side::Object(object) = &mut self.side {
            object.answer(ticket, &mut answer, desk);
        }
        if let Some(answer) = answer {
            self.finish(ticket, answer, desk);
        }
        debug_assert!(self.is_sound());
    }

    fn progress(&mut self, ticket: Ticket, progress: Progress) {
        for job in &mut self.jobs {
            if job.ticket == ticket {
                job.progress = Some(progress);
            }
        }
    }

    fn told(&mut self, told: Told, desk: &mut Desk<'_>) {
        match told {
            Told::Typing("s3-filter", text) => {
                let at_once = text.starts_with('*') || self.level().place == Place::Buckets;
                if at_once {
                    self.filter(&text, desk);
                } else if desk.glance.is_local() {
                    self.typed = Some((text, desk.glance.now));
                }
            }
            Told::Text("s3-filter", text) => self.filter(&text, desk),
            Told::Dropped("s3-filter") => self.filter("", desk),
            Told::Typing("s3-search", text) | Told::Text("s3-search", text) => self.search(&text, desk),
            Told::Dropped("s3-search") => self.search("", desk),
            told => self.told_of_job(told, desk),
        }
    }

    fn tick(&mut self, desk: &mut Desk<'_>) -> bool {
        for ticket in self.off.drain(..) {
            desk.call_off(ticket);
        }
        let now = desk.glance.now;
        if let Some((text, since)) = self.typed.clone()
            && now.saturating_sub(since) >= REST
        {
            self.filter(&text, desk);
        }
        if self.wide
            && !self.opened
            && desk.glance.is_local()
            && self.side_waits()
            && now.saturating_sub(self.rested) >= REST
        {
            self.ask_side(desk);
        }
        let slow = |asked: Option<level::Asked>| asked.is_some_and(|asked| asked.slow(now).is_some());
        let side = match &self.side {
            Side::Nothing => None,
            Side::Peek(level) => level.asked,
            Side::Object(object) => object.waits(),
        };
        slow(self.level().asked) || slow(side) || !self.jobs.is_empty()
    }

    fn moves(&self) -> bool {
        self.typed.is_some() || !self.off.is_empty() || (self.live && self.wide && !self.opened && self.side_waits())
    }

    fn click(&mut self, at: (u16, u16), desk: &mut Desk<'_>) {
        let places = self.places(desk.area);
        if let Some(side) = places.side.filter(|side| side.contains(at.into())) {
            if self.sheet.is_some() {
                return;
            }
            if !self.opened {
                // A click beside the listing opens what is there.
                self.open(desk);
            }
            if let Some(object) = self.object_mut() {
                object.focus(side, at);
            }
            return;
        }
        let Some(list) = places.list.filter(|list| list.contains(at.into())) else { return };
        if self.opened || self.sheet.is_some() {
            (self.opened, self.zoomed, self.sheet) = (false, false, None);
        }
        let level = self.level_mut();
        if let Some(number) = clicked(inside(list), level.cursor, level.list.len(), at) {
            // A second click on a row opens it.
            if level.cursor.at == number {
                self.open(desk);
            } else {
                level.cursor.at = number;
                level.follow(desk);
            }
        }
    }

    fn wheel(&mut self, at: (u16, u16), onwards: bool, desk: &mut Desk<'_>) {
        let action = if onwards { Action::Down } else { Action::Up };
        let beside = self.places(desk.area).side.is_some_and(|side| side.contains(at.into()));
        for _ in 0..3 {
            match (&mut self.sheet, &mut self.side) {
                (Some(sheet), _) => {
                    sheet.document.act(action);
                }
                (None, Side::Object(object)) if beside || self.opened => {
                    object.act(action, desk);
                }
                (None, _) if beside => {}
                (None, _) => {
                    self.level_mut().act(action, desk);
                }
            }
        }
    }

    fn headline(&self, glance: &Glance) -> String {
        self.transfers(glance)
    }

    fn arrange(&mut self, area: Rect, glance: &Glance) {
        debug_assert!(self.is_sound());
        self.wide = area.width >= WIDE;
        self.live = glance.is_local();
        if self.wide {
            self.follow(glance.now);
        } else if !self.opened {
            self.leave_side();
        }
        let places = self.places(area);
        if let Some(list) = places.list {
            let level = self.level_mut();
            let foot = draw::foot(level, glance).is_some();
            level.arrange(usize::from(inside(list).height).saturating_sub(1 + usize::from(foot)));
        }
        let Some(side) = places.side else { return };
        if let Some(sheet) = &mut self.sheet {
            sheet.document.arrange(inside(side), glance.look);
        }
        match &mut self.side {
            Side::Nothing => {}
            Side::Peek(level) => level.arrange(usize::from(inside(side).height).saturating_sub(1)),
            Side::Object(object) => object.arrange(side, glance),
        }
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, glance: &Glance) {
        self.paint(area, buffer, glance);
    }
}
