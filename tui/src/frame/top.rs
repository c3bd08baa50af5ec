//! The first rows: which side one is looking at, and the tabs. Where it is not the emulator, the whole row says so, and it says
//! so in words.

use footbridge_record::Target;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::top_rows;
use crate::app::desk::Glance;
use crate::keys::Tab;
use crate::look::Role;
use crate::source::Facts;
use crate::text::{clean, fit, fit_middle, width};
use crate::widget::Pen;

/// `tab` is in front, and so many calls wait for a person.
pub(crate) fn draw_top(tab: (Tab, usize), headline: &str, size: (u16, u16), glance: &Glance, buffer: &mut Buffer) {
    let rows = top_rows(size.1);
    if rows > 0 {
        draw_target(Rect::new(0, 0, size.0, 1), glance, buffer);
    }
    // Where its tab has no room, or there are no tabs, that somebody waits stands here.
    let place = tabs(size.0, tab.1).into_iter().find(|(_, one, _)| *one == Tab::Approvals);
    let off = rows < 2 || place.is_none_or(|(from, _, text)| from + width(&text) > usize::from(size.0));
    if rows > 0 && tab.1 > 0 && off && size.0 >= 14 {
        let text = format!(" ({}) ", tab.1);
        let wide = u16::try_from(width(&text)).unwrap_or(size.0).min(size.0);
        let mut pen = Pen::new(glance.look);
        pen.styled(glance.look.style(Role::Match).add_modifier(Modifier::BOLD), text);
        pen.draw(Rect::new(size.0 - wide, 0, wide, 1), buffer);
    }
    if rows > 1 {
        draw_tabs(tab, headline, Rect::new(0, 1, size.0, 1), glance, buffer);
    }
}

fn draw_target(area: Rect, glance: &Glance, buffer: &mut Buffer) {
    let look = glance.look;
    let columns = usize::from(area.width);
    let mut pen = Pen::new(look);
    let Some(facts) = &glance.facts else {
        pen.put(Role::Dim, " footbridge: opening");
        pen.draw(area, buffer);
        return;
    };
    let local = matches!(facts.target, Target::Local { .. });
    let badge_style = look.badge(&facts.target);
    let plain = if local { look.style(Role::Plain) } else { badge_style };
    let badge = fit(&format!(" {} ", badge(&facts.target, look.ascii)), columns, look.signs().cut);
    pen.styled(badge_style, badge);
    pen.styled(plain, " ");
    let separator = format!(" {} ", look.signs().dot);
    for (number, part) in parts(facts).iter().enumerate() {
        let lead = if number == 0 { "" } else { &separator };
        let room = columns.saturating_sub(pen.used() + width(lead));
        if room < 8 {
            break;
        }
        pen.styled(plain, format!("{lead}{}", fit_middle(&clean(part, look.ascii), room, look.signs().cut)));
    }
    let gap = columns.saturating_sub(pen.used());
    pen.styled(plain, " ".repeat(gap));
    pen.draw(area, buffer);
}

/// The badge: what must be read even where there is room for nothing else.
fn badge(target: &Target, ascii: bool) -> String {
    match target {
        Target::Local { .. } => "LOCAL".to_owned(),
        Target::Aws { account, region } => {
            let account = account.as_deref().unwrap_or("account unknown");
            clean(&format!("AWS {account} {}", region.as_deref().unwrap_or("no region")), ascii)
        }
        Target::Custom { url, .. } => clean(&format!("CUSTOM {url}"), ascii),
    }
}

fn parts(facts: &Facts) -> Vec<String> {
    let mut parts = Vec::new();
    match &facts.target {
        Target::Local { account, region } => parts.extend([account, region].into_iter().flatten().cloned()),
        Target::Custom { region, .. } => parts.extend(region.clone()),
        Target::Aws { .. } => {}
    }
    parts.push(facts.mode.word().to_owned());
    parts.extend(facts.endpoint.clone());
    parts.push(facts.watched.clone());
    parts
}

/// Each tab's first column and text.
fn tabs(columns: u16, waiting: usize) -> Vec<(usize, Tab, String)> {
    let mut at = 0;
    let short = columns < if waiting > 0 { 60 } else { 56 };
    Tab::ALL
        .into_iter()
        .enumerate()
        .map(|(number, tab)| {
            let title = if short { &tab.title()[..tab.title().len().min(4)] } else { tab.title() };
            let count = if tab == Tab::Approvals && waiting > 0 { format!("({waiting}) ") } else { String::new() };
            let text = format!(" {} {title} {count}", number + 1);
            let place = (at, tab, text);
            at += width(&place.2);
            place
        })
        .collect()
}

fn draw_tabs((tab, waiting): (Tab, usize), headline: &str, area: Rect, glance: &Glance, buffer: &mut Buffer) {
    let look = glance.look;
    let mut pen = Pen::new(look);
    for (_, one, text) in tabs(area.width, waiting) {
        let style = if one == tab {
            look.style(Role::Front).add_modifier(Modifier::BOLD | Modifier::REVERSED)
        } else if one == Tab::Approvals && waiting > 0 {
            look.style(Role::Match).add_modifier(Modifier::BOLD)
        } else {
            look.style(Role::Plain)
        };
        pen.styled(style, text);
    }
    let room = usize::from(area.width).saturating_sub(pen.used() + 2);
    let text = clean(headline, look.ascii);
    // Half a figure is worse than none.
    if width(&text) <= room {
        let column = usize::from(area.width).saturating_sub(width(&text) + 1);
        pen.to(column).put(Role::Plain, text);
    }
    pen.draw(area, buffer);
}

/// The tab at this place.
pub(crate) fn tab_at((column, row): (u16, u16), size: (u16, u16), waiting: usize) -> Option<Tab> {
    if row != 1 || top_rows(size.1) < 2 {
        return None;
    }
    let column = usize::from(column);
    tabs(size.0, waiting)
        .into_iter()
        .find(|(from, _, text)| (*from..from + width(text)).contains(&column))
        .map(|(_, tab, _)| tab)
}
