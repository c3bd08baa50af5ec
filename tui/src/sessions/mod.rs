//! What runs and what there is: processes, disk and memory, regions that hold data, the log.

use footbridge_record::time;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::desk::{Desk, Glance, Ticket};
use crate::app::screen::Screen;
use crate::ask::{self, Answer, Ask, Process, Trouble};
use crate::keys::{Action, Binding, Scope, bind};
use crate::look::Role;
use crate::text::clean;
use crate::widget::{Cell, Column, Cursor, Pane, Pen, Table, clicked, fitting, row, snug, split_columns, split_rows};

const HERE: &[Scope] = &[Scope::Sessions];

/// The keys of this view.
pub(crate) const KEYS: &[Binding] = &[
    bind(Action::Refresh, &["r"], HERE, "refresh", "Look again; this happens every second by itself"),
    bind(Action::Copy, &["y"], HERE, "copy", "Copy the endpoint, or the process number, of the selected process"),
];

/// How often it is looked at, in milliseconds.
const AGAIN: u64 = 1000;

/// The view.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    known: Option<ask::Sessions>,
    trouble: Option<Trouble>,
    asked: Option<Ticket>,
    looked: u64,
    cursor: Cursor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Role,
    Pid,
    Command,
    Store,
    Target,
    Mode,
    Client,
    Endpoint,
    Memory,
    Since,
}

const fn column(key: Key, title: &'static str, width: u16, from: u16) -> Column<Key> {
    Column { key, title, width, grows: false, right: matches!(key, Key::Memory | Key::Pid), from }
}

const COLUMNS: [Column<Key>; 10] = [
    column(Key::Role, "", 1, 0),
    column(Key::Pid, "PID", 7, 0),
    column(Key::Command, "COMMAND", 8, 0),
    column(Key::Target, "TARGET", 30, 0),
    column(Key::Endpoint, "ENDPOINT", 30, 40),
    column(Key::Mode, "MODE", 10, 50),
    column(Key::Store, "STORE", 16, 60),
    column(Key::Client, "CLIENT", 24, 70),
    column(Key::Memory, "MEMORY", 9, 76),
    column(Key::Since, "SINCE", 8, 90),
];

impl Sessions {
    fn look(&mut self, desk: &mut Desk<'_>) {
        if self.asked.is_none() {
            self.looked = desk.glance.now;
            self.asked = Some(desk.ask(Ask::Sessions));
        }
    }

    fn processes(&self) -> &[Process] {
        self.known.as_ref().map_or(&[], |known| known.processes.as_slice())
    }

    fn places(area: Rect, processes: usize) -> [Rect; 3] {
        let wanted = u16::try_from(processes + 3).unwrap_or(u16::MAX).max(6).min(area.height / 2);
        let [upper, lower] = split_rows(area, wanted);
        let [facts, log] = if area.width >= 100 {
            split_columns(lower, lower.width * 2 / 5)
        } else {
            split_rows(lower, lower.height / 2)
        };
        [upper, facts, log]
    }
}

impl Screen for Sessions {
    fn scope(&self) -> Scope {
        Scope::Sessions
    }

    fn enter(&mut self, desk: &mut Desk<'_>) {
        self.look(desk);
    }

    fn act(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        let rows = self.processes().len();
        match action {
            Action::Refresh => self.look(desk),
            Action::Copy => {
                let Some(process) = self.processes().get(self.cursor.at) else { return false };
                let text = if process.endpoint.is_empty() { process.pid.to_string() } else { process.endpoint.clone() };
                desk.say(format!("{text} offered to the clipboard"));
                desk.copy(text);
            }
            action => {
                let [upper, _, _] = Self::places(desk.area, rows);
                return self.cursor.act(action, rows, usize::from(upper.height.saturating_sub(3)));
            }
        }
        true
    }

    fn answer(&mut self, ticket: Ticket, answer: Result<Answer, Trouble>, _: &mut Desk<'_>) {
        if self.asked != Some(ticket) {
            return;
        }
        self.asked = None;
        match answer {
            Ok(Answer::Sessions(known)) => {
                self.known = Some(*known);
                self.trouble = None;
            }
            Ok(_) => {}
            Err(trouble) => self.trouble = Some(trouble),
        }
    }

    fn tick(&mut self, desk: &mut Desk<'_>) -> bool {
        if desk.glance.now.saturating_sub(self.looked) >= AGAIN {
            self.look(desk);
        }
        false
    }

    fn moves(&self) -> bool {
        true
    }

