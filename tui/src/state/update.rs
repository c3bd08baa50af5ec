//! What an event does to the state, and what is to be done in the world.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::detail::{self, Detail, Part, Row};
use super::{Following, Input, Pane, State, typing};
use crate::calls::{Key, key};
use crate::document::{self, Manner};
use crate::filter::Filter;
use crate::keys::{self, Action, Found, Scope};
use crate::source::Update;
use crate::stats::Stats;
use crate::view::{layout, pages};

/// Something that has happened.
#[derive(Debug)]
pub enum Event {
    /// A key.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has so many columns and rows.
    Resize(u16, u16),
    /// The source has news.
    Updates(Vec<Update>),
    /// Time went by.
    Tick,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Nothing changed.
    Nothing,
    /// The picture changed.
    Draw,
    /// Everything is to be drawn anew, whatever the terminal shows.
    Redraw,
    /// This goes to the clipboard.
    Copy(String),
    /// The dashboard ends.
    Quit,
}

/// Takes `event`, which happened at `now`, in milliseconds since the Unix epoch.
pub fn update(state: &mut State, event: Event, now: u64) -> Effect {
    if state.held.is_none() {
        state.now = now;
    }
    match event {
        // Some terminals tell of repeats and releases as well.
        Event::Key(pressed) if pressed.kind == KeyEventKind::Press => on_key(state, &pressed),
        Event::Paste(text) => typing::paste(state, &text),
        Event::Resize(columns, rows) => {
            state.size = (columns, rows);
            settle(state);
            Effect::Draw
        }
        Event::Updates(updates) => on_updates(state, updates),
        Event::Tick if state.is_moving() => {
            if state.list.filter.asks_for_time() {
                refresh(state);
            }
            Effect::Draw
        }
        Event::Key(_) | Event::Tick => Effect::Nothing,
    }
}

fn on_updates(state: &mut State, updates: Vec<Update>) -> Effect {
    let mut any = false;
    for update in updates {
        match update {
            Update::Call(call) => {
                any = true;
                let call = *call;
                let wanted = state.list.wants(&call, state.now);
                let known = state.calls.get(key(&call)).is_some()
                    || state.held.as_ref().is_some_and(|held| held.get(key(&call)).is_some());
                match &mut state.held {
                    Some(held) => held.put(call),
                    None => state.calls.put(call),
                };
                if let Following::Paused { new } = &mut state.list.following
                    && !known
                    && wanted
                {
                    *new += 1;
                }
            }
            Update::Facts(facts) => state.facts = Some(facts),
            Update::Notice(text) => state.notice = Some(text),
        }
    }
    if any && state.held.is_none() {
        refresh(state);
    }
    Effect::Draw
}

fn on_key(state: &mut State, pressed: &KeyEvent) -> Effect {
    state.notice = None;
    if state.input.is_some() && !is_interrupt(pressed) {
        return typing::press(state, pressed);
    }
    let Some(name) = keys::name(pressed) else {
        state.pressed = None;
        return Effect::Draw;
    };
    let sequence = state.pressed.take().map_or_else(|| name.clone(), |before| format!("{before} {name}"));
    match keys::find(state.scope(), &sequence) {
        Found::Action(action) => act(state, action),
        Found::Begun => {
            state.pressed = Some(sequence);
            Effect::Draw
        }
        Found::Nothing => Effect::Draw,
    }
}

fn is_interrupt(pressed: &KeyEvent) -> bool {
    pressed.code == KeyCode::Char('c') && pressed.modifiers.contains(KeyModifiers::CONTROL)
}

/// Puts a filter in force, if it makes sense.
pub(super) fn set_filter(state: &mut State, text: &str) {
    if let Ok(filter) = Filter::parse(text) {
        state.list.filter = filter;
        text.trim().clone_into(&mut state.list.filter_text);
        refresh(state);
    }
}

