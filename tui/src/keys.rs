//! The keys: one table that dispatch, the footer and the help page read.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row, and along with what comes.
    Last,
    /// Hold the picture, or let it go on.
    Freeze,
    /// Type a filter.
    Filter,
    /// Sort by the next column.
    Sort,
    /// Open what is selected.
    Open,
    /// Only what went wrong, or all.
    Errors,
    /// To the next call that went wrong.
    NextError,
    /// To the one before.
    PreviousError,
    /// Copy as JSON.
    Copy,
    /// The next pane or part.
    Next,
    /// The one before.
    Previous,
    /// Fold or unfold.
    Fold,
    /// Fold or unfold everything.
    FoldAll,
    /// Wrap long lines, or cut them.
    Wrap,
    /// What the keys do.
    Help,
    /// Back to where one was.
    Back,
    /// Draw everything anew.
    Redraw,
    /// End.
    Quit,
}

/// Where a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In the list of calls.
    Calls,
    /// In the table of latencies.
    Latency,
    /// In a call's detail.
    Detail,
    /// On the help page.
    Help,
}

/// A key, where it holds, and what is said of it.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// The keys, as [`name`] names them; `] e` is one after the other.
    pub keys: &'static [&'static str],
    /// Where.
    pub scopes: &'static [Scope],
    /// A word for the footer; empty where it is not shown there.
    pub label: &'static str,
    /// A sentence for the help page.
    pub help: &'static str,
}

const ALL: &[Scope] = &[Scope::Calls, Scope::Latency, Scope::Detail, Scope::Help];
const LISTS: &[Scope] = &[Scope::Calls, Scope::Latency, Scope::Detail];
const CALLS: &[Scope] = &[Scope::Calls];
const DETAIL: &[Scope] = &[Scope::Detail];
const LIVE: &[Scope] = &[Scope::Calls, Scope::Latency];
const OF_A_CALL: &[Scope] = &[Scope::Calls, Scope::Detail];

const fn bind(
    action: Action,
    keys: &'static [&'static str],
    scopes: &'static [Scope],
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding { action, keys, scopes, label, help }
}

/// Every key. The footer shows labels in this order, as many as there is room for.
pub const BINDINGS: &[Binding] = &[
    bind(Action::Open, &["enter", "l", "right"], CALLS, "open", "Open the selected call"),
    bind(Action::Open, &["enter"], &[Scope::Latency], "only this", "Show only the calls of the selected tool"),
    bind(Action::Fold, &["enter", "l", "right"], DETAIL, "fold", "Fold or unfold the part under the cursor"),
    bind(Action::FoldAll, &["z"], DETAIL, "all", "Fold or unfold everything"),
    bind(Action::Wrap, &["w"], DETAIL, "wrap", "Wrap long lines, or cut them"),
    bind(Action::Filter, &["/"], LIVE, "filter", "Filter as you type; Enter keeps it, Esc takes it back"),
    bind(Action::Errors, &["e"], LIVE, "errors", "Only calls that went wrong, or all"),
    bind(Action::Freeze, &["space"], LIVE, "freeze", "Hold the picture while calls go on, or let it go on"),
    bind(Action::Last, &["G", "end"], LIVE, "follow", "To the end, and along with new calls"),
    bind(Action::Last, &["G", "end"], &[Scope::Detail, Scope::Help], "", "To the end"),
    bind(Action::Sort, &["o"], LIVE, "sort", "Sort by the next column: time, latency, name, status, resource"),
    bind(Action::NextError, &["] e"], OF_A_CALL, "", "To the next call that went wrong"),
    bind(Action::PreviousError, &["[ e"], OF_A_CALL, "", "To the call before that went wrong"),
    bind(Action::Copy, &["y"], OF_A_CALL, "copy", "Copy the call as JSON (through the terminal, also over SSH)"),
    bind(Action::Next, &["tab"], LIVE, "latency", "To the latency of each tool, and back"),
    bind(Action::Next, &["tab"], DETAIL, "part", "The next part: request, response, AWS calls, timing"),
    bind(Action::Previous, &["backtab"], LISTS, "", "The part or pane before"),
    bind(Action::Up, &["k", "up"], ALL, "", "Up; in the list, following pauses"),
    bind(Action::Down, &["j", "down"], ALL, "", "Down"),
    bind(Action::PageUp, &["pageup", "ctrl-b", "ctrl-u"], ALL, "", "A page up"),
    bind(Action::PageDown, &["pagedown", "ctrl-f", "ctrl-d"], ALL, "", "A page down"),
    bind(Action::First, &["g", "home"], ALL, "", "To the beginning"),
    bind(Action::Back, &["esc", "h", "left"], DETAIL, "back", "Back to the list"),
    bind(Action::Back, &["esc"], LIVE, "", "Drop the filter, then errors only"),
    bind(Action::Back, &["esc", "?"], &[Scope::Help], "back", "Close this page"),
    bind(Action::Help, &["?"], LISTS, "help", "This page"),
    bind(Action::Redraw, &["ctrl-l"], ALL, "", "Draw the screen anew"),
    bind(Action::Quit, &["q", "ctrl-c"], ALL, "quit", "End"),
];

