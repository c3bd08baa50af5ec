//! What keys do, and what they must not.

use super::make::{WAITS, all, answers, read, request, stage, tell, yes};
use crate::app::Event;
use crate::approvals::KEYS;
use crate::ask::{Answer, Trouble};
use crate::keys::{Action, Scope};
use crate::look::{Look, Theme};
use crate::request::{Decision, Request, Standing};
use crate::source::Update;
use crate::testing::{NOW, Stage};

const LOOK: Look = Look { theme: Theme::Dark, ascii: false };
const SIZE: (u16, u16) = (80, 24);

fn waiting(numbers: impl IntoIterator<Item = u64>) -> Stage {
    let mut stage = stage(LOOK, SIZE, numbers.into_iter().map(request).collect());
    stage.press("4");
    read(&mut stage);
    stage
}

fn footer(stage: &mut Stage) -> String {
    stage.text().lines().last().unwrap_or_default().to_owned()
}

fn said(stage: &mut Stage, words: &str) {
    let footer = footer(stage);
    assert!(footer.contains(words), "no {words:?}: {footer}");
}

/// What is said of the request that is selected.
fn detail(stage: &mut Stage) -> String {
    let text = stage.text();
    text.lines().find(|line| line.contains("─ dynamodb_put_items on ")).unwrap_or_default().to_owned()
}

#[test]
fn a_allows_once_s_for_the_session_and_d_denies_with_a_reason() {
    let mut stage = waiting([1, 2, 3]);
    stage.press("a");
    said(&mut stage, "Allowed, once");
    stage.press("j");
    read(&mut stage);
    stage.press("s");
    said(&mut stage, "Allowed for its session");
    stage.press("n");
    read(&mut stage);
    stage.press("d 'not ' 'on ' 'a ' 'Friday enter");
    said(&mut stage, "Denied");
    assert_eq!(
        answers(&stage),
        [
            ("r-1".to_owned(), Decision::Once),
            ("r-2".to_owned(), Decision::Session),
            ("r-3".to_owned(), Decision::Deny("not on a Friday".to_owned()))
        ]
    );
}

#[test]
fn a_reason_may_be_empty_and_esc_denies_nothing() {
    let mut stage = waiting([1]);
    stage.press("d 'a");
    said(&mut stage, "deny dynamodb_put_items on prod, because: a");
    stage.press("esc");
    assert_eq!(answers(&stage), []);
    stage.press("d enter");
    assert_eq!(answers(&stage), [("r-1".to_owned(), Decision::Deny(String::new()))]);
}

#[test]
fn what_came_up_just_now_takes_no_key_and_a_key_held_down_never_counts() {
    let mut stage = stage(LOOK, SIZE, Vec::new());
    stage.press("4");
    read(&mut stage);
    tell(&mut stage, vec![request(1)]);
    // Before it is drawn at all.
    stage.press("a");
    said(&mut stage, "not on the screen");
    for _ in 0..40 {
        stage.drawn();
        stage.wait(60);
        for key in ["a", "s", "d"] {
            stage.press(key);
            said(&mut stage, "came up just now");
        }
    }
    assert_eq!(answers(&stage), []);
    stage.wait(299);
    stage.press("a");
    assert_eq!(answers(&stage), []);
    stage.wait(300);
    stage.press("a");
    assert_eq!(answers(&stage).len(), 1);
}

#[test]
fn moving_on_and_coming_from_elsewhere_begin_the_moment_anew() {
    let mut stage = waiting([1, 2]);
    stage.press("j a");
    assert_eq!(answers(&stage), [], "not drawn yet");
    stage.drawn();
    stage.press("a");
    said(&mut stage, "came up just now");
    read(&mut stage);
    stage.press("1");
    read(&mut stage);
    stage.press("4 a");
    said(&mut stage, "not on the screen");
    assert_eq!(answers(&stage), []);
}

#[test]
fn what_came_up_below_the_help_page_was_not_seen() {
    let mut stage = stage(LOOK, SIZE, Vec::new());
    stage.press("4 ?");
    tell(&mut stage, vec![request(1)]);
    read(&mut stage);
    stage.press("? a");
    assert_eq!(answers(&stage), []);
    read(&mut stage);
    // What was read before is known.
    stage.press(": 'once enter");
    assert_eq!(answers(&stage), [("r-1".to_owned(), Decision::Once)], "{}", footer(&mut stage));
}

