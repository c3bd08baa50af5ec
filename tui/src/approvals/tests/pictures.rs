//! How it looks.

use super::make::{all, read, request, stage, tell};
use crate::testing::{LOOKS, SIZES, Stage};

fn each(name: &str, play: impl Fn(&mut Stage)) {
    for (number, size) in [(0, SIZES[0]), (0, SIZES[1]), (0, SIZES[2]), (1, SIZES[0]), (2, SIZES[0])] {
        let (word, look) = LOOKS[number];
        let mut stage = stage(look, size, all());
        stage.press("4");
        read(&mut stage);
        play(&mut stage);
        let picture = stage.picture(number == 0);
        insta::assert_snapshot!(format!("{name}_{}x{}_{word}", size.0, size.1), picture);
        assert!(word != "ascii" || picture.is_ascii(), "{picture}");
    }
}

#[test]
fn the_list_and_the_selected_request() {
    each("list", |_| {});
}

#[test]
fn an_open_request() {
    each("open", |stage| stage.press("enter"));
}

#[test]
fn what_was_answered_is_said() {
    each("answered", |stage| stage.press("g j enter"));
}

#[test]
fn nothing_waits() {
    for (word, look) in LOOKS {
        let mut stage = stage(look, SIZES[0], Vec::new());
        stage.press("4");
        insta::assert_snapshot!(format!("nothing_{word}"), stage.picture(false));
    }
}

#[test]
fn that_something_waits_is_said_in_every_view_and_at_any_size() {
    let mut stage = stage(LOOKS[0].1, SIZES[0], vec![request(1)]);
    for key in ["1", "2", "3", "5", "?"] {
        stage.press(key);
        assert!(stage.text().contains("4 Approvals (1)"), "{key}\n{}", stage.text());
    }
    stage.press("esc 1");
    tell(&mut stage, vec![request(1), request(2)]);
    for size in [(80, 24), (56, 20), (40, 12), (30, 9), (20, 8), (30, 6), (14, 3)] {
        stage.event(crate::app::Event::Resize(size.0, size.1));
        let text = stage.text();
        assert!(text.lines().take(2).any(|line| line.contains("(2)")), "{size:?}\n{text}");
        assert!(text.contains("LOC"), "{size:?}\n{text}");
    }
}
