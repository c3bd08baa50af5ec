//! Whatever keys are pressed and whatever comes and goes, nothing panics, an answer goes to exactly the request that was on
//! the screen for long enough, and the selection moves by a person's hand alone.

use proptest::prelude::*;

use super::make::{request, yes};
use crate::app::Event;
use crate::approvals::KEYS;
use crate::ask::{Answer, Ask, Trouble};
use crate::request::{Request, Standing};
use crate::source::Update;
use crate::testing::{LOOKS, Stage};

#[derive(Debug, Clone)]
enum Step {
    Press(&'static str),
    /// Requests: which, and how each stands.
    Tell(Vec<(u8, u8)>),
    Answer(bool),
    Wait(u64),
    Draw,
    Resize(u16, u16),
    Click(u16, u16),
    Wheel(u16, u16, bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let mut keys: Vec<&'static str> = KEYS.iter().flat_map(|binding| binding.keys).copied().collect();
    keys.extend([
        "a", "a", "s", "d", "d", "enter", "j", "k", "j", "G", "g", "pagedown", "esc", "'no", "'-r", "1", "4", "4", "?",
        ":",
    ]);
    let size = prop_oneof![3 => (60_u16..220, 16_u16..60), 1 => (1_u16..220, 1_u16..60)];
    let step = prop_oneof![
        8 => prop::sample::select(keys).prop_map(Step::Press),
        3 => prop::collection::vec((0_u8..40, 0_u8..12), 0..30).prop_map(Step::Tell),
        2 => any::<bool>().prop_map(Step::Answer),
        4 => (0_u64..900).prop_map(Step::Wait),
        6 => Just(Step::Draw),
        1 => size.prop_map(|(columns, rows)| Step::Resize(columns, rows)),
        1 => (0_u16..200, 0_u16..60).prop_map(|(column, row)| Step::Click(column, row)),
        1 => (0_u16..200, 0_u16..60, any::<bool>()).prop_map(|(column, row, on)| Step::Wheel(column, row, on)),
    ];
    prop::collection::vec(step, 1..150)
}

fn standing(number: u8) -> Standing {
    match number {
        0 => Standing::Abandoned,
        1 => Standing::Expired,
        2 => Standing::Allowed(yes(false)),
        3 => Standing::Denied { by: "ada".into(), why: String::new(), at: 0 },
        _ => Standing::Waiting,
    }
}

/// Whose request is on the screen, by its pane's title, where that has room for it.
fn on_screen(stage: &mut Stage) -> Option<String> {
    let text = stage.text();
    let title = text.lines().find_map(|line| line.split("dynamodb_put_items on prod ").nth(1))?;
    let id = title.split_whitespace().find(|word| word.starts_with("r-"))?;
    Some(id.to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_goes_to_what_was_on_the_screen_and_to_nothing_else(steps in steps(), wide in any::<bool>()) {
        let size = if wide { (160, 40) } else { (80, 24) };
        let mut stage = Stage::new(LOOKS[1].1, size, |_| None);
        stage.press("4");
        // What the last picture showed, and since when pictures have shown nothing else.
        let mut shown: Option<(String, u64)> = None;
        for step in steps {
            let asked = stage.asked.len();
            let selected = stage.app.approvals().selected_name();
            let (mut by_hand, mut drawn) = (true, false);
            match step {
                Step::Press(key) => stage.press(key),
                Step::Tell(which) => {
                    by_hand = false;
                    let mut seen = std::collections::BTreeSet::new();
                    let requests: Vec<Request> = which
                        .into_iter()
                        .filter(|(number, _)| seen.insert(*number))
                        .map(|(number, how)| Request { standing: standing(how), ..request(u64::from(number)) })
                        .collect();
                    stage.event(Event::Updates(vec![Update::Requests(requests)]));
                }
                Step::Answer(well) => {
                    by_hand = false;
                    if stage.open.is_empty() {
                        continue;
                    }
                    let (ticket, _) = stage.open.remove(0);
                    let trouble = Trouble { code: "io".into(), message: "no".into() };
                    stage.event(Event::Answer(ticket, if well { Ok(Answer::Done(String::new())) } else { Err(trouble) }));
                }
                Step::Wait(millis) => {
                    by_hand = false;
                    stage.wait(millis);
                }
                Step::Draw => drawn = true,
                Step::Resize(columns, rows) => stage.event(Event::Resize(columns, rows)),
                Step::Click(column, row) => stage.click(column, row),
                Step::Wheel(column, row, onwards) => stage.wheel(column, row, onwards),
            }
            if !by_hand && selected.is_some() {
                prop_assert_eq!(stage.app.approvals().selected_name(), selected);
            }
            for ask in &stage.asked[asked..] {
                let Ask::Decide { request, .. } = ask else { continue };
                let (name, since) = shown.clone().expect("nothing was on the screen");
                prop_assert_eq!(&request.id, &name);
                prop_assert!(stage.now - since >= 300, "after {} ms", stage.now - since);
            }
            if drawn {
                let now = on_screen(&mut stage);
                shown = match (shown, now) {
                    (Some((before, since)), Some(now)) if before == now => Some((before, since)),
                    (_, Some(now)) => Some((now, stage.now)),
                    // Help, a menu or another view stands over it: what was seen before is what counts.
                    (before, None) => before,
                };
            }
        }
        stage.drawn();
    }
}
