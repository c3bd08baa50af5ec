//! Ways through the view: there and back, slow and failing answers, pages, AWS.

use footbridge_record::Target;

use super::data::{MANY, answer, object, stage, stage_of, trouble};
use crate::app::Event;
use crate::ask::{Answer, Ask, ObjectName, Page, Progress, Trouble};
use crate::s3::listing::MOST;
use crate::source::{Facts, Mode, Update};
use crate::testing::{LOOKS, Stage, local};

const WIDE: (u16, u16) = (200, 60);
const SMALL: (u16, u16) = (80, 24);

fn at(size: (u16, u16), keys: &str) -> Stage {
    stage(LOOKS[1].1, size, keys)
}

#[track_caller]
fn shows(stage: &mut Stage, text: &str) {
    let shown = stage.text();
    assert!(shown.contains(text), "no {text:?} in\n{shown}");
}

fn aws(mode: Mode) -> Event {
    let target = Target::Aws { account: Some("123456789012".into()), region: Some("eu-west-1".into()) };
    Event::Updates(vec![Update::Facts(Facts { target, mode, endpoint: None, ..local() })])
}

fn count(stage: &Stage, what: fn(&Ask) -> bool) -> usize {
    stage.asked.iter().filter(|ask| what(ask)).count()
}

#[test]
fn going_up_returns_to_where_one_was() {
    let mut stage = at(SMALL, "j enter enter j j");
    shows(&mut stage, "assets › photos");
    let listed = stage.asked.len();
    stage.press("h h");
    shows(&mut stage, "─ Buckets ");
    assert_eq!(stage.asked.len(), listed, "nothing is listed again on the way back");
    // The bucket is still the selected one.
    stage.press("y y");
    assert_eq!(stage.copied, ["assets"]);
}

#[test]
fn what_is_selected_is_fetched_once_it_rests() {
    let mut stage = Stage::new(LOOKS[1].1, WIDE, answer);
    stage.press("2 j enter");
    stage.drawn();
    stage.press("j");
    stage.drawn();
    stage.wait(100);
    stage.press("j");
    stage.drawn();
    assert_eq!(count(&stage, |ask| matches!(ask, Ask::Object(_))), 0);
    stage.wait(200);
    assert_eq!(count(&stage, |ask| matches!(ask, Ask::Object(_))), 0, "it does not rest yet");
    stage.wait(100);
    assert_eq!(count(&stage, |ask| matches!(ask, Ask::Object(name) if name.key == "config.json")), 1);
    shows(&mut stage, "\"service\": \"checkout\"");
    // Enter leads into what is there already.
    let listed = stage.asked.len();
    stage.press("enter");
    assert_eq!(stage.asked.len(), listed);
}

#[test]
fn on_aws_nothing_is_asked_but_by_a_key() {
    let mut stage = Stage::new(LOOKS[1].1, WIDE, answer);
    stage.event(aws(Mode::ReadWrite));
    stage.press("2");
    for key in ["enter", "G", "pageup", "G"] {
        stage.drawn();
        stage.press(key);
        stage.wait(1000);
    }
    assert_eq!(stage.asked.len(), 2, "{:?}", stage.asked);
    shows(&mut stage, "there is more: n fetches the next page");
    shows(&mut stage, "Enter fetches it: three requests");
    stage.press("n");
    shows(&mut stage, "2,000+ objects");
    stage.press("enter");
    assert_eq!(stage.asked.len(), 5);
    stage.wait(5000);
    assert_eq!(stage.asked.len(), 5);
}

#[test]
fn on_aws_the_buckets_name_is_typed_before_anything_goes() {
    let mut stage = at(SMALL, "j enter j j");
    stage.event(aws(Mode::ReadWrite));
    stage.press("D y enter");
    assert_eq!(count(&stage, |ask| matches!(ask, Ask::DeleteObjects(_))), 0);
    stage.press("backspace 'assets enter");
    assert_eq!(count(&stage, |ask| matches!(ask, Ask::DeleteObjects(_))), 1);
}

#[test]
fn nothing_is_written_where_that_is_not_allowed() {
    let mut stage = at(SMALL, "j enter j j");
    stage.event(Event::Updates(vec![Update::Facts(Facts { mode: Mode::ReadOnly, ..local() })]));
    for key in ["D", "u"] {
        stage.press(key);
        shows(&mut stage, "Read-only here");
    }
    stage.press("P right enter");
    assert_eq!(count(&stage, |ask| matches!(ask, Ask::Presign { put: true, .. })), 0);
    assert_eq!(count(&stage, |ask| matches!(ask, Ask::Upload { .. } | Ask::DeleteObjects(_))), 0);
}

