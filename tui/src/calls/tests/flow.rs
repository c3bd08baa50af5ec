//! How the calls behave over several steps.

use footbridge_record::Target;

use super::make::{Make, rows};
use super::recorded::{self, stage};
use super::sequences::selected;
use crate::app::Event;
use crate::ask::{Ask, Trouble};
use crate::look::{Look, Theme};
use crate::row::{Names, Row};
use crate::source::{Facts, Hint, History, Mode, Update};
use crate::testing::{Stage, local};

const LOOK: Look = Look { theme: Theme::Dark, ascii: false };

/// Calls that began at 1 to `count`, of which each fifth went wrong.
fn some(from: u64, to: u64) -> Vec<Row> {
    let mut names = Names::default();
    let make = |at: u64| {
        let tool = if at.is_multiple_of(2) { "s3_get_object" } else { "dynamodb_query" };
        let ms = f64::from(u32::try_from(at * 7 % 10).unwrap());
        let scheme = if at.is_multiple_of(2) { "s3" } else { "dynamodb" };
        let make = Make::tool(tool).on(&format!("{scheme}://n{at:03}")).at(at);
        if at.is_multiple_of(5) { make.failed("NoSuchKey", "It is not there", ms) } else { make.took(ms) }
    };
    (from..=to).map(|at| make(at).row(u128::from(at), &mut names)).collect()
}

fn with(count: u64, size: (u16, u16)) -> Stage {
    let mut stage = Stage::new(LOOK, size, |_| None);
    add(&mut stage, some(1, count));
    stage
}

fn add(stage: &mut Stage, rows: Vec<Row>) {
    stage.event(Event::Updates(vec![Update::Calls(rows)]));
}

fn on(stage: &mut Stage, at: u64) {
    let row = selected(stage);
    assert!(row.contains(&format!("n{at:03}")), "{at}: {row}");
}

fn has(stage: &mut Stage, part: &str) {
    assert!(stage.text().contains(part), "no {part}\n{}", stage.text());
}

#[test]
fn it_goes_along_until_one_moves_up_and_again_after_g() {
    let mut stage = with(50, (80, 24));
    on(&mut stage, 50);
    add(&mut stage, some(51, 51));
    on(&mut stage, 51);
    stage.press("k k");
    add(&mut stage, some(52, 53));
    on(&mut stage, 49);
    has(&mut stage, "paused, 2 new");
    stage.press("G");
    add(&mut stage, some(54, 54));
    on(&mut stage, 54);
    has(&mut stage, "following");
}

#[test]
fn moving_down_to_the_end_does_not_follow_by_itself() {
    let mut stage = with(10, (80, 24));
    stage.press("k j j");
    on(&mut stage, 10);
    add(&mut stage, some(11, 11));
    on(&mut stage, 10);
}

#[test]
fn what_one_reads_stays_on_its_line_while_calls_come_and_older_ones_are_read() {
    let mut stage = Stage::new(LOOK, (80, 24), |_| None);
    add(&mut stage, some(101, 200));
    stage.press("pageup k k k");
    let rows = |stage: &mut Stage| stage.text().lines().skip(3).take(18).map(str::to_owned).collect::<Vec<_>>();
    let before = rows(&mut stage);
    add(&mut stage, some(201, 240));
    add(&mut stage, some(1, 100));
    assert_eq!(rows(&mut stage), before);
    has(&mut stage, "paused, 40 new");
}

#[test]
fn space_holds_the_picture_and_lets_it_go_on() {
    let mut stage = with(10, (80, 24));
    let mut names = Names::default();
    let running = Make::tool("s3_put_object").at(11);
    add(&mut stage, vec![running.clone().row(11, &mut names)]);
    stage.press("space");
    let list = |stage: &mut Stage| stage.text().lines().skip(3).map(str::to_owned).collect::<Vec<_>>();
    let picture = list(&mut stage);
    add(&mut stage, vec![running.took(5.0).row(11, &mut names)]);
    add(&mut stage, some(12, 12));
    stage.wait(5000);
    assert_eq!(list(&mut stage), picture);
    has(&mut stage, "frozen, 2 new");
    stage.press("space");
    has(&mut stage, "following · 12");
    assert!(!stage.text().contains('◌'));
}

#[test]
fn a_filter_holds_as_one_types_and_escape_takes_it_back() {
    let mut stage = with(20, (80, 24));
    stage.press("/ 'service:s3");
    has(&mut stage, "10 of 20");
    stage.press("' 'status:err");
    has(&mut stage, "2 of 20");
    stage.press("enter / ' 'tool:nothing");
    has(&mut stage, "No call passes the filter");
    stage.press("esc");
    has(&mut stage, "Calls /service:s3 status:err");
    has(&mut stage, "2 of 20");
    stage.press("esc");
    has(&mut stage, "following · 20");
}

