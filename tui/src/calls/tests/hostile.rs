//! What strangers call things does no harm, and no size is too small.

use proptest::prelude::*;
use serde_json::json;

use super::make::{Make, rows};
use super::recorded;
use crate::app::Event;
use crate::ask::{Answer, Ask};
use crate::look::{Look, Theme};
use crate::source::Update;
use crate::testing::{LOOKS, Stage};

fn evil() -> Make {
    Make::tool("s3_\u{1b}]52;c;ZXZpbA==\u{7}")
        .on("s3://b/\u{202e}gpj.exe\u{200b}")
        .by("\u{9b}2J \r\n")
        .asked(json!({ "\u{1b}c": "\u{1b}[31m", "key": "\u{202e}", "body": "\u{1b}[2J" }))
        .failed("\u{1b}[5m", "a\u{8}b", 1.0)
        .came(json!({ "\u{7}": ["\u{9b}m", "\u{200b}"] }))
        .made("\u{1b}s3", "Get\u{1b}Object", 0.5)
}

#[test]
fn names_from_strangers_do_not_reach_the_terminal_as_they_are() {
    for (columns, height) in [(80, 24), (130, 40), (200, 60)] {
        for (_, look) in LOOKS {
            let mut stage = Stage::new(look, (columns, height), |ask| match ask {
                Ask::Call(_) => Some(Ok(Answer::Call(Some(Box::new(evil().call(1)))))),
                _ => None,
            });
            stage.event(Event::Updates(vec![Update::Calls(rows([evil(), Make::tool("s3_get_object").took(1.0)]))]));
            for keys in ["k", "tab", "tab", "enter", "tab", "tab", "tab", "esc", "y", "esc", "O", "1", "x", "esc", "r"]
            {
                stage.press(keys);
                stage.wait(100);
                let text = stage.text();
                let harmful = |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{200b}".contains(c));
                assert!(!text.contains(harmful), "{keys}: {text:?}");
            }
        }
    }
}

#[test]
fn no_size_is_too_small() {
    let keys =
        "k space / 'a enter esc ? G ? tab j k tab o enter tab tab tab w enter z G g J K esc e G y esc / '>x enter";
    for columns in [1, 2, 5, 11, 23, 42, 80, 121, 142, 250] {
        for height in (1..=11).chain([31]) {
            let mut stage = recorded::stage(Look { theme: Theme::Dark, ascii: false }, (columns, height));
            for key in keys.split(' ') {
                stage.press(key);
                stage.text();
            }
            stage.event(Event::Resize(columns / 2 + 1, height / 2 + 1));
            stage.text();
        }
    }
}

const KEYS: [&str; 40] = [
    "j",
    "k",
    "up",
    "down",
    "pageup",
    "pagedown",
    "g",
    "G",
    "home",
    "end",
    "enter",
    "esc",
    "tab",
    "backtab",
    "space",
    "/",
    "e",
    "o",
    "y",
    "x",
    "r",
    "O",
    "J",
    "K",
    "n",
    "N",
    "w",
    "z",
    "]",
    "[",
    "?",
    ":",
    "1",
    "left",
    "right",
    "h",
    "l",
    "'s3",
    "'status:err",
    "ctrl-l",
];

#[derive(Debug, Clone)]
enum Step {
    Press(usize),
    Batch(Vec<(u8, u8, bool)>),
    Click(u16, u16),
    Wheel(u16, u16, bool),
    Resize(u16, u16),
    Wait(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..KEYS.len()).prop_map(Step::Press),
        2 => prop::collection::vec((0..40_u8, 0..60_u8, any::<bool>()), 1..8).prop_map(Step::Batch),
        1 => (0..200_u16, 0..60_u16).prop_map(|(x, y)| Step::Click(x, y)),
        1 => (0..200_u16, 0..60_u16, any::<bool>()).prop_map(|(x, y, onwards)| Step::Wheel(x, y, onwards)),
        1 => (1..220_u16, 1..70_u16).prop_map(|(x, y)| Step::Resize(x, y)),
        1 => (0..2000_u16).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_pressed_and_comes_it_goes_on(steps in prop::collection::vec(step(), 1..60), slow in any::<bool>()) {
        let mut names = crate::row::Names::default();
        let answers = move |ask: &Ask| match ask {
            Ask::Call(_) if !slow => Some(Ok(Answer::Call(Some(Box::new(evil().call(1)))))),
            _ => None,
        };
        let mut stage = Stage::new(LOOKS[0].1, (80, 24), answers);
        for step in steps {
            match step {
                Step::Press(at) => stage.press(KEYS[at]),
                Step::Batch(calls) => {
                    let row = |(number, at, ended): (u8, u8, bool)| {
                        let make = Make::tool("s3_get_object").on("s3://b/k").at(u64::from(at));
                        let make = if ended { make.took(2.0) } else { make };
                        make.row(u128::from(number) + 1, &mut names)
                    };
                    let rows = calls.into_iter().map(row).collect();
                    stage.event(Event::Updates(vec![Update::Calls(rows)]));
                }
                Step::Click(x, y) => stage.click(x, y),
                Step::Wheel(x, y, onwards) => stage.wheel(x, y, onwards),
                Step::Resize(x, y) => stage.event(Event::Resize(x, y)),
                Step::Wait(millis) => stage.wait(u64::from(millis)),
            }
            stage.text();
        }
    }
}
