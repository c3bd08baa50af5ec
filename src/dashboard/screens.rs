//! What a recorded journal looks like on the dashboard.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use footbridge_tui::model::Target;
use footbridge_tui::state::{Event, State, update};
use footbridge_tui::{Facts, Hint, Look, Source as _, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use super::{Journals, Watched};
use crate::clock::ManualClock;
use crate::journal::DIRECTORY;

const COLOUR: Look = Look { colour: true, ascii: false };

/// 2.5 seconds after the last call of the recording began.
const NOW: u64 = 1_795_341_604_500;

fn facts(target: Target) -> Facts {
    let hint = |title: &str, paste: &str| Hint { title: title.into(), paste: paste.into() };
    Facts {
        target,
        endpoint: Some("http://127.0.0.1:4566".into()),
        watched: "/home/ada/.local/share/footbridge".into(),
        hints: vec![
            hint("Give the tools to a coding agent:", "claude mcp add footbridge -- footbridge mcp"),
            hint("Watch an example, in another shell:", "footbridge demo"),
        ],
    }
}

fn local() -> Target {
    Target::Local { account: Some("000000000000".into()), region: Some("us-east-1".into()) }
}

/// A dashboard over the recorded journal, or over none.
fn dashboard(look: Look, size: (u16, u16), target: Target, recording: Option<&str>) -> State {
    let dir = tempfile::tempdir().unwrap();
    if let Some(lines) = recording {
        let journal = dir.path().join("stores/footbridge-demo").join(DIRECTORY);
        std::fs::create_dir_all(&journal).unwrap();
        // The name of a process that no system has: whether it lives is not asked within the first second.
        std::fs::write(journal.join("1795341600000-4242-0.ndjson"), lines).unwrap();
    }
    let watched = Watched {
        journal: dir.path().join(DIRECTORY),
        stores: Some(dir.path().join("stores")),
        facts: Box::new(move || facts(target.clone())),
    };
    let mut journals = Journals::new(watched, Arc::new(ManualClock::at_millis(NOW)));
    let mut state = State::new(look, size, NOW, 3600);
    update(&mut state, Event::Updates(journals.news().unwrap().updates), NOW);
    state
}

fn recorded(look: Look, size: (u16, u16)) -> State {
    dashboard(look, size, local(), Some(include_str!("../../fixtures/journal/demo.ndjson")))
}

fn press(state: &mut State, keys: &[KeyCode]) {
    for code in keys {
        update(state, Event::Key(KeyEvent::new(*code, KeyModifiers::NONE)), NOW);
    }
}

fn typed(text: &str) -> Vec<KeyCode> {
    text.chars().map(KeyCode::Char).collect()
}

fn drawn(state: &State) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(state.size.0, state.size.1)).unwrap();
    terminal.draw(|frame| view::draw(state, frame)).unwrap();
    terminal.backend().buffer().clone()
}

/// The text of each row, and below it how each cell looks, by a letter; blank where it is plain.
fn picture(state: &State, styles: bool) -> String {
    let buffer = drawn(state);
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let row = |cell: &dyn Fn(u16) -> String| {
            (0..buffer.area.width).map(cell).collect::<String>().trim_end().to_owned() + "\n"
        };
        out += &row(&|x| buffer[(x, y)].symbol().to_owned());
        if styles {
            out += &row(&|x| {
                let cell = &buffer[(x, y)];
                letter(cell.fg, cell.bg, cell.modifier).to_string()
            });
        }
    }
    out
}

fn letter(foreground: Color, background: Color, modifier: Modifier) -> char {
    let is = |wanted| modifier.contains(wanted);
    match (foreground, background) {
        (_, Color::Red) => 'A',
        (_, Color::Green) => 'L',
        (_, Color::Yellow) => 'C',
        _ if is(Modifier::REVERSED) => '#',
        (Color::Red, _) => 'r',
        (Color::Green, _) => 'g',
        (Color::Yellow, _) => 'y',
        (Color::Cyan, _) => 'c',
        (Color::Magenta, _) => 'm',
        (Color::DarkGray, _) => '-',
        _ if is(Modifier::BOLD) => 'b',
        _ if is(Modifier::DIM) => '-',
        _ if is(Modifier::UNDERLINED) => 'u',
        _ => ' ',
    }
}