#[test]
fn a_filter_without_sense_is_explained_and_the_last_good_one_holds() {
    let mut stage = with(20, (100, 24));
    stage.press("/ '>5ms ' 'sevice:s3");
    has(&mut stage, "do you mean service:s3?");
    // 7 n mod 10 is 6 to 9 for four of each ten.
    has(&mut stage, "8 of 20");
    stage.press("enter");
    has(&mut stage, "there is no field sevice");
    has(&mut stage, "8 of 20");
}

#[test]
fn each_figure_of_a_tool_agrees_with_what_its_filter_shows() {
    let mut stage = Stage::new(LOOK, (80, 24), |_| None);
    // Tools that make operations of the same name, and operations whose names have it in them.
    let names = ["PutObject", "s3_put_object", "PutObjectTagging", "PutObject", "s3_put_object"];
    let makes = names.iter().enumerate().map(|(at, name)| {
        let make = Make::tool(name).at(at as u64).took(2.0);
        if name.starts_with("s3") { make.made("s3", "PutObject", 1.0) } else { make }
    });
    add(&mut stage, rows(makes));
    stage.press("tab");
    for row in 0..3 {
        stage.press(&format!("g {}", "j ".repeat(row)));
        let count: usize = selected(&mut stage).split_whitespace().find_map(|word| word.parse().ok()).unwrap();
        stage.press("enter");
        has(&mut stage, &format!("{count} of 5"));
        stage.press("esc tab");
    }
}

#[test]
fn a_running_call_shows_its_time_going_by() {
    let mut stage = Stage::new(LOOK, (80, 24), |_| None);
    let now = stage.now;
    let make = Make::tool("s3_put_object").at(now);
    add(&mut stage, rows([make.clone()]));
    stage.wait(2500);
    has(&mut stage, "2.50s");
    assert!(stage.app.moves());
    add(&mut stage, rows([make.took(2600.0)]));
    has(&mut stage, "2.60s");
    // The rate goes down for ten seconds; then nothing moves.
    stage.wait(20_000);
    assert!(!stage.app.moves());
}

#[test]
fn a_call_that_went_wrong_opens_at_what_came() {
    let mut stage = stage(LOOK, (80, 24));
    stage.press("/ 'code:ResourceNotFound enter enter");
    has(&mut stage, "─ Response");
    has(&mut stage, "Requested resource not found");
}

#[test]
fn an_open_call_shows_what_became_of_it() {
    let mut stage = Stage::new(LOOK, (80, 24), |_| None);
    let mut names = Names::default();
    let make = Make::tool("s3_put_object").at(5);
    add(&mut stage, vec![make.clone().row(1, &mut names)]);
    stage.press("enter");
    has(&mut stage, "fetching");
    let call = make.clone().call(1);
    stage.answer(|ask| matches!(ask, Ask::Call(_)), Ok(crate::ask::Answer::Call(Some(Box::new(call)))));
    stage.press("tab");
    has(&mut stage, "It is running");
    let done = make.took(7.0);
    add(&mut stage, vec![done.clone().row(1, &mut names)]);
    let call = done.call(1);
    stage.answer(|ask| matches!(ask, Ask::Call(_)), Ok(crate::ask::Answer::Call(Some(Box::new(call)))));
    assert!(!stage.text().contains("It is running"));
    has(&mut stage, "7.00ms");
}

#[test]
fn a_call_that_cannot_be_read_says_why() {
    let mut stage = Stage::new(LOOK, (80, 24), |_| None);
    add(&mut stage, some(1, 2));
    stage.press("enter");
    let trouble = Trouble { code: "io".into(), message: "the file is gone".into() };
    stage.answer(|ask| matches!(ask, Ask::Call(_)), Err(trouble));
    has(&mut stage, "the file is gone");
    stage.press("esc k enter");
    stage.answer(|ask| matches!(ask, Ask::Call(_)), Ok(crate::ask::Answer::Call(None)));
    has(&mut stage, "no longer has this call");
}

#[test]
fn the_call_beside_the_list_is_fetched_when_the_selection_rests() {
    let mut stage = Stage::new(LOOK, (160, 40), recorded::answer);
    add(&mut stage, recorded::rows());
    stage.asked.clear();
    stage.press("k k k k k k");
    assert!(stage.asked.is_empty(), "{:?}", stage.asked);
    has(&mut stage, "fetching");
    stage.wait(100);
    assert_eq!(stage.asked.len(), 1);
    has(&mut stage, "AWS 123456789012");
    stage.press("j k");
    stage.wait(100);
    assert_eq!(stage.asked.len(), 1, "it is known");
    // Below, nothing is beside the list.
    stage.event(Event::Resize(139, 40));
    stage.press("k");
    stage.wait(500);
    assert_eq!(stage.asked.len(), 1);
}

fn facts(target: Target, mode: Mode) -> Facts {
    Facts { target, mode, ..local() }
}