fn act(state: &mut State, action: Action) -> Effect {
    match action {
        Action::Quit => return Effect::Quit,
        Action::Redraw => return Effect::Redraw,
        Action::Copy => return copy(state),
        Action::Help => state.help = Some(0),
        Action::Back => back(state),
        Action::Filter => {
            let text = state.list.filter_text.clone();
            state.input = Some(Input { at: text.len(), before: text.clone(), text, error: None });
        }
        Action::Sort => {
            state.list.sort = state.list.sort.next();
            refresh(state);
        }
        Action::Errors => {
            state.list.errors_only = !state.list.errors_only;
            refresh(state);
        }
        Action::Freeze => freeze(state),
        Action::Open => open(state),
        Action::NextError => jump(state, true),
        Action::PreviousError => jump(state, false),
        Action::Next | Action::Previous => turn(state, action == Action::Next),
        Action::Fold => fold(state),
        Action::FoldAll => fold_all(state),
        Action::Wrap => {
            if let Some(detail) = &mut state.detail {
                detail.wrap = !detail.wrap;
            }
        }
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => {
            travel(state, action);
        }
    }
    settle(state);
    Effect::Draw
}

fn back(state: &mut State) {
    if state.help.take().is_some() || state.detail.take().is_some() {
        return;
    }
    if !state.list.filter_text.is_empty() {
        set_filter(state, "");
    } else if state.list.errors_only {
        state.list.errors_only = false;
        refresh(state);
    } else {
        state.pane = Pane::Calls;
    }
}

fn freeze(state: &mut State) {
    match state.held.take() {
        Some(held) => {
            state.calls.merge(held);
            refresh(state);
        }
        None => state.held = Some(state.calls.emptied()),
    }
}

fn open(state: &mut State) {
    if state.pane == Pane::Latency {
        if let Some((name, _)) = state.stats.tools.get(state.tool) {
            let text = format!("tool:{name}");
            state.pane = Pane::Calls;
            set_filter(state, &text);
        }
    } else if let Some(key) = state.list.selected() {
        let bad = state.calls.get(key).is_some_and(|call| call.status().is_bad());
        state.detail = Some(Detail::new(key, if bad { Part::Response } else { Part::Request }));
        // What one reads should not run away below it.
        if state.list.following == Following::Yes {
            state.list.following = Following::Paused { new: 0 };
        }
    }
}

/// To the next call that went wrong, or the one before, in the order of the list.
fn jump(state: &mut State, onwards: bool) {
    let is_bad = |key: &Key| state.calls.get(*key).is_some_and(|call| call.status().is_bad());
    let (shown, at) = (&state.list.shown, state.list.selected);
    let found = if onwards {
        shown.iter().skip(at + 1).position(is_bad).map(|steps| at + 1 + steps)
    } else {
        shown.iter().take(at).rposition(is_bad)
    };
    let Some(to) = found else {
        let which = if onwards { "later" } else { "earlier" };
        state.notice = Some(format!("No {which} call went wrong"));
        return;
    };
    let height = layout::list_rows(state);
    state.list.select(to, height);
    if state.detail.is_some() {
        open(state);
    }
}

fn turn(state: &mut State, onwards: bool) {
    match &mut state.detail {
        Some(detail) => {
            let part = detail.part.step(if onwards { 1 } else { Part::ALL.len() - 1 });
            detail.show(part);
        }
        None => state.pane = if state.pane == Pane::Calls { Pane::Latency } else { Pane::Calls },
    }
}

/// Moves whatever the keys go to.
fn travel(state: &mut State, action: Action) {
    let scope = state.scope();
    let (at, page) = match scope {
        Scope::Help => (state.help.unwrap_or_default(), pages::help_rows(state)),
        Scope::Detail => (state.detail.as_ref().map_or(0, |d| d.row), layout::detail_size(state).1),
        Scope::Latency => (state.tool, layout::latency_rows(state)),
        Scope::Calls => (state.list.selected, layout::list_rows(state)),
    };
    let page = page.max(1);
    let to = match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => at.saturating_add(1),
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => at.saturating_add(page),
        Action::First => 0,
        _ => usize::MAX,
    };
    match scope {
        Scope::Help => state.help = Some(to),
        Scope::Detail => {
            if let Some(detail) = &mut state.detail {
                detail.row = to;
            }
        }
        Scope::Latency => state.tool = to,
        Scope::Calls if action == Action::Last => state.list.follow(page),
        Scope::Calls => state.list.select(to, page),
    }
}