#[test]
fn a_million_objects_open_as_one_page_and_all_are_reached() {
    let mut stage = at(SMALL, "enter");
    assert_eq!(count(&stage, |ask| matches!(ask, Ask::Objects { .. })), 1);
    shows(&mut stage, "1 of 1,000+ objects");
    let mut presses = 0;
    while stage.asked.len() < 130 {
        stage.press("G");
        presses += 1;
        assert!(presses < 200);
    }
    let listed = count(&stage, |ask| matches!(ask, Ask::Objects { .. }));
    shows(&mut stage, "let go, r begins anew");
    // Back and forth in what is held costs nothing.
    stage.press("g G");
    let after = count(&stage, |ask| matches!(ask, Ask::Objects { .. }));
    assert!(after <= listed + 1);
    assert!(after * 1000 > MOST && after * 1000 < MANY);
    stage.press("r");
    shows(&mut stage, "1 of 1,000+ objects");
}

#[test]
fn a_filter_asks_for_what_begins_so_and_a_star_looks_among_the_rows() {
    let mut stage = at(SMALL, "enter /");
    stage.type_text("object-000012");
    assert_eq!(count(&stage, |ask| matches!(ask, Ask::Objects { .. })), 1, "typing does not rest yet");
    stage.wait(300);
    shows(&mut stage, "10 objects");
    stage.press("enter esc");
    shows(&mut stage, "1,000+ objects");
    let listed = stage.asked.len();
    stage.press("/");
    stage.type_text("*99");
    shows(&mut stage, "/*99");
    shows(&mut stage, "19 of 1,000+");
    assert_eq!(stage.asked.len(), listed);
    stage.press("enter G enter");
    shows(&mut stage, "─ object-0000999 ");
}

#[test]
fn esc_calls_a_slow_listing_off_and_goes_back_where_there_is_nothing() {
    let slow = |ask: &Ask| if matches!(ask, Ask::Objects { .. }) { None } else { answer(ask) };
    let mut stage = stage_of(LOOKS[1].1, SMALL, "j enter", slow);
    assert_eq!(stage.open.len(), 1);
    stage.wait(300);
    shows(&mut stage, "Esc calls it off");
    stage.press("esc");
    assert!(stage.open.is_empty());
    shows(&mut stage, "─ Buckets ");
}

#[test]
fn an_answer_to_what_was_left_changes_nothing() {
    let slow = |ask: &Ask| if matches!(ask, Ask::Objects { .. }) { None } else { answer(ask) };
    let mut stage = stage_of(LOOKS[1].1, SMALL, "j enter", slow);
    let (ticket, _) = stage.open[0].clone();
    stage.press("esc");
    stage.event(Event::Answer(ticket, Ok(Answer::Objects(Page { rows: vec![object("late", 1, 0, "")], next: None }))));
    assert!(!stage.text().contains("late"));
    // A page that fails leaves the rows, and is asked for again.
    let mut fails = true;
    let failing = move |ask: &Ask| match ask {
        Ask::Objects { after: Some(_), .. } if std::mem::take(&mut fails) => {
            Some(Err(trouble("SlowDown", "Please reduce your request rate.")))
        }
        ask => answer(ask),
    };
    let mut stage = stage_of(LOOKS[1].1, SMALL, "enter G", failing);
    shows(&mut stage, "SlowDown: Please reduce your request rate.");
    shows(&mut stage, "object-0000999");
    stage.press("n");
    shows(&mut stage, "2,000+ objects");
}

