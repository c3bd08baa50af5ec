//! Whatever keys are pressed, and whenever answers come, nothing panics and the selection stays among the rows, as the view
//! itself asserts after each turn.

use proptest::prelude::*;

use super::super::KEYS;
use super::data::{answer, trouble};
use crate::app::Event;
use crate::ask::{Answer, Page};
use crate::testing::{LOOKS, Stage};

/// What happens next.
#[derive(Debug, Clone)]
enum Step {
    Press(&'static str),
    /// The question that was asked longest ago, or the newest, is answered: well, badly, or with what does not belong to it.
    Answer {
        newest: bool,
        how: u8,
    },
    Wait(u64),
    Draw,
    Resize(u16, u16),
    Click(u16, u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let mut keys: Vec<&'static str> = KEYS.iter().flat_map(|binding| binding.keys).copied().collect();
    keys.extend([
        "j", "k", "G", "g", "pagedown", "pageup", "'*e", "'ob", "enter", "enter", "esc", "y", "right", "2", "2",
    ]);
    let step = prop_oneof![
        8 => prop::sample::select(keys).prop_map(Step::Press),
        4 => (any::<bool>(), 0_u8..8).prop_map(|(newest, how)| Step::Answer { newest, how }),
        1 => (0_u64..600).prop_map(Step::Wait),
        3 => Just(Step::Draw),
        1 => (1_u16..220, 1_u16..60).prop_map(|(columns, rows)| Step::Resize(columns, rows)),
        1 => (0_u16..200, 0_u16..60).prop_map(|(column, row)| Step::Click(column, row)),
    ];
    prop::collection::vec(step, 1..120)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_keys_and_answers_in_any_order(steps in steps(), wide in any::<bool>()) {
        let size = if wide { (160, 40) } else { (80, 24) };
        let mut stage = Stage::new(LOOKS[1].1, size, |_| None);
        stage.press("2");
        for step in steps {
            match step {
                Step::Press(key) => stage.press(key),
                Step::Answer { newest, how } => {
                    let Some(at) = (if newest { stage.open.len().checked_sub(1) } else { Some(0) }) else { continue };
                    if at >= stage.open.len() {
                        continue;
                    }
                    let (ticket, ask) = stage.open.remove(at);
                    let answer = match how {
                        0 => Err(trouble("InternalError", "We encountered an internal error.")),
                        1 => Ok(Answer::Text("does not belong here".into())),
                        2 => Ok(Answer::Objects(Page { rows: Vec::new(), next: Some("1000".into()) })),
                        _ => answer(&ask).unwrap_or_else(|| Err(trouble("Unknown", "nobody knows"))),
                    };
                    stage.event(Event::Answer(ticket, answer));
                }
                Step::Wait(millis) => stage.wait(millis),
                Step::Draw => { stage.drawn(); }
                Step::Resize(columns, rows) => stage.event(Event::Resize(columns, rows)),
                Step::Click(column, row) => stage.click(column, row),
            }
        }
        stage.drawn();
    }
}