#[test]
fn a_call_is_made_again_only_where_that_may_be() {
    let aws = || Target::Aws { account: Some("123456789012".into()), region: Some("eu-west-1".into()) };
    let made = |stage: &Stage| stage.asked.iter().any(|ask| matches!(ask, Ask::Replay(_)));
    // The last call deletes an item, the one before it lists.
    for (target, mode, keys, wanted) in [
        (local().target, Mode::ReadWrite, "r", "Make this call again?"),
        (local().target, Mode::ReadOnly, "r", "Read-only here"),
        (local().target, Mode::ReadOnly, "k r", "differences"),
        (aws(), Mode::ReadWrite, "r", "type DeleteItem to do it"),
        (aws(), Mode::ReadOnly, "k r", "It was made to local, and is now made to aws."),
    ] {
        let mut stage = stage(LOOK, (100, 30));
        stage.event(Event::Updates(vec![Update::Facts(facts(target, mode))]));
        stage.press(keys);
        has(&mut stage, wanted);
        assert_eq!(made(&stage), wanted == "differences");
        stage.press("esc");
        assert_eq!(made(&stage), wanted == "differences");
    }
    let mut stage = stage(LOOK, (100, 30));
    stage.event(Event::Updates(vec![Update::Facts(facts(aws(), Mode::ReadWrite))]));
    stage.press("r 'DeleteItem enter");
    assert!(made(&stage));
    has(&mut stage, "made again");
    stage.press("esc");
    has(&mut stage, "Calls ─");
}

#[test]
fn without_calls_the_hints_say_how_to_make_some_and_the_first_can_be_copied() {
    let mut stage = Stage::new(LOOK, (80, 24), |_| None);
    let hint = Hint { title: "Watch an example:".into(), paste: "footbridge demo".into() };
    stage.event(Event::Updates(vec![Update::Facts(Facts { hints: vec![hint], ..local() })]));
    has(&mut stage, "No calls yet in");
    stage.press("y");
    assert_eq!(stage.copied, ["footbridge demo"]);
}

#[test]
fn reading_the_history_says_how_far_it_is() {
    let mut stage = with(5, (80, 24));
    stage.event(Event::Updates(vec![Update::History(History { read: 40, total: 100 })]));
    has(&mut stage, "reading older calls 40 %");
    stage.event(Event::Updates(vec![Update::History(History { read: 100, total: 100 })]));
    assert!(!stage.text().contains("reading"));
}

#[test]
fn the_mouse_selects_opens_sorts_and_scrolls() {
    let mut stage = stage(LOOK, (160, 40));
    stage.click(20, 6);
    let row = selected(&mut stage);
    has(&mut stage, "paused");
    stage.wait(1000);
    stage.click(20, 6);
    let left = |row: &str| row.chars().take(80).collect::<String>();
    assert_eq!(left(&selected(&mut stage)), left(&row));
    stage.click(20, 6);
    has(&mut stage, "─ Request ─");
    let chips = stage.text().lines().nth(5).unwrap().to_owned();
    stage.click(u16::try_from(chips.find("Timing").unwrap()).unwrap(), 5);
    has(&mut stage, "began");
    stage.press("esc");
    let heading = stage.text().lines().nth(3).unwrap().to_owned();
    let column =
        heading.chars().position(|c| c == 'T').unwrap() + heading.chars().skip(9).position(|c| c == 'T').unwrap();
    assert!(column > 0);
    let took = heading.chars().collect::<Vec<_>>().windows(4).position(|w| w == ['T', 'O', 'O', 'K']).unwrap();
    stage.click(u16::try_from(took).unwrap(), 3);
    has(&mut stage, "TOOK ▲");
    stage.press("G");
    let from = selected(&mut stage);
    stage.wheel(20, 10, false);
    assert_ne!(selected(&mut stage), from);
    let list = selected(&mut stage);
    stage.wheel(150, 10, true);
    assert_eq!(left(&selected(&mut stage)), left(&list));
    // In the latencies, a double click shows only what is of this tool.
    let y = stage.text().lines().position(|line| line.contains(" s3_put_object ")).unwrap();
    stage.click(10, u16::try_from(y).unwrap());
    stage.click(10, u16::try_from(y).unwrap());
    has(&mut stage, "Calls /tool:=s3_put_object");
}

#[test]
fn a_search_says_what_it_did_not_find() {
    let mut stage = stage(LOOK, (80, 24));
    stage.press("enter / 'zebra");
    has(&mut stage, "not found in this part");
    stage.press("esc / 'TABLE enter");
    assert!(selected(&mut stage).contains("TableName"));
}

#[test]
fn what_is_written_is_what_is_shown() {
    let mut stage = stage(LOOK, (80, 24));
    stage.press("/ 'service:s3 ' 'status:ok enter o x n ctrl-u '/tmp/x.ndjson enter");
    let Some(Ask::SaveCalls { places, to, .. }) = stage.asked.last() else { panic!("{:?}", stage.asked) };
    assert_eq!(to, "/tmp/x.ndjson");
    assert!(places.is_sorted_by_key(|place| place.started), "in order of time, however the list is sorted");
    let count = places.len();
    has(&mut stage, &format!("{count} calls written to"));
    stage.press("x h ctrl-u enter");
    has(&mut stage, "No file was named");
}
