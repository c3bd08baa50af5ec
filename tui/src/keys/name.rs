//! What keys are called, in the tables and to people.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key's name: `k`, `G`, `ctrl-c`, `pageup`; `None` for one that nothing can be bound to.
#[must_use]
pub fn name(key: &KeyEvent) -> Option<String> {
    let base = match key.code {
        KeyCode::Char(' ') => "space".to_owned(),
        KeyCode::Char(c) => c.to_string(),
        KeyCode::Enter => "enter".to_owned(),
        KeyCode::Esc => "esc".to_owned(),
        KeyCode::Tab => "tab".to_owned(),
        KeyCode::BackTab => return Some("backtab".to_owned()),
        KeyCode::Backspace => "backspace".to_owned(),
        KeyCode::Delete => "delete".to_owned(),
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
    use super::{name, shown};
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

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
