//! How a listing is drawn, and what stands beside it.

use footbridge_record::time;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::level::Level;
use super::listing::Row;
use super::place::Place;
use super::{S3, Side, WIDE, paint};
use crate::app::desk::Glance;
use crate::look::Role;
use crate::text::shell_word;
use crate::widget::{Cell, Column, Cursor, Pane, Pen, Table, fitting, inside, row, split_columns, split_rows};

/// Where what stands.
pub(super) struct Places {
    pub(super) list: Option<Rect>,
    pub(super) side: Option<Rect>,
    pub(super) jobs: Option<Rect>,
}

/// The places in `area`: the listing, what is beside it or in front of it, and `jobs` rows of what is under way.
pub(super) fn places(area: Rect, jobs: usize, opened: bool, zoomed: bool) -> Places {
    let rows = u16::try_from(jobs).unwrap_or(u16::MAX).min(area.height / 4);
    let [area, below] = split_rows(area, area.height - rows);
    let jobs = (rows > 0).then_some(below);
    if area.width < WIDE || zoomed && opened {
        let (list, side) = if opened { (None, Some(area)) } else { (Some(area), None) };
        return Places { list, side, jobs };
    }
    let [list, side] = split_columns(area, area.width / 2);
    Places { list: Some(list), side: Some(side), jobs }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Sign,
    Name,
    Version,
    State,
    Size,
    Modified,
    Class,
    Region,
    Created,
}

fn column(key: Key, title: &'static str, width: u16) -> Column<Key> {
    Column { key, title, width, grows: key == Key::Name, right: key == Key::Size, from: 0 }
}

/// Whether there is room for the seconds of times.
fn seconds(width: u16) -> bool {
    width >= 90
}

/// The columns for what a listing has to say.
fn columns(level: &Level, width: u16) -> Vec<Column<Key>> {
    let stamp = if seconds(width) { 19 } else { 16 };
    let mut columns = vec![column(Key::Sign, "", 1)];
    match level.place {
        Place::Buckets => {
            columns.push(column(Key::Name, "BUCKET", 16));
            if level.list.rows().take(200).any(|row| row.more.is_some()) {
                columns.push(column(Key::Region, "REGION", 14));
            }
            columns.push(column(Key::Created, "CREATED", stamp));
        }
        Place::Folder { .. } => {
            columns.extend([
                column(Key::Name, "NAME", 16),
                column(Key::Size, "SIZE", 10),
                column(Key::Modified, "MODIFIED", stamp),
            ]);
            if level.list.has_classes() && width >= 60 {
                columns.push(column(Key::Class, "CLASS", if width >= 110 { 19 } else { 12 }));
            }
        }
        Place::Versions { .. } => {
            columns.extend([
                column(Key::Name, "KEY", 12),
                column(Key::Version, "VERSION", if width >= 110 { 32 } else { 14 }),
                column(Key::State, "STATE", 7),
                column(Key::Size, "SIZE", 10),
                column(Key::Modified, "MODIFIED", stamp),
            ]);
        }
    }
    columns
}

/// What is said below the rows.
pub(super) fn foot(level: &Level, glance: &Glance) -> Option<(Role, String)> {
    if level.list.len() == 0 {
        return None;
    }
    let dot = format!(" {} ", glance.look.signs().dot);
    if let Some(trouble) = &level.trouble {
        return Some((Role::Bad, format!("{trouble}{dot}n tries the next page again, r lists anew")));
    }
    if let Some(took) = level.asked.and_then(|asked| asked.slow(glance.now)) {
        let text = format!("{} listing, {} so far; Esc calls it off", paint::spinner(glance), paint::seconds(took));
        return Some((Role::Accent, text));
    }
    let mut parts = Vec::new();
    match level.marks.len() {
        0 => {}
        count => {
            let keys = if glance.may_write() { "D deletes, x lists them" } else { "x lists them" };
            parts.push(format!("{} marked: {keys}, Esc unmarks", paint::count(count as u64)));
        }
    }
    if level.list.gone > 0 {
        parts.push(format!("the first {} let go, r begins anew", paint::count(level.list.gone as u64)));
    }
    if level.list.next.is_some() && !glance.is_local() {
        parts.push("there is more: n fetches the next page".to_owned());
    } else if level.list.next.is_some() && level.filter.starts_with('*') {
        parts.push("among what is loaded; n loads more".to_owned());
    }
    (!parts.is_empty()).then(|| (Role::Warning, parts.join(&dot)))
}

