//! The list, and the selected request beside or below it.

use footbridge_record::time;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Approvals;
use super::answer::{left, standing};
use super::detail::effect;
use super::list::{List, Sort, state};
use super::places::{Places, parts};
use crate::app::desk::Glance;
use crate::look::{Look, Role};
use crate::request::{Request, Standing};
use crate::row;
use crate::text::{clean, fit, fit_middle, pad, width};
use crate::widget::{self, Pane, Pen, Table, fitting};

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Sign,
    Time,
    State,
    Target,
    Call,
    On,
    By,
}

impl Column {
    /// The order of rows that goes by it.
    pub(super) fn sort(self) -> Option<Sort> {
        match self {
            Self::Sign => None,
            Self::Time => Some(Sort::Made),
            Self::State => Some(Sort::State),
            Self::Target => Some(Sort::Target),
            Self::Call => Some(Sort::Call),
            Self::On => Some(Sort::On),
            Self::By => Some(Sort::By),
        }
    }

    fn of(sort: Sort) -> Self {
        match sort {
            Sort::Made => Self::Time,
            Sort::State => Self::State,
            Sort::Target => Self::Target,
            Sort::Call => Self::Call,
            Sort::On => Self::On,
            Sort::By => Self::By,
        }
    }
}

/// The columns for a list of `wide` columns, each with its place.
pub(super) fn columns(list: &List, wide: u16, glance: &Glance) -> Vec<(widget::Column<Column>, usize)> {
    let longest = |text: &dyn Fn(&Request) -> &str, title: &str, most: usize| {
        let rows = (0..list.len()).filter_map(|row| list.row(row)).take(500);
        let texts = rows.map(|request| width(&clean(text(request), glance.look.ascii)));
        texts.max().unwrap_or_default().clamp(width(title), most)
    };
    let column = |key, title, width: usize, from| widget::Column {
        key,
        title,
        width: u16::try_from(width).unwrap_or(u16::MAX),
        grows: key == Column::On,
        right: false,
        from,
    };
    let all = [
        column(Column::Sign, "", 1, 0),
        column(Column::Time, "TIME", 8, 72),
        column(Column::State, "STATE", 10, 24),
        column(Column::Target, "TARGET", longest(&|request| &request.target, "TARGET", 12) + 2, 0),
        column(Column::Call, "CALL", longest(&|request| &request.tool, "CALL", 26), 0),
        column(Column::By, "BY", longest(&|request| &request.caller, "BY", 18), 90),
        column(Column::On, "ON", 4, 34),
    ];
    fitting(&all, wide)
}

/// A request's sign.
fn sign(request: &Request, look: Look) -> &'static str {
    look.glyph(match request.standing {
        Standing::Waiting => row::Standing::Running,
        Standing::Allowed(_) | Standing::Used(_) => row::Standing::Ok,
        Standing::Denied { .. } => row::Standing::Refused,
        Standing::Abandoned | Standing::Expired => row::Standing::Abandoned,
        Standing::Gone => row::Standing::Lost,
    })
}

pub(super) fn draw(view: &Approvals, area: Rect, buffer: &mut Buffer, glance: &Glance) {
    let Places { list, detail } = view.places(area);
    if list.height > 0 {
        draw_list(view, list, buffer, glance);
    }
    if detail.height > 0 {
        draw_request(view, detail, buffer, glance);
    }
}

fn draw_list(view: &Approvals, area: Rect, buffer: &mut Buffer, glance: &Glance) {
    let (look, list) = (glance.look, &view.list);
    let mut title = "Approvals".to_owned();
    if !list.filter.is_empty() {
        title += " /";
        title += &list.filter;
    }
    let (shown, all) = (list.len(), list.all().len());
    let count = if shown == all { all.to_string() } else { format!("{shown} of {all}") };
    let note = match view.waiting(glance.now) {
        0 => format!("none waits {} {count}", look.signs().dot),
        waiting => format!("{waiting} waiting {} {count}", look.signs().dot),
    };
    let note = if all == 0 { String::new() } else { note };
    let inner = Pane { title, note, front: !view.opened }.draw(area, buffer, look);
    if shown == 0 {
        draw_empty(all > 0, inner, buffer, look);
        return;
    }
    let columns = columns(list, inner.width, glance);
    let table = Table {
        look,
        columns: &columns,
        sorted: Some(Column::of(list.sort)),
        cursor: list.cursor,
        rows: shown,
        front: !view.opened,
    };
    table.draw_rows(inner, buffer, |number| {
        let mut pen = Pen::new(look);
        if let Some(request) = list.row(number) {
            for (column, width) in &columns {
                cell(&mut pen, request, column.key, *width, glance);
                pen.put(Role::Plain, " ");
            }
        }
        pen
    });
}