/// What keys pressed so far come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// This.
    Action(Action),
    /// Nothing yet: another key has to follow.
    Begun,
    /// Nothing.
    Nothing,
}

/// What `pressed`, keys with a space between them, does in `scope`.
#[must_use]
pub fn find(scope: Scope, pressed: &str) -> Found {
    let mut begun = false;
    for binding in BINDINGS.iter().filter(|binding| binding.scopes.contains(&scope)) {
        for keys in binding.keys {
            if *keys == pressed {
                return Found::Action(binding.action);
            }
            begun |= keys.strip_prefix(pressed).is_some_and(|rest| rest.starts_with(' '));
        }
    }
    if begun { Found::Begun } else { Found::Nothing }
}

/// A key's name: `k`, `G`, `ctrl-c`, `pageup`; `None` for one that nothing is bound to.
#[must_use]
pub fn name(key: &KeyEvent) -> Option<String> {
    let base = match key.code {
        KeyCode::Char(' ') => "space".to_owned(),
        KeyCode::Char(c) => c.to_string(),
        KeyCode::Enter => "enter".to_owned(),
        KeyCode::Esc => "esc".to_owned(),
        KeyCode::Tab => "tab".to_owned(),
        KeyCode::BackTab => return Some("backtab".to_owned()),
        KeyCode::Up => "up".to_owned(),
        KeyCode::Down => "down".to_owned(),
        KeyCode::Left => "left".to_owned(),
        KeyCode::Right => "right".to_owned(),
        KeyCode::PageUp => "pageup".to_owned(),
        KeyCode::PageDown => "pagedown".to_owned(),
        KeyCode::Home => "home".to_owned(),
        KeyCode::End => "end".to_owned(),
        _ => return None,
    };
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return Some(format!("ctrl-{base}"));
    }
    if key.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    Some(base)
}

/// A key as people read it: `Enter`, `Ctrl-C`, `]e`, `↑`.
#[must_use]
pub fn shown(keys: &str, ascii: bool) -> String {
    let one = |key: &str| match (key, ascii) {
        ("up", false) => "↑".to_owned(),
        ("down", false) => "↓".to_owned(),
        ("left", false) => "←".to_owned(),
        ("right", false) => "→".to_owned(),
        ("pageup", _) => "PgUp".to_owned(),
        ("pagedown", _) => "PgDn".to_owned(),
        ("backtab", _) => "Shift-Tab".to_owned(),
        (key, _) => match key.strip_prefix("ctrl-") {
            Some(rest) => format!("Ctrl-{}", rest.to_uppercase()),
            None if key.len() > 1 => key[..1].to_uppercase() + &key[1..],
            None => key.to_owned(),
        },
    };
    keys.split(' ').map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::{Action, BINDINGS, Found, Scope, find, name, shown};
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    #[test]
    fn no_key_means_two_things() {
        let mut seen = std::collections::BTreeSet::new();
        for binding in BINDINGS {
            for scope in binding.scopes {
                for keys in binding.keys {
                    assert!(seen.insert((format!("{scope:?}"), *keys)), "{keys} twice in {scope:?}");
                    assert_eq!(find(*scope, keys), Found::Action(binding.action));
                }
            }
        }
    }

    #[test]
    fn a_key_that_begins_a_pair_waits_for_the_other() {
        assert_eq!(find(Scope::Calls, "]"), Found::Begun);
        assert_eq!(find(Scope::Calls, "] e"), Found::Action(Action::NextError));
        assert_eq!(find(Scope::Calls, "] x"), Found::Nothing);
        assert_eq!(find(Scope::Help, "]"), Found::Nothing);
    }

    #[test]
    fn keys_have_names_that_people_read() {
        let key = |code, modifiers| name(&KeyEvent::new(code, modifiers));
        assert_eq!(key(KeyCode::Char('c'), KeyModifiers::CONTROL).as_deref(), Some("ctrl-c"));
        assert_eq!(key(KeyCode::Char('G'), KeyModifiers::SHIFT).as_deref(), Some("G"));
        assert_eq!(key(KeyCode::Char('q'), KeyModifiers::ALT), None);
        assert_eq!(
            (shown("] e", false), shown("ctrl-c", true), shown("up", true)),
            ("]e".into(), "Ctrl-C".into(), "Up".into())
        );
    }
}
