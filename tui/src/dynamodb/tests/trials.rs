//! Sources that are slow, fail, have a million rows or mean harm; and whatever is pressed and answered in any order.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::fake::{COLOUR, facts, orders_open, shop, trouble};
use crate::app::Event;
use crate::ask::{Answer, Ask, ItemPage, Page, StreamRecord};
use crate::dynamodb::{KEYS, items};
use crate::look::{Look, Theme};
use crate::source::{Facts, Mode, Update};
use crate::testing::{NOW, Stage, local};

const ASCII: Look = Look { theme: Theme::Sixteen, ascii: true };

/// A table of a million items, made as they are asked for.
fn million(page: &Rc<Cell<u64>>) -> impl FnMut(&Ask) -> Option<Result<Answer, crate::ask::Trouble>> + 'static {
    let page = Rc::clone(page);
    move |ask| {
        Some(Ok(match ask {
            Ask::Tables { .. } => Answer::Tables(Page { rows: vec!["events".into()], next: None }),
            Ask::Table(name) => Answer::Table(Box::new(facts(name, 1_000_000))),
            Ask::Items(read) => {
                page.set(page.get() + 1);
                let from: u64 = read.after.as_ref().map_or(0, |after| after.parse().unwrap());
                let to = from + u64::from(read.limit);
                let items = (from..to).map(|n| json!({"pk": format!("e{n:07}"), "n": n})).collect();
                let next = (to < 1_000_000).then(|| to.to_string());
                Answer::Items(ItemPage { items, next, scanned: to - from, capacity: 1.0 })
            }
            other => panic!("{other:?}"),
        }))
    }
}

fn aws() -> Facts {
    let target =
        footbridge_record::Target::Aws { account: Some("123456789012".into()), region: Some("eu-west-1".into()) };
    Facts { target, endpoint: None, ..local() }
}

#[test]
fn a_table_of_a_million_items_opens_by_one_page_and_goes_on_as_one_comes_to_its_end() {
    let pages = Rc::new(Cell::new(0));
    let mut stage = Stage::new(COLOUR, (80, 24), million(&pages));
    stage.press("3 enter");
    assert_eq!(pages.get(), 1);
    assert!(stage.text().contains("100 items · 1 RCU"), "{}", stage.text());
    stage.press("pagedown pagedown pagedown pagedown");
    assert_eq!(pages.get(), 1);
    stage.press("pagedown");
    assert_eq!(pages.get(), 2);
    assert!(stage.text().contains("200 items · 2 RCU"), "{}", stage.text());
    // However long one goes on, only so many are held, and that is said.
    for _ in 0..210 {
        stage.press("G");
    }
    let text = stage.text();
    assert!(text.contains("let go, r begins anew") && text.contains("21,"), "{text}");
    assert!(pages.get() > u64::try_from(items::MOST / 100).unwrap());
    stage.press("r g");
    assert!(stage.text().contains("e0000000"));
}

#[test]
fn on_aws_each_page_waits_for_a_key_and_only_the_selected_table_is_described() {
    let pages = Rc::new(Cell::new(0));
    let mut stage = Stage::new(COLOUR, (80, 24), million(&pages));
    stage.event(Event::Updates(vec![Update::Facts(aws())]));
    stage.press("3");
    let described = |stage: &Stage| stage.asked.iter().filter(|ask| matches!(ask, Ask::Table(_))).count();
    assert_eq!(described(&stage), 0);
    stage.wait(100);
    stage.wait(300);
    assert_eq!(described(&stage), 1);
    stage.press("enter G G G");
    assert_eq!(pages.get(), 1);
    stage.press("n");
    assert_eq!(pages.get(), 2);
    assert!(stage.text().contains("200 items · 2 RCU"));
}

#[test]
fn on_aws_a_deletion_wants_the_key_typed() {
    let (mut stage, shop) = orders_open(COLOUR, (80, 24));
    stage.event(Event::Updates(vec![Update::Facts(aws())]));
    stage.press("D y enter");
    assert!(stage.text().contains("type c-000 to do it") && stage.text().contains("on AWS"), "{}", stage.text());
    stage.press("backspace 'c-000 enter");
    assert_eq!(shop.borrow().writes.len(), 1);
}