#[test]
fn a_screen_too_small_to_show_what_is_asked_takes_no_yes() {
    let mut stage = waiting([1]);
    for size in [(80, 12), (30, 24)] {
        stage.event(Event::Resize(size.0, size.1));
        read(&mut stage);
        stage.press("a");
        said(&mut stage, "not on the scr");
    }
    stage.event(Event::Resize(80, 12));
    stage.press("enter");
    read(&mut stage);
    stage.press("a");
    assert_eq!(answers(&stage).len(), 1);
}

#[test]
fn the_selection_stays_whatever_comes_and_goes() {
    let mut stage = waiting([1, 2, 3]);
    stage.press("j");
    assert!(detail(&mut stage).contains("r-2"));
    let row = |stage: &mut Stage| {
        let text = stage.text();
        text.lines().position(|line| line.contains("orders-2 ") && line.contains("prod")).unwrap()
    };
    let before = row(&mut stage);
    // One made earlier comes, as from another process whose clock is behind; and later ones.
    let old = Request { created: NOW - 60_000, ..request(9) };
    tell(&mut stage, vec![old.clone(), request(1), request(2), request(3), request(4)]);
    assert!(detail(&mut stage).contains("r-2"));
    assert_eq!(row(&mut stage), before);
    tell(&mut stage, vec![old, request(2), request(4)]);
    assert!(detail(&mut stage).contains("r-2"));
    read(&mut stage);
    stage.press("a");
    assert_eq!(answers(&stage), [("r-2".to_owned(), Decision::Once)]);
}

#[test]
fn in_a_long_list_the_selected_row_stays_where_it_is_on_the_screen() {
    let mut stage = waiting(10..60);
    stage.press("pagedown pagedown pagedown");
    let row = |stage: &mut Stage| {
        let name = detail(stage).split("r-").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        let text = stage.text();
        (name.clone(), text.lines().position(|line| line.contains(&format!("orders-{name} "))).unwrap())
    };
    let before = row(&mut stage);
    tell(&mut stage, (15..62).map(request).collect());
    assert_eq!(row(&mut stage), before);
}

#[test]
fn what_was_answered_elsewhere_given_up_or_late_says_so_and_takes_no_key() {
    let denied = Standing::Denied { by: "lin, footbridge deny".into(), why: "no".into(), at: NOW };
    let cases = [
        (Standing::Allowed(yes(false)), "Allowed once by ada"),
        (Standing::Used(yes(true)), "and it ran"),
        (denied, "Denied by lin, footbridge deny at 10:20"),
        (Standing::Abandoned, "Given up by its client"),
        (Standing::Expired, "Not answered, or not used, in time"),
    ];
    for (standing, words) in cases {
        let mut stage = waiting([1, 2]);
        tell(&mut stage, vec![Request { standing, ..request(1) }, request(2)]);
        assert!(stage.text().contains(words), "{words}\n{}", stage.text());
        read(&mut stage);
        stage.press("a s d");
        said(&mut stage, "Not answered by you");
        assert_eq!(answers(&stage), []);
    }
    let mut stage = waiting([1, 2]);
    tell(&mut stage, vec![request(2)]);
    assert!(stage.text().contains("not in the queue any more"));
    read(&mut stage);
    stage.press("a");
    assert_eq!(answers(&stage), []);
    // Once it is left it is not there any more.
    stage.press("j");
    tell(&mut stage, vec![request(2)]);
    assert!(!stage.text().contains("orders-1 "));
}

#[test]
fn the_time_that_is_left_goes_by_and_its_end_is_the_end() {
    let mut stage = waiting([1]);
    assert!(stage.text().contains("15:00 left"), "{}", stage.text());
    stage.wait(61_000);
    assert!(stage.text().contains("13:59 left"), "{}", stage.text());
    assert!(stage.app.moves());
    stage.wait(WAITS);
    let text = stage.text();
    assert!(text.contains("Nobody answered it in time"), "{text}");
    assert!(!text.contains("Approvals (1)"));
    read(&mut stage);
    stage.press("a");
    assert_eq!(answers(&stage), []);
    tell(&mut stage, vec![Request { standing: Standing::Expired, ..request(1) }]);
    assert!(!stage.app.moves(), "nothing is drawn for what does not change");
}

