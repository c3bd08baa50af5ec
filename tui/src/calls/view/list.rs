//! The list of calls.

use footbridge_record::time;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Column, columns, part};
use crate::app::desk::Glance;
use crate::calls::list::{Following, List};
use crate::look::{Look, Role};
use crate::row::{Row, Standing};
use crate::text::{clean, fit, fit_middle, pad, pad_left, width};
use crate::widget::{Pane, Pen, Table, split_rows};

/// What is drawn of the list.
pub(in crate::calls) struct Picture<'a> {
    pub(in crate::calls) list: &'a List,
    /// Calls that came since the picture is held, where it is.
    pub(in crate::calls) held: Option<usize>,
    /// Whether keys go to it.
    pub(in crate::calls) front: bool,
    /// What goes on: history being read, a file being written.
    pub(in crate::calls) busy: String,
    /// What stands on its lower border.
    pub(in crate::calls) foot: Option<Pen<'static>>,
}

pub(in crate::calls) fn draw(picture: &Picture<'_>, area: Rect, buffer: &mut Buffer, glance: &Glance) {
    let Picture { list, front, .. } = picture;
    let look = glance.look;
    let mut title = "Calls".to_owned();
    if list.errors_only {
        title += " that went wrong";
    }
    if !list.filter_text.is_empty() {
        title += " /";
        title += &list.filter_text;
    }
    let pane = Pane { title, note: note(picture, look), front: *front };
    let mut inner = pane.draw(area, buffer, look);
    if let Some(foot) = &picture.foot
        && inner.bottom() < area.bottom()
    {
        let room = area.width.saturating_sub(4);
        let wide = u16::try_from(foot.used()).unwrap_or(room).min(room);
        foot.draw(Rect { x: area.x + 2, y: inner.bottom(), width: wide, height: 1 }, buffer);
    }
    if let Some(oldest) = list.store.oldest() {
        let [top, rest] = split_rows(inner, 1);
        let mut pen = Pen::new(look);
        let until = time::rfc3339(oldest.at);
        pen.put(Role::Dim, " older calls: ").put(Role::Accent, format!("footbridge journal tail --until {until}"));
        pen.draw(top, buffer);
        inner = rest;
    }
    if list.len() == 0 {
        let mut pen = Pen::new(look);
        pen.put(Role::Dim, " No call passes the filter");
        if list.errors_only && list.filter_text.is_empty() {
            pen = Pen::new(look);
            pen.put(Role::Dim, " No call went wrong");
        }
        pen.draw(inner, buffer);
        return;
    }
    let columns = columns(&list.store, list.sort, inner.width);
    let table = Table {
        look,
        columns: &columns,
        sorted: Some(Column::of(list.sort)),
        cursor: list.cursor,
        rows: list.len(),
        front: *front,
    };
    table.draw_rows(inner, buffer, |number| {
        let mut pen = Pen::new(look);
        if let Some(call) = list.row(number) {
            for (column, width) in &columns {
                if column.key == Column::Rest {
                    rest(&mut pen, call, *width, glance);
                } else {
                    cell(&mut pen, call, column.key, *width, glance);
                    pen.put(Role::Plain, " ");
                }
            }
        }
        pen
    });
}

/// How many there are, and whether the list goes along with what is new.
fn note(picture: &Picture<'_>, look: Look) -> String {
    let list = picture.list;
    let dot = look.signs().dot;
    let mut parts = Vec::new();
    if !picture.busy.is_empty() {
        parts.push(picture.busy.clone());
    }
    let new = |count: usize| if count == 0 { String::new() } else { format!(", {count} new") };
    parts.push(match (picture.held, list.following) {
        (Some(held), _) => format!("frozen{} (Space goes on)", new(held)),
        (None, Following::Yes) => "following".to_owned(),
        (None, Following::Paused { new: count, .. }) => format!("paused{} (G follows)", new(count)),
    });
    let all = list.store.len();
    parts.push(if list.chooses() { format!("{} of {}", grouped(list.len()), grouped(all)) } else { grouped(all) });
    let bad = list.stats.all.bad;
    if bad > 0 && !list.errors_only {
        parts.push(format!("{} wrong", grouped(bad)));
    }
    parts.join(&format!(" {dot} "))
}