impl S3 {
    pub(super) fn paint(&self, area: Rect, buffer: &mut Buffer, glance: &Glance) {
        let places = self.places(area);
        let away = self.opened || self.sheet.is_some();
        if let Some(place) = places.list {
            draw_level(self.level(), self.level().cursor, place, buffer, glance, !away);
        }
        if let Some(place) = places.jobs {
            self.draw_jobs(place, buffer, glance);
        }
        let Some(place) = places.side else { return };
        if let Some(sheet) = &self.sheet {
            let pane = Pane { title: sheet.title.clone(), note: sheet.note.to_owned(), front: true };
            let inner = pane.draw(place, buffer, glance.look);
            sheet.document.draw(inner, buffer, glance.look, true);
            return;
        }
        match &self.side {
            Side::Nothing => {
                Pane::default().draw(place, buffer, glance.look);
            }
            // Nothing is selected in it yet.
            Side::Peek(level) => {
                let cursor = Cursor { at: usize::MAX, top: 0 };
                draw_level(level, cursor, place, buffer, glance, false);
            }
            Side::Object(object) => {
                let hint = if glance.is_local() { "" } else { "Enter fetches it: three requests" };
                object.draw(place, buffer, glance, self.opened, hint);
            }
        }
    }
}

/// Draws a listing.
fn draw_level(level: &Level, cursor: Cursor, area: Rect, buffer: &mut Buffer, glance: &Glance, front: bool) {
    let look = glance.look;
    let mut title = level.place.crumbs(look.signs().path);
    if !level.filter.is_empty() {
        title.push_str("  /");
        title.push_str(&level.filter);
    }
    let inner = Pane { title, note: note(level, front, glance), front }.draw(area, buffer, look);
    if level.list.len() == 0 {
        draw_empty(level, inner, buffer, glance, front);
        return;
    }
    let foot = foot(level, glance).filter(|_| front);
    let room = Rect { height: inner.height.saturating_sub(u16::from(foot.is_some())), ..inner };
    let wanted = columns(level, inner.width);
    let columns = fitting(&wanted, inner.width);
    let rows = level.list.len();
    let table = Table { look, columns: &columns, sorted: None, cursor, rows, front };
    table.draw(room, buffer, |number, key| cell(level, number, key, seconds(inner.width), glance));
    if let Some((role, text)) = foot {
        let mut pen = Pen::new(look);
        pen.put(role, " ").quote(role, &text);
        pen.draw(row(inner, usize::from(room.height)), buffer);
    }
}

/// Figures at the right of the title.
fn note(level: &Level, front: bool, glance: &Glance) -> String {
    if !level.listed {
        return String::new();
    }
    let more = if level.list.next.is_some() { "+" } else { "" };
    if level.list.len() > 0 && level.filter.starts_with('*') {
        return format!("{} of {}{more}", level.list.len(), paint::count(level.list.counts().1 as u64));
    }
    let (folders, objects) = level.list.counts();
    let mut parts = Vec::new();
    let noun = match level.place {
        Place::Buckets => "bucket",
        Place::Folder { .. } => "object",
        Place::Versions { .. } => "version",
    };
    if folders > 0 {
        parts.push(paint::of(folders, "folder"));
    }
    if objects > 0 {
        let all = match level.list.next {
            Some(_) => format!("{}+ {noun}s", paint::count((objects + level.list.gone) as u64)),
            None => paint::of(objects + level.list.gone, noun),
        };
        let spot = level.list.spot(level.cursor.at).filter(|spot| front && !spot.folder && level.is_long());
        parts.push(match spot {
            Some(spot) => format!("{} of {all}", paint::count((spot.number + 1 + level.list.gone) as u64)),
            None => all,
        });
    }
    if level.list.bytes > 0 && front {
        parts.push(time::bytes(level.list.bytes) + more);
    }
    parts.join(&format!(" {} ", glance.look.signs().dot))
}

