//! The filter's line while it is typed: the usual keys of editing, in force with each of them.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::update::{set_filter, settle};
use super::{Effect, Input, State};
use crate::filter::Filter;

/// Types a pasted text.
pub(super) fn paste(state: &mut State, text: &str) -> Effect {
    // Elsewhere a pasted text would be pressed as keys.
    let Some(input) = &mut state.input else { return Effect::Nothing };
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    input.text.insert_str(input.at, &line);
    input.at += line.len();
    apply_filter(state);
    Effect::Draw
}

/// Takes a key while a filter is typed.
pub(super) fn press(state: &mut State, pressed: &KeyEvent) -> Effect {
    let Some(input) = &mut state.input else { return Effect::Nothing };
    let before = |input: &Input| input.text[..input.at].chars().next_back().map_or(0, char::len_utf8);
    let plain = !pressed.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    match pressed.code {
        KeyCode::Enter => {
            // A filter that makes no sense is not kept; the one in force is.
            state.input = None;
        }
        KeyCode::Esc => {
            let text = std::mem::take(&mut input.before);
            state.input = None;
            set_filter(state, &text);
        }
        KeyCode::Left => input.at -= before(input),
        KeyCode::Right => input.at += input.text[input.at..].chars().next().map_or(0, char::len_utf8),
        KeyCode::Home => input.at = 0,
        KeyCode::End => input.at = input.text.len(),
        KeyCode::Backspace => {
            let length = before(input);
            input.at -= length;
            input.text.drain(input.at..input.at + length);
            apply_filter(state);
        }
        KeyCode::Delete => {
            let length = input.text[input.at..].chars().next().map_or(0, char::len_utf8);
            input.text.drain(input.at..input.at + length);
            apply_filter(state);
        }
        KeyCode::Char('u') if !plain => {
            input.text.drain(..input.at);
            input.at = 0;
            apply_filter(state);
        }
        KeyCode::Char('w') if !plain => {
            let head = input.text[..input.at].trim_end();
            let keep = head.rfind(' ').map_or(0, |at| at + 1);
            input.text.drain(keep..input.at);
            input.at = keep;
            apply_filter(state);
        }
        KeyCode::Char(c) if plain => {
            input.text.insert(input.at, c);
            input.at += c.len_utf8();
            apply_filter(state);
        }
        _ => {}
    }
    settle(state);
    Effect::Draw
}

/// Puts the typed filter in force, or says why it is not.
fn apply_filter(state: &mut State) {
    let Some(input) = &mut state.input else { return };
    match Filter::parse(&input.text) {
        Ok(_) => {
            input.error = None;
            let text = input.text.clone();
            set_filter(state, &text);
        }
        Err(error) => input.error = Some(error),
    }
}