#[test]
fn read_only_changes_nothing() {
    let (mut stage, shop) = orders_open(COLOUR, (80, 24));
    stage.event(Event::Updates(vec![Update::Facts(Facts { mode: Mode::ReadOnly, ..local() })]));
    for key in ["e", "a", "A", "D"] {
        stage.press(key);
        let text = stage.text();
        assert!(text.contains("Read-only here") && text.contains("Scan orders"), "{text}");
    }
    assert!(shop.borrow().writes.is_empty());
}

#[test]
fn a_slow_answer_is_said_to_be_and_called_off() {
    let (mut stage, shop) = shop(COLOUR, (80, 24));
    shop.borrow_mut().silent = true;
    stage.press("j enter");
    stage.wait(200);
    assert!(!stage.text().contains("waiting"));
    stage.wait(200);
    assert!(stage.text().contains("waiting for an answer, 0.4 s; Esc calls it off"), "{}", stage.text());
    stage.press("esc");
    assert!(stage.text().contains("Called off") && stage.open.iter().all(|(_, ask)| !matches!(ask, Ask::Items(_))));
    stage.press("r");
    stage.answer(
        |ask| matches!(ask, Ask::Items(_)),
        Ok(Answer::Items(ItemPage { items: vec![json!({"customer": "late"})], ..ItemPage::default() })),
    );
    assert!(stage.text().contains("late"));
    stage.press("esc");
    assert!(stage.text().contains("Tables"));
}

#[test]
fn trouble_stands_where_rows_would_be_and_a_page_that_fails_leaves_those_before() {
    let (mut stage, shop) = shop(COLOUR, (80, 24));
    shop.borrow_mut().trouble = Some(trouble("AccessDeniedException", "you may not\u{1b}[2J"));
    stage.press("r");
    assert!(stage.text().contains("AccessDeniedException") && stage.text().contains("r tries again"));
    stage.press("j enter s");
    shop.borrow_mut().trouble = None;
    stage.press("r");
    assert!(!stage.text().contains("AccessDenied"));
    let pages = Rc::new(Cell::new(0));
    let mut source = million(&pages);
    let fails = Rc::new(Cell::new(false));
    let failing = Rc::clone(&fails);
    let mut stage = Stage::new(COLOUR, (80, 24), move |ask| match ask {
        Ask::Items(_) if failing.get() => Some(Err(trouble("ThrottlingException", "slow down"))),
        ask => source(ask),
    });
    stage.press("3 enter");
    fails.set(true);
    stage.press("n");
    let text = stage.text();
    assert!(text.contains("ThrottlingException: slow down; n tries again") && text.contains("e0000000"), "{text}");
    fails.set(false);
    stage.press("n");
    assert!(stage.text().contains("200 items"));
}

/// Items that no shop has.
fn hostile() -> Vec<Value> {
    let mut deep = json!("bottom");
    for n in 0..60 {
        deep = if n % 2 == 0 { json!([deep]) } else { json!({ "m": deep }) };
    }
    let many: serde_json::Map<String, Value> = (0..3000).map(|n| (format!("attribute-{n}"), json!(n))).collect();
    let mut many = Value::Object(many);
    many["pk"] = json!("many");
    vec![
        json!({"pk": "\u{1b}[2J\u{1b}]52;c;cm0=\u{7}", "\u{202e}name": "\u{202e}drow\r\n\t", "\u{9b}31m": {"\u{1b}": ["\u{2028}"]}}),
        json!({"pk": "x".repeat(400_000), "b": {"$b": "A".repeat(400_000)}}),
        json!({"pk": "a\u{0}b", "deep": deep}),
        json!({"pk": {"$n": format!("1{}", "0".repeat(125))}, "n": {"$n": format!("-9.{}e-99", "9".repeat(37))}}),
        json!({}),
        many,
        json!({"pk": "日本語 👩‍👩‍👧‍👦 é".repeat(40), "": "no name", "$b": 1, "e": [], "f": {}}),
        json!([1, 2]),
        Value::Null,
    ]
}