fn fold(state: &mut State) {
    let part = detail_rows(state).and_then(|rows| {
        let row = state.detail.as_ref()?.row;
        rows.get(row)?.part
    });
    if let (Some(detail), Some(part)) = (&mut state.detail, part) {
        let flipped = detail.flipped();
        if !flipped.remove(&part) {
            flipped.insert(part);
        }
    }
}

/// Unfolds everything; where nothing is folded, folds everything below the outermost.
fn fold_all(state: &mut State) {
    let Some(detail) = &mut state.detail else { return };
    let value = state.calls.get(detail.key).and_then(|call| document::json_of(call, detail.part));
    let Some((open, folded)) = value.map(crate::json::parts) else { return };
    let flipped = detail.flipped();
    let all_open = folded.iter().all(|part| flipped.contains(part)) && !open.iter().any(|part| flipped.contains(part));
    *flipped = if all_open { open } else { folded }.into_iter().collect();
}

fn copy(state: &mut State) -> Effect {
    let key = state.detail.as_ref().map_or_else(|| state.list.selected(), |detail| Some(detail.key));
    if let Some(call) = key.and_then(|key| state.calls.get(key)) {
        let text = crate::export::json(call);
        state.notice = Some(format!("{} offered to the clipboard", footbridge_record::time::bytes(text.len() as u64)));
        return Effect::Copy(text);
    }
    let hint = state.facts.as_ref().filter(|_| state.calls.is_empty()).and_then(|facts| facts.hints.first());
    let Some(hint) = hint else {
        state.notice = Some("There is no call to copy".to_owned());
        return Effect::Draw;
    };
    state.notice = Some("The first of these was offered to the clipboard".to_owned());
    Effect::Copy(hint.paste.clone())
}

/// The rows of the open call's part.
#[must_use]
pub fn detail_rows(state: &State) -> Option<Vec<Row>> {
    let detail = state.detail.as_ref()?;
    let call = state.calls.get(detail.key)?;
    let manner = Manner { look: state.look, now: state.now, offset: state.offset };
    let lines = document::lines(call, detail.part, &detail.flips(), manner);
    Some(detail::rows(lines, layout::detail_size(state).0, detail.wrap))
}

/// Chooses, orders and counts anew.
fn refresh(state: &mut State) {
    let height = layout::list_rows(state);
    state.list.refresh(&state.calls, state.now, height);
    let mut shown = state.list.shown.clone();
    // Whatever the order of rows, the latest durations are the latest.
    shown.sort_unstable();
    state.stats = Stats::of(shown.iter().filter_map(|key| state.calls.get(*key)));
    settle(state);
}

/// Brings every position within what there is.
pub(super) fn settle(state: &mut State) {
    let height = layout::list_rows(state);
    state.list.keep_in_sight(height);
    state.tool = state.tool.min(state.stats.tools.len().saturating_sub(1));
    if let Some(first) = state.help {
        state.help = Some(first.min(pages::help_lines(state).len().saturating_sub(pages::help_rows(state))));
    }
    if state.detail.is_some() {
        // Its call may have become too old to keep.
        let rows = detail_rows(state).map(|rows| rows.len());
        let (_, height) = layout::detail_size(state);
        match (rows, &mut state.detail) {
            (Some(rows), Some(detail)) => detail.go(detail.row, rows, height),
            (_, detail) => {
                *detail = None;
                state.notice = Some("That call is no longer kept here; the journal has it".to_owned());
            }
        }
    }
}
