//! The frame: tabs, palette, help, notices, the mouse, any size.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::{Effect, Event};
use crate::ask::{Answer, Ask, Page, Trouble};
use crate::look::{Look, Theme};
use crate::source::{Facts, Hint, Mode, Update};
use crate::testing::{NOW, Stage, local};

const LOOK: Look = Look { theme: Theme::Dark, ascii: false };

fn empty(ask: &Ask) -> Option<Result<Answer, Trouble>> {
    Some(Ok(match ask {
        Ask::Sessions => Answer::Sessions(Box::default()),
        Ask::Tables { .. } => Answer::Tables(Page { rows: Vec::new(), next: None }),
        Ask::Buckets { .. } => Answer::Buckets(Page { rows: Vec::new(), next: None }),
        _ => return None,
    }))
}

fn stage(size: (u16, u16)) -> Stage {
    Stage::new(LOOK, size, empty)
}

fn has(stage: &mut Stage, part: &str) {
    assert!(stage.text().contains(part), "no {part}\n{}", stage.text());
}

/// The last row.
fn footer(stage: &mut Stage) -> String {
    stage.text().lines().last().unwrap_or_default().to_owned()
}

#[test]
fn numbers_show_the_views_and_each_comes_back_as_it_was_left() {
    let mut stage = stage((80, 24));
    for (key, title) in [("2", "S3"), ("3", "DynamoDB"), ("4", "Approvals"), ("5", "Processes"), ("1", "Calls ─")] {
        stage.press(key);
        has(&mut stage, title);
    }
    let asked = stage.asked.iter().filter(|ask| matches!(ask, Ask::Sessions)).count();
    assert_eq!(asked, 1);
}

#[test]
fn the_palette_does_what_is_named_in_it() {
    let mut stage = stage((80, 24));
    stage.press(": 'sessions");
    has(&mut stage, "What to do");
    stage.press("enter");
    has(&mut stage, "Processes");
    stage.press(": 'filter ' 'service:s3 enter");
    has(&mut stage, " Calls ");
    stage.press(": down up 'zzzz enter");
    assert!(footer(&mut stage).contains("Nothing here is called so"));
    stage.press(": 'table ' 'Orders");
    has(&mut stage, "Show table Orders");
    stage.press("esc");
    assert!(!stage.text().contains("What to do"));
    stage.press(": 'quit enter");
    assert!(stage.quit);
}

#[test]
fn another_region_is_asked_for_and_said_once_it_is_looked_at() {
    let mut stage = stage((80, 24));
    stage.press("5 : 'region ' 'eu-west-1 enter");
    assert!(stage.asked.contains(&Ask::Region("eu-west-1".into())));
    assert!(footer(&mut stage).contains("Looking at eu-west-1"));
    let top = |stage: &mut Stage| stage.text().lines().next().unwrap_or_default().to_owned();
    assert!(top(&mut stage).contains("us-east-1"), "not before it is so");
    stage.answer(|ask| matches!(ask, Ask::Region(_)), Ok(Answer::Done(String::new())));
    assert!(top(&mut stage).contains("eu-west-1"));
    // The source goes on saying where the process's own calls go.
    stage.event(Event::Updates(vec![Update::Facts(local())]));
    assert!(top(&mut stage).contains("eu-west-1"));
    stage.press(": 'region ' 'here enter");
    let trouble = Trouble { code: "invalid_request".into(), message: "here is no region".into() };
    stage.answer(|ask| matches!(ask, Ask::Region(_)), Err(trouble));
    assert!(top(&mut stage).contains("eu-west-1"));
}

#[test]
fn help_is_of_the_same_tables_and_scrolls_to_its_end() {
    let mut stage = stage((80, 24));
    stage.press("?");
    has(&mut stage, "Keys ─");
    has(&mut stage, "Filter as you type");
    let first = stage.text();
    stage.press("pagedown");
    assert_ne!(stage.text(), first);
    stage.press("G");
    has(&mut stage, "abandoned");
    let last = stage.text();
    stage.press("j");
    assert_eq!(stage.text(), last, "no further than it goes");
    stage.wheel(10, 10, false);
    assert_ne!(stage.text(), last);
    stage.press("g");
    assert_eq!(stage.text(), first);
    stage.press("x");
    assert!(footer(&mut stage).contains("x does nothing here"));
    stage.press("?");
    assert!(!stage.text().contains("Keys ─"));
}

#[test]
fn a_key_that_does_nothing_says_so_until_the_next_key() {
    let mut stage = stage((80, 24));
    for (keys, shown) in [("Z", "Z"), ("] x", "]x"), ("backspace", "Backspace"), ("ctrl-g", "Ctrl-G")] {
        stage.press(keys);
        let wanted = format!("{shown} does nothing here; ? shows the keys");
        assert!(footer(&mut stage).contains(&wanted), "{}", footer(&mut stage));
    }
    stage.press("4");
    assert!(footer(&mut stage).contains("quit"));
}