#[test]
fn hostile_items_command_nothing_in_any_part_of_the_view() {
    for look in [COLOUR, ASCII] {
        for size in [(80, 24), (200, 60), (20, 5), (1, 1)] {
            let (mut stage, shop) = shop(look, size);
            shop.borrow_mut().orders = hostile();
            shop.borrow_mut().records = hostile()
                .into_iter()
                .map(|item| StreamRecord {
                    at: NOW,
                    event: "MODIFY\u{1b}".into(),
                    keys: item.clone(),
                    old: Some(item),
                    new: Some(json!({"pk": "\u{202e}"})),
                })
                .collect();
            stage.press("j enter");
            safe(&mut stage);
            for _ in hostile() {
                for keys in ["enter", "z", "G", "esc", "right right", "o", "y", "esc", "e", "esc esc", "D", "esc", "j"]
                {
                    stage.press(keys);
                    safe(&mut stage);
                }
            }
            stage.press("o o s");
            for _ in hostile() {
                for keys in ["enter", "pagedown", "esc", "k"] {
                    stage.press(keys);
                    safe(&mut stage);
                }
            }
        }
    }
}

/// Whether there is nothing on the screen that a terminal would obey, or that turns its text round.
fn safe(stage: &mut Stage) {
    let ascii = stage.text();
    for c in ascii.chars().filter(|c| *c != '\n') {
        assert!(!c.is_control() && !('\u{202a}'..='\u{202e}').contains(&c) && c != '\u{2028}', "{c:?} in\n{ascii}");
    }
}

#[test]
fn ascii_terminals_get_ascii() {
    let (mut stage, shop) = orders_open(ASCII, (120, 36));
    shop.borrow_mut().orders = hostile();
    stage.press("r");
    for keys in ["j", "enter", "esc", "Q", "esc", "o", "s", "enter", "esc", "esc", "i", "esc", "e", "esc"] {
        stage.press(keys);
        assert!(stage.text().is_ascii(), "{keys}\n{}", stage.text());
    }
}

/// Something that happens.
#[derive(Debug, Clone)]
enum Happening {
    Key(String),
    Type(String),
    Answer(usize, usize),
    Wait(u64),
    Resize(u16, u16),
    Click(u16, u16),
}

fn happening() -> impl Strategy<Value = Happening> {
    let mut keys: Vec<String> = KEYS.iter().flat_map(|binding| binding.keys).map(|key| (*key).to_owned()).collect();
    let others =
        ["up", "down", "pageup", "pagedown", "g", "G", "home", "end", "ctrl-s", "backspace", "y", "esc", "enter", "3"];
    keys.extend(others.map(str::to_owned));
    prop_oneof![
        12 => prop::sample::select(keys).prop_map(Happening::Key),
        1 => "[a-z0-9\"{}:,=\u{1b}é]{0,6}".prop_map(Happening::Type),
        10 => (0..8_usize, 0..9_usize).prop_map(|(which, what)| Happening::Answer(which, what)),
        2 => (0..3000_u64).prop_map(Happening::Wait),
        1 => (0..220_u16, 0..70_u16).prop_map(|(columns, rows)| Happening::Resize(columns, rows)),
        2 => (0..200_u16, 0..60_u16).prop_map(|(column, row)| Happening::Click(column, row)),
    ]
}