    fn click(&mut self, at: (u16, u16), desk: &mut Desk<'_>) {
        let rows = self.processes().len();
        let inner = crate::widget::inside(Self::places(desk.area, rows)[0]);
        if let Some(number) = clicked(inner, self.cursor, rows, at) {
            self.cursor.at = number;
        }
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, glance: &Glance) {
        let look = glance.look;
        let processes = self.processes();
        let [upper, facts, log] = Self::places(area, processes.len());
        let pane = Pane { title: "Processes".into(), note: processes.len().to_string(), front: true };
        let inner = pane.draw(upper, buffer, look);
        let has = |key: Key| processes.iter().any(|process| !text(process, key, glance).is_empty());
        let wanted: Vec<_> = COLUMNS.into_iter().filter(|column| column.key == Key::Role || has(column.key)).collect();
        let wanted = snug(&wanted, 0..processes.len(), |number, key| cell(&processes[number], key, glance));
        let columns = fitting(&wanted, inner.width);
        if let Some(trouble) = &self.trouble {
            let mut pen = Pen::new(look);
            pen.quote(Role::Bad, &trouble.to_string());
            pen.draw(inner, buffer);
        } else if self.known.is_none() {
            let mut pen = Pen::new(look);
            pen.put(Role::Dim, " looking");
            pen.draw(inner, buffer);
        } else {
            let table = Table {
                look,
                columns: &columns,
                sorted: None,
                cursor: self.cursor,
                rows: processes.len(),
                front: true,
            };
            table.draw(inner, buffer, |number, key| cell(&processes[number], key, glance));
        }
        let inner = Pane { title: "What there is".into(), ..Pane::default() }.draw(facts, buffer, look);
        self.draw_facts(inner, buffer, glance);
        let inner = Pane { title: "Log".into(), ..Pane::default() }.draw(log, buffer, look);
        let lines = self.known.as_ref().map_or(&[][..], |known| known.log.as_slice());
        let from = lines.len().saturating_sub(usize::from(inner.height));
        for (number, line) in lines[from..].iter().enumerate() {
            let role = match line {
                line if line.contains("ERROR") => Role::Bad,
                line if line.contains("WARN") => Role::Warning,
                _ => Role::Plain,
            };
            let mut pen = Pen::new(look);
            pen.quote(role, line);
            pen.draw(row(inner, number), buffer);
        }
    }
}

impl Sessions {
    fn draw_facts(&self, area: Rect, buffer: &mut Buffer, glance: &Glance) {
        let Some(known) = &self.known else { return };
        let look = glance.look;
        let mut number = 0;
        let mut put = |pen: Pen<'_>| {
            pen.draw(row(area, number), buffer);
            number += 1;
        };
        for (name, value) in &known.facts {
            let mut pen = Pen::new(look);
            pen.quote(Role::Dim, name).to(14).quote(Role::Plain, value);
            put(pen);
        }
        for region in &known.regions {
            let count = |count: u64, one: &str| match count {
                0 => None,
                1 => Some(format!("1 {one}")),
                count => Some(format!("{count} {one}s")),
            };
            let of: Vec<_> =
                [count(region.tables, "table"), count(region.buckets, "bucket")].into_iter().flatten().collect();
            let mut pen = Pen::new(look);
            pen.quote(Role::Dim, &region.region).to(14).quote(Role::Plain, &of.join(", "));
            if region.account != "000000000000" {
                pen.put(Role::Dim, "  ").quote(Role::Dim, &region.account);
            }
            put(pen);
        }
    }
}

fn cell(process: &Process, key: Key, glance: &Glance) -> Cell {
    let role = match key {
        Key::Role => Role::Accent,
        Key::Command => Role::Heading,
        Key::Target if process.target.starts_with("local") => Role::Good,
        Key::Target => Role::Bad,
        Key::Memory | Key::Since | Key::Pid => Role::Dim,
        _ => Role::Plain,
    };
    Cell::new(role, clean(&text(process, key, glance), glance.look.ascii))
}

fn text(process: &Process, key: Key, glance: &Glance) -> String {
    match key {
        Key::Role if process.own => glance.look.signs().pointer.to_owned(),
        Key::Role => String::new(),
        Key::Pid => process.pid.to_string(),
        Key::Command if process.owner => format!("{}*", process.command),
        Key::Command => process.command.clone(),
        Key::Store => process.store.clone(),
        Key::Target => process.target.clone(),
        Key::Mode => process.mode.clone(),
        Key::Client => process.client.clone(),
        Key::Endpoint => process.endpoint.trim_start_matches("http://").to_owned(),
        Key::Memory => process.memory.map(time::bytes).unwrap_or_default(),
        Key::Since => time::of_day(process.started, glance.offset).chars().take(8).collect(),
    }
}

#[cfg(test)]
mod tests;