/// `12,345`.
pub(super) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (number, digit) in digits.chars().enumerate() {
        if number > 0 && (digits.len() - number).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A service in three letters.
fn service(service: &str) -> &str {
    match service {
        "dynamodb" => "ddb",
        "dynamodbstreams" => "str",
        other => other.get(..3).unwrap_or(other),
    }
}

fn cell(pen: &mut Pen<'_>, call: &Row, column: Column, columns: usize, glance: &Glance) {
    let look = glance.look;
    let cut = look.signs().cut;
    let bad = call.standing.is_bad();
    match column {
        Column::Time => {
            let text = time::of_day(call.at, glance.offset);
            let shown: String = if columns < 12 { text.chars().take(8).collect() } else { text };
            pen.put(Role::Dim, pad(&shown, columns, cut));
        }
        Column::Status => {
            pen.put(look.role(call.standing), look.glyph(call.standing));
        }
        Column::Service => {
            let text = clean(service(&call.subject.service), look.ascii);
            pen.put(look.service(&call.subject.service), pad(&text, columns, cut));
        }
        Column::Name => {
            let (role, sign) = look.effect(call.effect);
            let title = part(&call.subject.title, look);
            pen.put(role, format!("{sign} "));
            let role = if bad { look.role(call.standing) } else { look.service(&call.subject.service) };
            pen.put(role, pad(&title, columns.saturating_sub(2), cut));
        }
        Column::Latency => {
            let role = if call.standing == Standing::Running { Role::Accent } else { Role::Plain };
            let text = call.elapsed(glance.now).map_or("-".to_owned(), time::duration);
            pen.put(role, pad_left(&text, columns, cut));
        }
        Column::Store => {
            pen.put(Role::Dim, pad(&clean(&call.origin.store, look.ascii), columns, cut));
        }
        Column::Client => {
            let origin = &call.origin;
            let name = if origin.client_short.is_empty() { origin.way } else { &origin.client_short };
            pen.put(Role::Dim, pad(&part(name, look), columns, cut));
        }
        Column::Made => {
            let text = if call.made_count == 0 { String::new() } else { call.made_count.to_string() };
            pen.put(Role::Dim, pad_left(&text, columns, cut));
        }
        Column::Rest => {}
    }
}

/// What it is on, what was asked and what came; what is short leaves its room to the others. A call that goes elsewhere than
/// this process's own has a badge.
fn rest(pen: &mut Pen<'_>, call: &Row, columns: usize, glance: &Glance) {
    let look = glance.look;
    let signs = look.signs();
    let mut room = columns;
    let own = glance.facts.as_ref().map(|facts| facts.target.word());
    if own.is_some_and(|own| own != call.origin.target) {
        let badge = fit(&format!(" {} ", call.origin.target.to_uppercase()), room, signs.cut);
        room = room.saturating_sub(width(&badge) + 1);
        pen.styled(look.badge_of(call.origin.target), badge).put(Role::Plain, " ");
    }
    let came = if call.standing == Standing::Lost { "its process ended before it did" } else { call.came() };
    let [on, asked, came] = [call.on(), call.asked(), came].map(|text| part(text, look));
    let came_role = match call.standing {
        Standing::Ok | Standing::Running => Role::Plain,
        standing => look.role(standing),
    };
    let dot = format!(" {} ", signs.dot);
    let before = width(&on) + usize::from(!asked.is_empty()) + width(&asked);
    let gap = if came.is_empty() || before == 0 { 0 } else { width(&dot) };
    let of_came = width(&came).min((room * 2 / 5).max(room.saturating_sub(before + gap)));
    let left = room.saturating_sub(of_came + gap);
    let of_asked = width(&asked) + usize::from(!asked.is_empty());
    let of_on = width(&on).min((left * 3 / 5).max(left.saturating_sub(of_asked)));
    let of_asked = left.saturating_sub(of_on + 1);
    let start = pen.used();
    pen.put(Role::Plain, fit_middle(&on, of_on, signs.cut));
    if !asked.is_empty() && of_asked > 3 {
        pen.put(Role::Plain, if of_on > 0 { " " } else { "" });
        pen.put(Role::Name, fit(&asked, of_asked, signs.cut));
    }
    if !came.is_empty() {
        if pen.used() > start {
            pen.put(Role::Dim, dot);
        }
        let left = room.saturating_sub(pen.used() - start);
        pen.put(came_role, fit(&came, left, signs.cut));
    }
}