#[test]
fn the_first_of_two_keys_is_shown_while_it_waits() {
    let mut stage = stage((80, 24));
    stage.press("]");
    assert!(footer(&mut stage).ends_with(']'));
    stage.press("esc");
    assert!(footer(&mut stage).contains("]Esc does nothing here"));
}

#[test]
fn a_notice_stays_until_the_next_key_or_the_next_notice() {
    let mut stage = stage((80, 24));
    let notice = |stage: &mut Stage, text: &str| stage.event(Event::Updates(vec![Update::Notice(text.into())]));
    notice(&mut stage, "the disk\u{1b}[2J is full");
    assert_eq!(footer(&mut stage), "the disk\\u{1b}[2J is full");
    stage.wait(60_000);
    assert!(footer(&mut stage).contains("the disk"));
    notice(&mut stage, "the disk has room again");
    assert!(footer(&mut stage).contains("room again"));
    stage.press("5");
    assert!(!footer(&mut stage).contains("room again"));
}

#[test]
fn tabs_and_the_footers_keys_can_be_clicked() {
    let mut stage = stage((80, 24));
    let row = stage.text().lines().nth(1).unwrap().to_owned();
    let column = |row: &str, word: &str| u16::try_from(row.find(word).unwrap()).unwrap();
    stage.click(column(&row, "Sessions"), 1);
    has(&mut stage, "Processes");
    stage.click(column(&row, "Calls"), 1);
    has(&mut stage, "Calls ─");
    let keys = footer(&mut stage);
    stage.click(column(&keys, "help"), 23);
    has(&mut stage, "Keys ─");
    stage.click(column(&row, "Approvals"), 1);
    assert!(!stage.text().contains("Keys ─"));
    let keys = footer(&mut stage);
    stage.click(column(&keys, "quit"), 23);
    assert!(stage.quit);
}

#[test]
fn any_size_down_to_ten_by_three_shows_what_side_one_is_on() {
    let sides = [
        (local(), "LOCAL"),
        (Facts { target: footbridge_record::Target::Aws { account: None, region: None }, ..local() }, "AWS"),
        (
            Facts {
                target: footbridge_record::Target::Custom { url: "http://x".into(), region: None },
                mode: Mode::ReadOnly,
                ..local()
            },
            "CUSTOM",
        ),
    ];
    for (facts, word) in sides {
        let mut stage = stage((80, 24));
        stage.event(Event::Updates(vec![Update::Facts(facts)]));
        for (columns, rows) in [(200, 60), (40, 12), (20, 8), (12, 5), (10, 3)] {
            stage.event(Event::Resize(columns, rows));
            for keys in ["1", "2", "3", "4", "5", "?", "?", ":", "esc"] {
                stage.press(keys);
                let first = stage.text().lines().next().unwrap_or_default().to_owned();
                assert!(
                    first.contains(&word[..word.len().min(usize::from(columns) - 2)]),
                    "{columns}x{rows}: {first:?}"
                );
            }
        }
    }
}

#[test]
fn repeats_and_releases_of_keys_do_nothing() {
    let mut stage = stage((80, 24));
    for kind in [KeyEventKind::Release, KeyEventKind::Repeat] {
        let key = KeyEvent { kind, ..KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE) };
        assert_eq!(stage.app.update(Event::Key(key), NOW), []);
    }
    assert!(
        stage
            .app
            .update(Event::Key(KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE)), NOW)
            .contains(&Effect::Quit)
    );
}

#[test]
fn what_is_pasted_is_typed_into_a_line_and_otherwise_nothing() {
    let mut stage = stage((80, 24));
    assert_eq!(stage.app.update(Event::Paste("q".into()), NOW), []);
    stage.press("/");
    stage.event(Event::Paste("a\nb\u{1b}".into()));
    assert!(footer(&mut stage).starts_with("/a b"), "{}", footer(&mut stage));
    // What ends everything ends it also while a line is typed.
    stage.press("ctrl-c");
    assert!(stage.quit);
}

#[test]
fn what_a_terminal_would_obey_is_an_escape_in_the_clipboard_and_the_notice_says_so() {
    let mut stage = stage((120, 36));
    let hints = vec![Hint { title: String::new(), paste: "a\u{1b}[201~\nrm\r".into() }];
    stage.event(Event::Updates(vec![Update::Facts(Facts { hints, ..local() })]));
    stage.press("y");
    assert_eq!(stage.copied, ["a\\u{1b}[201~\nrm\\r"]);
    assert!(
        stage.app.notice().unwrap().starts_with("Control characters are written as escapes."),
        "{:?}",
        stage.app.notice()
    );
}