fn cell(level: &Level, number: usize, key: Key, seconds: bool, glance: &Glance) -> Cell {
    let look = glance.look;
    let Some(of) = level.list.row(number) else { return Cell::new(Role::Plain, "") };
    let marked = level.list.spot(number).is_some_and(|spot| !spot.folder && level.marks.has(spot.number));
    let stamp =
        |millis: Option<u64>| millis.map(|millis| paint::stamp(millis, glance.offset, seconds)).unwrap_or_default();
    let buckets = level.place == Place::Buckets;
    match key {
        Key::Sign if marked => Cell::new(Role::Accent, if look.ascii { "*" } else { "●" }),
        Key::Sign if of.folder => Cell::new(Role::S3, look.signs().folder),
        Key::Sign if of.marker => Cell::new(Role::Destroy, look.signs().effects[2]),
        Key::Sign | Key::Region if !buckets => Cell::new(Role::Plain, ""),
        Key::Sign => Cell::new(Role::S3, look.signs().folder),
        Key::Name if of.folder || buckets => Cell::new(Role::S3, of.name),
        Key::Name if of.marker || is_older(level, number, &of) => Cell::new(Role::Dim, of.name),
        Key::Name => Cell::new(Role::Plain, of.name),
        Key::Version | Key::Region => Cell::new(Role::Dim, of.more.unwrap_or_default()),
        Key::State => match (of.folder, of.marker, of.latest) {
            (true, ..) => Cell::new(Role::Plain, ""),
            (_, true, true) => Cell::new(Role::Destroy, "deleted"),
            (_, true, false) => Cell::new(Role::Warning, "marker"),
            (_, false, true) => Cell::new(Role::Good, "current"),
            (_, false, false) => Cell::new(Role::Dim, "older"),
        },
        Key::Size if of.folder || of.marker => Cell::new(Role::Dim, ""),
        Key::Size => Cell::new(Role::Plain, time::bytes(of.size)),
        Key::Modified | Key::Created => Cell::new(Role::Dim, stamp(of.modified)),
        Key::Class => Cell::new(Role::Dim, if of.class == "STANDARD" { "" } else { of.class }),
    }
}

/// Whether the row above is of the same key.
fn is_older(level: &Level, number: usize, of: &Row<'_>) -> bool {
    matches!(level.place, Place::Versions { .. })
        && number.checked_sub(1).and_then(|above| level.list.row(above)).is_some_and(|above| above.name == of.name)
}

/// What stands where there are no rows: what is under way, what went wrong, or what to do.
fn draw_empty(level: &Level, area: Rect, buffer: &mut Buffer, glance: &Glance, front: bool) {
    let look = glance.look;
    if !front && !level.listed && level.trouble.is_none() && level.asked.is_none() {
        // Here it comes by itself.
        if !glance.is_local() {
            paint::say(area, buffer, look, &[(Role::Dim, "Enter lists it: one request")]);
        }
        return;
    }
    if let Some(trouble) = &level.trouble {
        paint::trouble(trouble, area, buffer, look, "r tries again, Esc goes back");
        return;
    }
    if let Some(asked) = level.asked {
        paint::wait("listing", asked, area, buffer, glance);
        return;
    }
    let endpoint = crate::command::Endpoint::here(glance).options();
    let bucket = level.place.bucket();
    let (what, how) = match &level.place {
        _ if !level.listed => ("Not listed.", "r lists it.".to_owned()),
        _ if level.filter.starts_with('*') => {
            let more = if level.list.next.is_some() { "n loads more; " } else { "" };
            ("No row that is loaded holds that.", format!("{more}Esc shows all again."))
        }
        Place::Buckets if !level.filter.is_empty() => {
            ("No bucket's name holds that.", "Esc shows all again.".to_owned())
        }
        _ if !level.filter.is_empty() => {
            ("No name here begins so.", "Esc shows all again; *text looks inside names.".to_owned())
        }
        Place::Buckets => ("There are no buckets yet.", format!("aws s3 mb s3://my-bucket{endpoint}")),
        Place::Folder { prefix, .. } => {
            let upload = if glance.may_write() { "u uploads a file; so does  " } else { "" };
            (
                "Nothing is stored here.",
                format!("{upload}aws s3 cp FILE {}{endpoint}", shell_word(&format!("s3://{bucket}/{prefix}"))),
            )
        }
        Place::Versions { .. } => ("There are no versions here.", "v goes back to the objects.".to_owned()),
    };
    paint::say(area, buffer, look, &[(Role::Plain, what), (Role::Dim, &how)]);
}

/// Where the rows of jobs go.
pub(super) fn lines(area: Rect) -> impl Iterator<Item = Rect> {
    (0..usize::from(area.height)).map(move |number| row(inside_of(area), number))
}

/// Jobs stand below the panes, in line with what is within them.
fn inside_of(area: Rect) -> Rect {
    let left = inside(Rect { height: 9, ..area }).x.saturating_sub(area.x);
    Rect { x: area.x + left, width: area.width.saturating_sub(2 * left), ..area }
}