#[test]
fn another_view_leads_to_a_key_and_from_there_up() {
    let go = |stage: &mut Stage, path: &str| {
        stage.press(":");
        stage.type_text(&format!("bucket {path}"));
        stage.press("enter");
    };
    let mut stage = Stage::new(LOOKS[1].1, SMALL, answer);
    go(&mut stage, "assets/photos/cat.jpeg");
    shows(&mut stage, "assets › photos");
    stage.press("y y");
    assert_eq!(stage.copied, ["photos/cat.jpeg"]);
    stage.press("h");
    shows(&mut stage, "2 folders");
    stage.press("y u");
    assert_eq!(stage.copied[1], "s3://assets/photos/");
    stage.press("h y y");
    assert_eq!(stage.copied[2], "assets");
    // One that is far into a long listing is found without listing it all.
    go(&mut stage, "archive/object-0500000");
    stage.press("y y");
    assert_eq!(stage.copied[3], "object-0500000");
    assert_eq!(count(&stage, |ask| matches!(ask, Ask::Objects { bucket, .. } if bucket == "archive")), 2);
    go(&mut stage, "assets/gone.txt");
    shows(&mut stage, "gone.txt is not here now");
}

#[test]
fn transfers_show_how_far_they_are_and_are_called_off() {
    let slow = |ask: &Ask| if matches!(ask, Ask::Download { .. }) { None } else { answer(ask) };
    let mut stage = stage_of(LOOKS[1].1, SMALL, "j enter j j", slow);
    stage.press("d enter");
    shows(&mut stage, "download config.json");
    let (ticket, _) = stage.open[0].clone();
    stage.event(Event::Progress(ticket, Progress { done: 512 * 1024, total: Some(2 * 1024 * 1024) }));
    shows(&mut stage, "25%  512.0 KiB of 2.0 MiB");
    stage.press("X");
    assert!(stage.open.is_empty());
    shows(&mut stage, "Called off: 1 transfer");
    // A file that is there is refused by whoever writes it, and that is said.
    let refused = |ask: &Ask| match ask {
        Ask::Download { .. } => Some(Err(trouble("file_exists", "config.json is there already"))),
        ask => answer(ask),
    };
    let mut stage = stage_of(LOOKS[1].1, SMALL, "j enter j j", refused);
    stage.press("d enter");
    shows(&mut stage, "file_exists: config.json is there already");
}

#[test]
fn an_upload_over_an_object_is_asked_about() {
    let mut stage = at(SMALL, "j enter");
    stage.press("u 'notes.md enter enter");
    shows(&mut stage, "Replace the object?");
    stage.wait(300);
    stage.press("n");
    assert_eq!(count(&stage, |ask| matches!(ask, Ask::Upload { .. })), 0);
    stage.press("u 'notes.md enter enter");
    stage.wait(300);
    stage.press("y");
    assert_eq!(uploads(&stage), [Some(ETAG)], "the object that was seen is replaced, and no other");
    stage.press("y y");
    assert_eq!(stage.copied, ["notes.md"], "what was uploaded is selected");
    stage.press("u 'new.txt enter enter");
    assert_eq!(uploads(&stage), [Some(ETAG), None], "where none was, none may be");
}

const ETAG: &str = "\"9b2cf535f27731c974343645a3985328\"";

/// What each upload may replace.
fn uploads(stage: &Stage) -> Vec<Option<&str>> {
    let over = stage
        .asked
        .iter()
        .filter_map(|ask| if let Ask::Upload { over, .. } = ask { Some(over.as_deref()) } else { None });
    over.collect()
}

#[test]
fn a_question_that_an_answer_opens_takes_no_key_before_it_can_be_read() {
    let mut stage = at(SMALL, "j enter");
    stage.press("u 'notes.md enter enter y y");
    stage.wait(299);
    stage.press("y");
    assert_eq!(uploads(&stage), [] as [Option<&str>; 0]);
    shows(&mut stage, "Replace the object?");
    shows(&mut stage, "The question came up just now");
    stage.wait(1);
    stage.press("y");
    assert_eq!(uploads(&stage).len(), 1);
    // Esc is always taken, and a question that a key opens takes the next one.
    stage.press("u 'notes.md enter enter esc");
    assert!(!stage.text().contains("Replace the object?"));
    stage.press("D y");
    assert_eq!(count(&stage, |ask| matches!(ask, Ask::DeleteObjects(_))), 1);
}

#[test]
fn on_aws_the_buckets_name_is_typed_before_an_object_is_replaced() {
    let mut stage = at(SMALL, "j enter");
    stage.event(aws(Mode::ReadWrite));
    stage.press("u 'notes.md enter enter");
    stage.wait(300);
    stage.press("y enter");
    assert_eq!(uploads(&stage).len(), 0);
    stage.press("backspace 'assets enter");
    assert_eq!(uploads(&stage), [Some(ETAG)]);
}