#[test]
fn calls_at_80_columns() {
    insta::assert_snapshot!(picture(&recorded(COLOUR, (80, 24)), true));
}

#[test]
fn calls_at_140_columns() {
    insta::assert_snapshot!(picture(&recorded(COLOUR, (140, 40)), false));
}

#[test]
fn calls_without_colour() {
    let state = recorded(Look { colour: false, ascii: false }, (80, 24));
    let coloured = |cell: &ratatui::buffer::Cell| cell.fg != Color::Reset || cell.bg != Color::Reset;
    assert!(!drawn(&state).content.iter().any(coloured));
    insta::assert_snapshot!(picture(&state, true));
}

#[test]
fn calls_in_ascii() {
    let mut state = recorded(Look { colour: true, ascii: true }, (80, 24));
    let shown = picture(&state, false);
    assert!(shown.is_ascii(), "{shown}");
    insta::assert_snapshot!(shown);
    press(&mut state, &typed("?"));
    assert!(picture(&state, false).is_ascii());
}

#[test]
fn calls_at_40_columns() {
    insta::assert_snapshot!(picture(&recorded(COLOUR, (40, 12)), false));
}

#[test]
fn a_filter_as_it_is_typed() {
    let mut state = recorded(COLOUR, (80, 24));
    press(&mut state, &typed("/service:dynamodb status:err >1ms"));
    insta::assert_snapshot!(picture(&state, false));
}

#[test]
fn a_call_on_aws_that_went_wrong() {
    let mut state = recorded(COLOUR, (80, 24));
    press(&mut state, &[KeyCode::Up, KeyCode::Enter]);
    insta::assert_snapshot!("aws_response", picture(&state, true));
    press(&mut state, &[KeyCode::Tab]);
    insta::assert_snapshot!("aws_calls", picture(&state, false));
    press(&mut state, &[KeyCode::Tab]);
    insta::assert_snapshot!("aws_timing", picture(&state, false));
}

#[test]
fn a_request_with_folded_json() {
    let mut state = recorded(COLOUR, (80, 24));
    press(&mut state, &typed("/tool:put_items table:Shop"));
    press(&mut state, &[KeyCode::Enter, KeyCode::Enter]);
    insta::assert_snapshot!("request_folded", picture(&state, true));
    press(&mut state, &typed("Gkkz"));
    insta::assert_snapshot!("request_unfolded", picture(&state, false));
}

#[test]
fn the_latency_of_each_tool() {
    let mut state = recorded(COLOUR, (80, 24));
    press(&mut state, &[KeyCode::Tab]);
    insta::assert_snapshot!(picture(&state, false));
}

#[test]
fn the_help_page() {
    let mut state = recorded(COLOUR, (80, 48));
    press(&mut state, &typed("?"));
    insta::assert_snapshot!(picture(&state, false));
}

#[test]
fn no_calls_yet() {
    insta::assert_snapshot!(picture(&dashboard(COLOUR, (80, 24), local(), None), false));
}

#[test]
fn the_banner_never_leaves_a_doubt() {
    let aws =
        |account: Option<&str>| Target::Aws { account: account.map(Into::into), region: Some("eu-west-1".into()) };
    let custom = Target::Custom { url: "https://aws.example.test:8443".into(), region: Some("us-east-1".into()) };
    let mut all = String::new();
    for target in [local(), aws(Some("123456789012")), aws(None), custom] {
        for columns in [80, 30] {
            let state = dashboard(COLOUR, (columns, 24), target.clone(), None);
            all += &picture(&state, true).lines().take(2).map(|line| line.to_owned() + "\n").collect::<String>();
        }
    }
    insta::assert_snapshot!(all);
}
