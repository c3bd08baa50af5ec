//! What can be done here, by name: every key's action, the views, and a few commands with an argument.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget as _};

use super::desk::Go;
use crate::keys::{self, Action, Scope, Tab, shown};
use crate::look::{Look, Role};
use crate::text::{pad, width};
use crate::widget::{Pane, Pen, row};

/// What an entry of the palette does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// What a key does.
    Press(Action),
    /// Goes elsewhere.
    Go(Go),
    /// Looks at another region.
    Region(String),
}

/// An entry: its name, the keys that do the same, and what it does.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) keys: String,
    pub(super) command: Command,
}

/// The entries for `typed` in `scope`, the best first.
pub(super) fn entries(scope: Scope, typed: &str, ascii: bool) -> Vec<Entry> {
    let typed = typed.trim();
    if let Some(entry) = with_argument(typed) {
        return vec![entry];
    }
    let mut all: Vec<Entry> = Vec::new();
    for binding in keys::of(scope) {
        if matches!(binding.action, Action::Palette) {
            continue;
        }
        let name = match binding.action {
            Action::Tab(tab) => format!("{} (view)", tab.title()),
            _ => binding.help.to_owned(),
        };
        let keys = binding.keys.iter().take(2).map(|keys| shown(keys, ascii)).collect::<Vec<_>>().join(" ");
        all.push(Entry { name, keys, command: Command::Press(binding.action) });
    }
    let mut scored: Vec<(usize, Entry)> =
        all.into_iter().filter_map(|entry| Some((score(&entry.name, typed)?, entry))).collect();
    scored.sort_by_key(|(score, _)| *score);
    scored.into_iter().map(|(_, entry)| entry).collect()
}

/// `bucket NAME[/KEY]`, `table NAME`, `filter TEXT`, `region NAME`, and the views by their names.
fn with_argument(typed: &str) -> Option<Entry> {
    let entry = |name: String, command| Some(Entry { name, keys: String::new(), command });
    let (word, rest) = typed.split_once(' ').unwrap_or((typed, ""));
    let rest = rest.trim();
    match (word.to_ascii_lowercase().as_str(), rest) {
        (name, "") => {
            let tab = Tab::ALL.into_iter().find(|tab| tab.title().eq_ignore_ascii_case(name))?;
            entry(format!("Show {}", tab.title()), Command::Go(Go::Tab(tab)))
        }
        ("bucket", path) => {
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            let go = Go::Bucket { bucket: bucket.to_owned(), key: key.to_owned() };
            entry(format!("Show bucket {path}"), Command::Go(go))
        }
        ("table", name) => entry(format!("Show table {name}"), Command::Go(Go::Table(name.to_owned()))),
        ("filter", text) => entry(format!("Show calls {text}"), Command::Go(Go::Calls { filter: text.to_owned() })),
        ("region", name) => entry(format!("Look at region {name}"), Command::Region(name.to_owned())),
        _ => None,
    }
}

/// What may be typed beside the names of actions.
pub(super) const HINT: &str = "what to do, or: bucket NAME, table NAME, filter TEXT, region NAME";

/// How well `typed` fits `name`, the less the better; `None` where its letters do not occur in this order.
fn score(name: &str, typed: &str) -> Option<usize> {
    let name = name.to_lowercase();
    let typed = typed.to_lowercase();
    if let Some(at) = name.find(&typed) {
        return Some(at);
    }
    let (mut at, mut gaps) = (0, 0);
    for c in typed.chars().filter(|c| !c.is_whitespace()) {
        let step = name[at..].find(c)?;
        gaps += step;
        at += step + c.len_utf8();
    }
    Some(1000 + gaps)
}

/// Draws the entries at the bottom of `place`, the selected one marked.
pub(super) fn draw(entries: &[Entry], at: usize, place: Rect, frame: &mut Frame<'_>, look: Look) {
    let wanted = u16::try_from(entries.len().min(12) + 2).unwrap_or(14);
    let rows = wanted.min(place.height);
    let area = Rect { y: place.bottom() - rows, height: rows, width: place.width.min(78), ..place };
    Clear.render(area, frame.buffer_mut());
    let pane = Pane { title: "What to do".to_owned(), note: String::new(), front: true };
    let inner = pane.draw_over(area, frame.buffer_mut(), look);
    let top = (at + 1).saturating_sub(usize::from(inner.height));
    let keys = entries.iter().map(|entry| width(&entry.keys)).max().unwrap_or_default();
    for (number, entry) in entries.iter().enumerate().skip(top) {
        let mut pen = Pen::new(look);
        pen.put(Role::Accent, format!(" {} ", pad(&entry.keys, keys, ""))).quote(Role::Plain, &entry.name);
        let here = row(inner, number - top);
        pen.draw(here, frame.buffer_mut());
        if number == at {
            frame.buffer_mut().set_style(here, look.selected(true));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, entries};
    use crate::app::desk::Go;
    use crate::keys::{Action, Scope, Tab};

    #[test]
    fn everything_is_found_by_what_it_is_called() {
        let first = |typed: &str| entries(Scope::Calls, typed, true).into_iter().next().map(|entry| entry.command);
        assert_eq!(first("quit"), Some(Command::Press(Action::Quit)));
        assert_eq!(first("dynamodb"), Some(Command::Go(Go::Tab(Tab::DynamoDb))));
        assert_eq!(first("table Shop"), Some(Command::Go(Go::Table("Shop".into()))));
        assert_eq!(
            first("bucket media/a/b"),
            Some(Command::Go(Go::Bucket { bucket: "media".into(), key: "a/b".into() }))
        );
        assert_eq!(first("zzzz"), None);
    }
}