#[test]
fn an_upload_that_another_object_overtook_is_asked_about_again() {
    let mut there = false;
    let overtaken = move |ask: &Ask| match ask {
        Ask::Upload { over: None, .. } => {
            there = true;
            Some(Err(trouble(Trouble::OVERTAKEN, "At least one of the pre-conditions you specified did not hold")))
        }
        Ask::Object(name) if there && name.key == "new.txt" => {
            answer(&Ask::Object(ObjectName { bucket: "assets".into(), key: "notes.md".into(), version: None }))
        }
        ask => answer(ask),
    };
    let mut stage = stage_of(LOOKS[1].1, SMALL, "j enter", overtaken);
    stage.press("u 'new.txt enter enter");
    shows(&mut stage, "Somebody put another object there meanwhile");
    stage.wait(300);
    stage.press("y");
    assert_eq!(uploads(&stage), [None, Some(ETAG)]);
    shows(&mut stage, "Uploaded: new.txt");
}

#[test]
fn an_object_that_is_gone_before_it_is_replaced_is_told_of() {
    let mut gone = false;
    let overtaken = move |ask: &Ask| match ask {
        Ask::Upload { .. } => {
            gone = true;
            Some(Err(trouble(Trouble::OVERTAKEN, "The specified key does not exist.")))
        }
        Ask::Object(_) if gone => Some(Err(trouble("NotFound", "AWS gives no reason"))),
        ask => answer(ask),
    };
    let mut stage = stage_of(LOOKS[1].1, SMALL, "j enter", overtaken);
    stage.press("u 'notes.md enter enter");
    stage.wait(300);
    stage.press("y");
    shows(&mut stage, "now no object is there");
    assert_eq!(uploads(&stage), [Some(ETAG)]);
}

#[test]
fn several_are_marked_and_deleted_together() {
    let mut stage = at(SMALL, "j enter j j space space D");
    stage.press("y");
    assert!(stage.asked.iter().any(|ask| matches!(ask, Ask::DeleteObjects(names) if names.len() == 2)));
    shows(&mut stage, "6 objects");
    assert!(!stage.text().contains("config.json"));
    // Folders are not marked, nor deleted.
    stage.press("g space");
    shows(&mut stage, "does nothing here");
    stage.press("D");
    shows(&mut stage, "A folder is what keys begin with");
}

#[test]
fn a_long_object_comes_as_one_goes_on() {
    let log = |ask: &Ask| match ask {
        Ask::Objects { .. } => {
            Some(Ok(Answer::Objects(Page { rows: vec![object("long.log", 840_000, 0, "STANDARD")], next: None })))
        }
        ask => answer(ask),
    };
    let mut stage = stage_of(LOOKS[1].1, SMALL, "j enter enter", log);
    let bytes = |stage: &Stage| count(stage, |ask| matches!(ask, Ask::Bytes { .. }));
    assert_eq!(bytes(&stage), 1);
    shows(&mut stage, "the first 64.0 KiB of 898.4 KiB");
    for _ in 0..40 {
        stage.press("G");
        stage.drawn();
    }
    assert_eq!(bytes(&stage), 15);
    shows(&mut stage, "039999 a line of a log");
    stage.press("/");
    stage.type_text("000777 A");
    stage.press("enter");
    shows(&mut stage, "▌000777 a line of a log");
}

#[test]
fn an_object_that_changes_while_it_is_read_is_not_mixed() {
    let mut total = 200_000;
    let changing = move |ask: &Ask| match ask {
        Ask::Bytes { from, .. } => {
            total += 1;
            Some(Ok(Answer::Bytes { from: *from, total, bytes: b"line\n".repeat(13_000) }))
        }
        ask => answer(ask),
    };
    let mut stage = stage_of(LOOKS[1].1, SMALL, "j enter j j j j j j j j enter G", changing);
    shows(&mut stage, "r fetches it anew");
}

#[test]
fn the_mouse_selects_opens_and_scrolls() {
    let mut stage = at(WIDE, "j enter");
    stage.click(10, 8);
    stage.drawn();
    stage.wait(300);
    shows(&mut stage, "─ events.ndjson ");
    stage.click(150, 40);
    stage.press("esc");
    stage.wheel(10, 8, false);
    stage.press("y u");
    assert_eq!(stage.copied, ["s3://assets/reports/"]);
    stage.click(10, 4);
    stage.click(10, 4);
    shows(&mut stage, "assets › photos");
}
