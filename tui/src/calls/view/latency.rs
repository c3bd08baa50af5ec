//! How long each tool and operation takes, of the calls that are shown.

use footbridge_record::time::duration;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{bars, list::grouped};
use crate::calls::stats::{Stats, Summary};
use crate::look::{Look, Role};
use crate::text::{clean, pad, pad_left, width};
use crate::widget::{Cursor, Pane, Pen, row};

const TITLES: [(&str, usize); 5] = [("CALLS", 8), ("WRONG", 6), ("P50", 8), ("P95", 8), ("P99", 8)];

pub(in crate::calls) fn draw(stats: &Stats, cursor: Cursor, front: bool, area: Rect, buffer: &mut Buffer, look: Look) {
    if area.height == 0 {
        return;
    }
    let tools = stats.tools();
    let note = if tools.len() > 1 { format!("{} tools and operations", tools.len()) } else { String::new() };
    let inner = Pane { title: "Latency".into(), note, front }.draw(area, buffer, look);
    let names = tools.iter().map(|(name, _)| width(name)).max().unwrap_or_default().clamp(12, 28);
    let names = names.min(usize::from(inner.width).saturating_sub(40).max(10));
    let mut pen = Pen::new(look);
    pen.put(Role::Heading, format!(" {}", pad("TOOL", names, "")));
    for (title, columns) in TITLES {
        pen.put(Role::Heading, pad_left(title, columns, ""));
    }
    pen.put(Role::Heading, "  LATEST").draw(row(inner, 0), buffer);
    let rows = Rect { y: inner.y.saturating_add(1), height: inner.height.saturating_sub(1), ..inner };
    for (line, number) in cursor.window(tools.len(), rows.height).enumerate() {
        let (name, summary) = tools[number];
        let mut pen = Pen::new(look);
        let name = clean(name, look.ascii);
        pen.put(Role::Plain, format!(" {}", pad(&name, names, look.signs().cut)));
        figures(&mut pen, summary);
        let room = usize::from(inner.width).saturating_sub(pen.used() + 3);
        pen.put(Role::Plain, "  ").put(Role::Accent, bars(&summary.heights(room), look));
        let place = row(rows, line);
        pen.draw(place, buffer);
        if number == cursor.at && front {
            buffer.set_style(place, look.selected(front));
        }
    }
}

fn figures(pen: &mut Pen<'_>, summary: &Summary) {
    let wrong = if summary.bad == 0 { String::new() } else { grouped(summary.bad) };
    pen.put(Role::Plain, pad_left(&grouped(summary.calls), TITLES[0].1, ""));
    pen.put(Role::Bad, pad_left(&wrong, TITLES[1].1, ""));
    for percent in [50, 95, 99] {
        let text = summary.percentile(percent).map_or("-".to_owned(), duration);
        pen.put(Role::Plain, pad_left(&text, TITLES[2].1, ""));
    }
}

/// All calls that are shown, on one line of at most so many columns.
pub(in crate::calls) fn summary(summary: &Summary, room: usize, look: Look) -> Pen<'static> {
    let mut pen = Pen::new(look);
    for percent in [50, 95, 99] {
        let Some(ms) = summary.percentile(percent) else { continue };
        pen.put(Role::Dim, format!(" p{percent}")).put(Role::Plain, format!(" {}", duration(ms)));
    }
    if pen.used() > 0 {
        let bars = bars(&summary.heights(room.saturating_sub(pen.used() + 3).min(40)), look);
        pen.put(Role::Plain, "  ").put(Role::Accent, bars).put(Role::Plain, " ");
    }
    pen
}