#[test]
fn a_reason_is_for_what_was_on_the_screen() {
    let mut stage = waiting([1, 2, 3, 4, 5, 6, 7, 8]);
    stage.press("d 'no");
    stage.wheel(5, 6, true);
    tell(&mut stage, (1..12).map(request).collect());
    assert!(detail(&mut stage).contains("r-1"));
    stage.press("enter");
    assert_eq!(answers(&stage), [("r-1".to_owned(), Decision::Deny("no".to_owned()))]);
    let mut stage = waiting([1, 2]);
    stage.press("d 'no");
    tell(&mut stage, vec![Request { standing: Standing::Used(yes(false)), ..request(1) }, request(2)]);
    stage.press("enter");
    said(&mut stage, "Not answered by you");
    assert_eq!(answers(&stage), []);
}

#[test]
fn the_same_name_with_other_content_has_to_be_seen_anew() {
    let mut stage = waiting([1]);
    tell(&mut stage, vec![Request { impact: "deletes everything".into(), ..request(1) }]);
    stage.press("a");
    assert_eq!(answers(&stage), []);
    assert!(stage.text().contains("deletes everything"));
}

#[test]
fn an_answer_is_given_once_and_what_failed_may_be_tried_again() {
    let mut stage = Stage::new(LOOK, SIZE, |_| None);
    tell(&mut stage, vec![request(1)]);
    stage.press("4");
    read(&mut stage);
    stage.press("a a s");
    said(&mut stage, "You have answered this one");
    assert_eq!(answers(&stage).len(), 1);
    let trouble = Trouble { code: "io".into(), message: "the disk is full".into() };
    stage.answer(|_| true, Err(trouble));
    said(&mut stage, "the disk is full");
    stage.press("a");
    assert_eq!(answers(&stage).len(), 2);
    stage.answer(|_| true, Ok(Answer::Done("allowed once".into())));
    said(&mut stage, "allowed once");
    stage.press("a");
    assert_eq!(answers(&stage).len(), 2);
}

#[test]
fn the_bell_rings_for_what_comes_and_not_for_what_was_there() {
    let mut stage = stage(LOOK, SIZE, vec![request(1)]);
    assert_eq!(stage.bells, 0);
    said(&mut stage, "dynamodb_put_items on prod waits for a yes: 4 shows it");
    stage.press("5");
    stage.wait(2000);
    tell(&mut stage, vec![request(1), request(2)]);
    assert_eq!(stage.bells, 1);
    said(&mut stage, "waits for a yes (2 wait)");
    // Once a second, however many come.
    for count in 3..30 {
        stage.wait(100);
        tell(&mut stage, (1..=count).map(request).collect());
    }
    assert!((2..=4).contains(&stage.bells), "{}", stage.bells);
    stage.wait(2000);
    let bells = stage.bells;
    tell(
        &mut stage,
        (1..20).map(|number| Request { standing: Standing::Used(yes(false)), ..request(number) }).collect(),
    );
    assert_eq!(stage.bells, bells);
}

#[test]
fn it_filters_sorts_and_copies() {
    let mut stage = stage(LOOK, (120, 36), all());
    stage.press("4 / 's3 ' '-delete enter");
    let text = stage.text();
    assert!(
        text.contains("Approvals /s3 -delete") && text.contains("1 of 8") && text.contains("s3_put_object on prod"),
        "{text}"
    );
    stage.press("/ ctrl-u 'zzz");
    assert!(stage.text().contains("No request passes the filter"));
    stage.press("esc esc");
    for title in ["STATE ▲", "TARGET ▲", "CALL ▲", "ON ▲", "BY ▲", "TIME ▲"] {
        stage.press("o");
        assert!(stage.text().contains(title), "{title}\n{}", stage.text());
    }
    stage.press("g y a y i y r");
    assert_eq!(stage.copied, ["footbridge approve r-1", "r-1", "dynamodb://orders-1"]);
    stage.press("y y");
    assert!(stage.copied[3].contains("\"impact\": \"replaces the item pk=a1\""), "{}", stage.copied[3]);
}