fn draw_empty(filtered: bool, inner: Rect, buffer: &mut Buffer, look: Look) {
    let lines: &[&str] = if filtered {
        &["No request passes the filter"]
    } else {
        &[
            "Nothing waits for a yes.",
            "",
            "With --mode ask, what an agent would change on AWS waits here until a",
            "person allows or denies it. In a shell: footbridge approve",
        ]
    };
    for (number, text) in lines.iter().enumerate() {
        let mut pen = Pen::new(look);
        pen.put(Role::Dim, format!(" {text}"));
        pen.draw(widget::row(inner, number), buffer);
    }
}

fn cell(pen: &mut Pen<'_>, request: &Request, column: Column, columns: usize, glance: &Glance) {
    let look = glance.look;
    let cut = look.signs().cut;
    let waits = request.waits(glance.now);
    // What is answered is beside the point.
    let or_dim = |role| if waits { role } else { Role::Dim };
    let (role, text) = match column {
        Column::Sign => (or_dim(Role::Warning), sign(request, look).to_owned()),
        Column::Time => (Role::Dim, time::of_day(request.created, glance.offset).chars().take(8).collect()),
        Column::State if waits => (Role::Warning, format!("{} left", left(request, glance.now))),
        Column::State if request.standing == Standing::Waiting => (Role::Dim, "expired".to_owned()),
        Column::State => (Role::Dim, state(request).to_owned()),
        Column::Target => {
            let name = format!(" {} ", fit(&clean(&request.target, look.ascii), columns.saturating_sub(2), cut));
            let gap = columns.saturating_sub(width(&name));
            if waits {
                pen.styled(look.badge(&request.far), name).put(Role::Plain, " ".repeat(gap));
            } else {
                pen.put(Role::Dim, pad(&name, columns, cut));
            }
            return;
        }
        Column::Call => (or_dim(effect(request)), request.tool.clone()),
        Column::By => (Role::Dim, request.caller.clone()),
        Column::On => {
            let more = request.resources.len().saturating_sub(1);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let first = clean(request.resources.first().map_or("", String::as_str), look.ascii);
            (or_dim(Role::Plain), fit_middle(&first, columns.saturating_sub(width(&more)), cut) + &more)
        }
    };
    pen.put(role, pad(&clean(&text, look.ascii), columns, cut));
}

fn draw_request(view: &Approvals, area: Rect, buffer: &mut Buffer, glance: &Glance) {
    let look = glance.look;
    let Some(request) = view.list.selected() else {
        Pane { title: "Request".into(), note: String::new(), front: false }.draw(area, buffer, look);
        return;
    };
    let waits = request.waits(glance.now);
    let title = format!("{} on {}", request.tool, request.target);
    Pane { title, note: request.name.short().to_owned(), front: view.opened }.draw(area, buffer, look);
    let [head, text] = parts(area);
    let columns = usize::from(head.width);
    let mut pen = Pen::new(look);
    let name = fit(&clean(&request.target, look.ascii), columns.saturating_sub(4), look.signs().cut);
    pen.put(Role::Plain, " ").styled(look.badge(&request.far), format!(" {name} ")).put(Role::Plain, " ");
    let room = columns.saturating_sub(pen.used());
    pen.put(Role::Heading, fit_middle(&clean(&request.far_side, look.ascii), room, look.signs().cut));
    pen.draw(widget::row(head, 0), buffer);
    let mut pen = Pen::new(look);
    let role = if waits { Role::Warning } else { Role::Dim };
    let said = clean(&standing(request, glance.now, glance.offset), look.ascii);
    pen.put(role, format!(" {} ", sign(request, look)));
    let room = columns.saturating_sub(pen.used());
    pen.put(if waits { role } else { Role::Heading }, fit(&said, room, look.signs().cut));
    pen.draw(widget::row(head, 1), buffer);
    view.detail.document.draw(text, buffer, look, view.opened);
}