/// An answer to `ask`: a fitting one, one of another kind, or trouble.
fn answer(ask: &Ask, what: usize, values: &[Value]) -> Result<Answer, crate::ask::Trouble> {
    let item = |n: usize| json!({"customer": format!("c{n}"), "order": n, "v": values[n % 9].clone()});
    Ok(match (ask, what) {
        (_, 0) => return Err(trouble("ConditionalCheckFailedException", "The conditional request failed")),
        (_, 1) => return Err(trouble("InternalServerError", "\u{1b}")),
        (_, 2) => Answer::Text("of another kind".into()),
        (Ask::Tables { .. }, _) => {
            let rows = (0..what).map(|n| format!("t{n}")).chain(["orders".to_owned()]).collect();
            Answer::Tables(Page { rows, next: what.is_multiple_of(2).then(|| "on".into()) })
        }
        (Ask::Table(name), _) => Answer::Table(Box::new(facts(name, u64::try_from(what).unwrap()))),
        (Ask::Items(_), _) => {
            let items = (0..what * 7 % 40).map(item).collect();
            Answer::Items(ItemPage {
                items,
                next: what.is_multiple_of(2).then(|| "on".into()),
                scanned: 50,
                capacity: 0.5,
            })
        }
        (Ask::Stream { .. }, _) => {
            let record =
                |n| StreamRecord { at: NOW, event: "MODIFY".into(), keys: item(n), old: Some(item(n + 1)), new: None };
            Answer::Stream { records: (0..what).map(record).collect(), next: "on".into() }
        }
        (Ask::Save { to, .. }, _) => Answer::Saved { path: to.clone(), bytes: 1 },
        _ => Answer::Done("done".into()),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_pressed_and_answered_the_selection_stays_among_the_rows(
        all in prop::collection::vec(happening(), 1..80),
        on_aws in any::<bool>(),
    ) {
        let mut stage = Stage::new(COLOUR, (160, 40), |_| None);
        // What is merely long has a test of its own.
        let short = |item: Value| if item.to_string().len() > 9999 { json!("long") } else { item };
        let values: Vec<Value> = hostile().into_iter().map(short).collect();
        if on_aws {
            stage.event(Event::Updates(vec![Update::Facts(aws())]));
        }
        stage.press("3");
        for one in all {
            match one {
                Happening::Key(key) => stage.press(&key),
                Happening::Type(text) => stage.event(Event::Paste(text)),
                Happening::Wait(millis) => stage.wait(millis),
                Happening::Resize(columns, rows) => stage.event(Event::Resize(columns, rows)),
                Happening::Click(column, row) => stage.click(column, row),
                Happening::Answer(which, what) => {
                    if !stage.open.is_empty() {
                        let (ticket, ask) = stage.open.remove(which % stage.open.len());
                        stage.event(Event::Answer(ticket, answer(&ask, what, &values)));
                    }
                }
            }
            if stage.app.size().0 > 0 && stage.app.size().1 > 0 {
                safe(&mut stage);
            }
            prop_assert!(stage.app.dynamodb().selection_is_among_the_rows());
        }
    }
}

#[test]
fn a_stream_is_followed_until_one_moves_up() {
    let (mut stage, shop) = orders_open(COLOUR, (80, 24));
    stage.press("s");
    let come = |stage: &mut Stage, count: u64| {
        let record = |n| StreamRecord {
            at: NOW + n,
            event: "INSERT".into(),
            keys: json!({"customer": format!("new-{n}"), "order": n}),
            old: None,
            new: Some(json!({"customer": format!("new-{n}"), "order": n})),
        };
        shop.borrow_mut().coming = (0..count).map(record).collect();
        stage.wait(1000);
    };
    come(&mut stage, 40);
    let text = stage.text();
    assert!(text.contains("43 records") && text.contains("new-39"), "{text}");
    stage.press("g");
    come(&mut stage, 6000);
    let text = stage.text();
    assert!(text.contains("6000 new, G follows") && text.contains("1043 older let go"), "{text}");
    stage.press("G");
    let text = stage.text();
    assert!(text.contains("live") && text.contains("new-5999"), "{text}");
}

#[test]
fn a_write_that_ends_while_one_is_elsewhere_opens_nothing_there() {
    let writes: Rc<RefCell<bool>> = Rc::default();
    let slow = Rc::clone(&writes);
    let (_, shop) = shop(COLOUR, (80, 24));
    let mut stage = Stage::new(COLOUR, (80, 24), move |ask| match ask {
        Ask::Write { .. } if *slow.borrow() => None,
        ask => Some(shop.borrow_mut().answer(ask)),
    });
    *writes.borrow_mut() = true;
    stage.press("3 j enter a 'c-9 ctrl-s y 2");
    stage.answer(|ask| matches!(ask, Ask::Write { .. }), Err(trouble("ThrottlingException", "slow down")));
    assert!(
        stage.text().contains("Not written orders customer=c-9 order=0 (e opens what you typed): ThrottlingExc"),
        "{}",
        stage.text()
    );
    stage.press("3 e");
    assert!(stage.text().contains("New item in orders") && stage.text().contains("\"c-9\""), "{}", stage.text());
}