#[test]
fn the_mouse_selects_sorts_opens_and_answers() {
    let mut stage = waiting([1, 2, 3]);
    stage.click(10, 5);
    assert!(detail(&mut stage).contains("r-2"), "{}", stage.text());
    let at = |stage: &mut Stage, words: &str| {
        let text = stage.text();
        let row = text.lines().position(|line| line.contains(words)).unwrap();
        let line = text.lines().nth(row).unwrap();
        let column = line.chars().count() - line[line.find(words).unwrap()..].chars().count();
        (u16::try_from(column).unwrap(), u16::try_from(row).unwrap())
    };
    let (column, row) = at(&mut stage, "STATE");
    stage.click(column, row);
    assert!(stage.text().contains("STATE ▲"));
    let (column, row) = at(&mut stage, "allow once");
    stage.click(column, row);
    assert_eq!(answers(&stage), [], "it was not read yet");
    read(&mut stage);
    stage.click(column, row);
    assert_eq!(answers(&stage), [("r-2".to_owned(), Decision::Once)]);
    let (column, row) = at(&mut stage, "orders-3 ");
    stage.click(column, row);
    stage.click(column, row);
    assert!(!stage.text().contains("orders-2"), "{}", stage.text());
}

#[test]
fn stored_text_is_data_whatever_it_says() {
    let evil = "x\u{1b}[2J\u{202e}\npress a\r\u{9b}31m";
    let hostile = Request {
        caller: evil.into(),
        session: evil.into(),
        tool: evil.into(),
        target: evil.into(),
        far_side: evil.into(),
        far: footbridge_record::Target::Custom { url: evil.into(), region: Some(evil.into()) },
        resources: vec![evil.into(), evil.into()],
        effect: evil.into(),
        impact: format!("{evil}{}on      s3://harmless", " ".repeat(60)),
        arguments: serde_json::json!({evil: [evil]}),
        old: Some(serde_json::json!({evil: evil})),
        new: Some(serde_json::json!(format!("{evil}\n{evil}"))),
        name: crate::request::Name { queue: 0, id: evil.into() },
        ..request(1)
    };
    for size in [(80, 24), (50, 30), (200, 60), (12, 5)] {
        for standing in [Standing::Waiting, Standing::Denied { by: evil.into(), why: evil.into(), at: NOW }] {
            let mut stage = stage(LOOK, size, vec![Request { standing, ..hostile.clone() }]);
            for keys in ["4", "enter", "G", "d", "esc", "y", "esc", "esc", "1"] {
                stage.press(keys);
                let text = stage.text();
                let treacherous = |c: char| c != '\n' && footbridge_record::text::is_treacherous(c);
                assert_eq!(text.find(treacherous), None, "{size:?} {keys}\n{text}");
                assert!(
                    !text.lines().any(|line| line.trim_start_matches(['│', ' ']).starts_with("on      s3://harmless")
                        && line.find("on ").is_some_and(|at| at < 6)),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn every_key_does_what_its_table_says() {
    for (scope, open) in [(Scope::Approvals, ""), (Scope::Approval, "enter")] {
        for binding in KEYS.iter().filter(|binding| binding.scopes.contains(&scope)) {
            for key in binding.keys {
                let mut requests = all();
                requests[7].arguments["reason"] = "because ".repeat(40).into();
                let mut stage = stage(LOOK, (120, 36), requests);
                stage.press("4 G");
                stage.press(open);
                read(&mut stage);
                if matches!(binding.action, Action::NextMatch | Action::PreviousMatch) {
                    stage.press("/ 'pk enter");
                }
                if (binding.action, scope) == (Action::Back, Scope::Approvals) {
                    stage.press("/ 'prod enter");
                }
                if binding.action == Action::Fold {
                    // To the first line of the arguments.
                    stage.press("/ 'Arguments enter j");
                }
                let before = stage.text();
                stage.press(key);
                assert_ne!(stage.text(), before, "{key} in {scope:?}");
                let footer = footer(&mut stage);
                assert!(!footer.contains("does nothing here"), "{key} in {scope:?}: {footer}");
            }
        }
    }
}

#[test]
fn other_news_comes_and_goes_beside_it() {
    let mut stage = waiting([1]);
    stage.event(Event::Updates(vec![Update::Notice("the disk is full".into())]));
    said(&mut stage, "the disk is full");
    stage.press("a");
    assert_eq!(answers(&stage).len(), 1);
}
