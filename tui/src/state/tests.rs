use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::json;

use super::{Effect, Event, Part, State, update};
use crate::look::Look;
use crate::model::{Call, Target};
use crate::source::{Facts, Hint, Update};
use crate::testing::{call, ended, failed};
use crate::view::draw;

/// A dashboard without a terminal.
struct Bench {
    state: State,
    now: u64,
}

impl Bench {
    fn new(size: (u16, u16)) -> Self {
        let look = Look { colour: true, ascii: false };
        let mut bench = Self { state: State::new(look, size, 0, 0), now: 0 };
        let facts = Facts {
            target: Target::Local { account: None, region: None },
            endpoint: None,
            watched: "/data".into(),
            hints: vec![Hint { title: "Try:".into(), paste: "footbridge demo".into() }],
        };
        bench.send(Event::Updates(vec![Update::Facts(facts)]));
        bench
    }

    /// One with calls that began at 1 to `count`, of which each fifth went wrong.
    fn with(count: u64) -> Self {
        let mut bench = Self::new((80, 24));
        (1..=count).for_each(|at| bench.add(at));
        bench
    }

    fn add(&mut self, at: u64) {
        let mut new = call(at, if at.is_multiple_of(2) { "s3_get_object" } else { "dynamodb_query" });
        let ms = f64::from(u32::try_from(at * 7 % 10).unwrap());
        let wrong = failed("NoSuchKey", "The specified key does not exist.", ms);
        new.end = Some(if at.is_multiple_of(5) { wrong } else { ended(ms) });
        self.put(new);
    }

    fn put(&mut self, call: Call) {
        self.send(Event::Updates(vec![Update::Call(Box::new(call))]));
    }

    fn send(&mut self, event: Event) -> Effect {
        update(&mut self.state, event, self.now)
    }

    /// Presses keys: single characters, or names between angle brackets.
    fn press(&mut self, keys: &str) -> Effect {
        let (mut effect, mut rest) = (Effect::Nothing, keys);
        while let Some(first) = rest.chars().next() {
            let name = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
            let (code, after) = match name {
                Some((name, after)) => (named(name), after),
                None => (KeyCode::Char(first), &rest[first.len_utf8()..]),
            };
            let ctrl = name.is_some_and(|(name, _)| name.starts_with("c-"));
            let modifiers = if ctrl { KeyModifiers::CONTROL } else { KeyModifiers::NONE };
            effect = self.send(Event::Key(KeyEvent::new(code, modifiers)));
            rest = after;
        }
        effect
    }

    fn screen(&self) -> String {
        let (columns, rows) = self.state.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| draw(&self.state, frame)).unwrap();
        terminal.backend().to_string()
    }

    fn selected(&self) -> u64 {
        self.state.list.selected().unwrap().0
    }

    /// When the shown calls began.
    fn shown(&self) -> Vec<u64> {
        self.state.list.shown.iter().map(|key| key.0).collect()
    }
}

fn named(name: &str) -> KeyCode {
    match name {
        "up" => KeyCode::Up,
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "backspace" => KeyCode::Backspace,
        "left" => KeyCode::Left,
        "space" => KeyCode::Char(' '),
        "pageup" => KeyCode::PageUp,
        control => KeyCode::Char(control.chars().next_back().unwrap()),
    }
}

#[test]
fn it_goes_along_until_one_moves_up_and_again_after_g() {
    let mut bench = Bench::with(50);
    assert_eq!(bench.selected(), 50);
    bench.add(51);
    assert_eq!(bench.selected(), 51);

    bench.press("kk");
    bench.add(52);
    bench.add(53);
    assert_eq!(bench.selected(), 49);
    assert!(bench.screen().contains("paused, 2 new"), "{}", bench.screen());

    bench.press("G");
    bench.add(54);
    assert_eq!(bench.selected(), 54);
    assert!(bench.screen().contains("following"));
}

#[test]
fn what_one_reads_stays_on_its_line_while_calls_come() {
    let mut bench = Bench::with(100);
    bench.press("<pageup>kkk");
    let line = |bench: &Bench| bench.state.list.selected - bench.state.list.top;
    let (selected, before) = (bench.selected(), line(&bench));
    (101..=140).for_each(|at| bench.add(at));
    assert_eq!((bench.selected(), line(&bench)), (selected, before));
}

#[test]
fn moving_down_to_the_end_does_not_follow_by_itself() {
    let mut bench = Bench::with(10);
    bench.press("kjj");
    assert_eq!(bench.selected(), 10);
    bench.add(11);
    assert_eq!(bench.selected(), 10);
}

#[test]
fn space_holds_the_picture_and_lets_it_go_on() {
    let mut bench = Bench::with(10);
    let mut running = call(11, "s3_put_object");
    bench.put(running.clone());
    bench.press("<space>");
    let picture = bench.screen();
    running.end = Some(ended(5.0));
    bench.put(running);
    bench.add(12);
    bench.now = 5000;
    assert_eq!(bench.send(Event::Tick), Effect::Nothing);
    let held = bench.screen();
    assert!(held.contains("frozen, 2 new"), "{held}");
    let list = |screen: &str| screen.lines().skip(2).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(list(&held), list(&picture));
    bench.press("<space>");
    assert_eq!(bench.shown().len(), 12);
    assert!(bench.state.calls.iter().all(|(_, call)| call.end.is_some()));
}

#[test]
fn a_filter_holds_as_one_types_and_escape_takes_it_back() {
    let mut bench = Bench::with(20);
    bench.press("/service:s");
    assert_eq!(bench.shown().len(), 10);
    bench.press("3 status:err");
    assert_eq!(bench.shown(), [10, 20]);
    bench.press("<enter>");
    assert!(bench.screen().contains("/service:s3 status:err  2 of 20"), "{}", bench.screen());
    bench.press("/ tool:nothing");
    assert!(bench.screen().contains("No call passes the filter"));
    bench.press("<esc>");
    assert_eq!(bench.shown(), [10, 20]);
    bench.press("<esc>");
    assert_eq!(bench.shown().len(), 20);
}

#[test]
fn a_filter_without_sense_is_explained_and_the_last_good_one_holds() {
    let mut bench = Bench::with(20);
    bench.press("/>5ms >q");
    assert!(bench.screen().contains("a time looks like 100ms"), "{}", bench.screen());
    // 7 n mod 10 is 6 to 9 for four of each ten.
    assert_eq!(bench.shown().len(), 8);
    bench.press("<backspace><backspace><c-w>");
    assert_eq!(bench.shown().len(), 20);
}

#[test]
fn letters_are_typed_into_the_filter_and_not_obeyed() {
    let mut bench = Bench::with(5);
    assert_eq!(bench.press("/query"), Effect::Draw);
    assert_eq!(bench.state.list.filter_text, "query");
    assert_eq!(bench.press("<c-c>"), Effect::Quit);
}

#[test]
fn only_errors_and_jumps_between_them() {
    let mut bench = Bench::with(23);
    bench.press("[e");
    assert_eq!(bench.selected(), 20);
    bench.press("[e[e");
    assert_eq!(bench.selected(), 10);
    bench.press("]e");
    assert_eq!(bench.selected(), 15);
    bench.press("]e]e");
    assert_eq!(bench.selected(), 20);
    assert!(bench.screen().contains("No later call went wrong"));
    bench.press("e");
    assert_eq!(bench.shown(), [5, 10, 15, 20]);
    assert!(bench.screen().contains("errors only"));
    bench.press("<esc>");
    assert_eq!(bench.shown().len(), 23);
}

#[test]
fn rows_are_sorted_by_each_column_in_turn_with_an_arrow_on_it() {
    let mut bench = Bench::with(6);
    assert!(bench.screen().contains("TIME ▲"));
    bench.press("o");
    assert!(bench.screen().contains("LATENCY ▲"), "{}", bench.screen());
    assert_eq!(bench.shown(), [3, 6, 2, 5, 1, 4]);
    bench.press("o");
    assert_eq!(bench.shown(), [1, 3, 5, 2, 4, 6]);
    bench.press("o");
    assert_eq!(bench.shown(), [1, 2, 3, 4, 6, 5]);
    bench.press("oo");
    assert_eq!(bench.shown(), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_running_call_shows_its_time_going_by() {
    let mut bench = Bench::new((80, 24));
    bench.put(call(1000, "s3_put_object"));
    bench.now = 3500;
    assert_eq!(bench.send(Event::Tick), Effect::Draw);
    assert!(bench.screen().contains("2.50s"), "{}", bench.screen());
    let mut done = call(1000, "s3_put_object");
    done.end = Some(ended(2600.0));
    bench.put(done);
    assert!(bench.screen().contains("2.60s"));
    assert_eq!(bench.send(Event::Tick), Effect::Nothing);
}

#[test]
fn enter_opens_a_call_and_its_parts() {
    let mut bench = Bench::with(3);
    let mut long = call(4, "dynamodb_put_items");
    let items: Vec<_> = (0..20).map(|n| json!({ "n": n })).collect();
    long.request = json!({ "table": "Orders", "items": items });
    long.end = Some(ended(3.0));
    bench.put(long);
    bench.press("<enter>");
    let screen = bench.screen();
    assert!(screen.contains("\"table\": \"Orders\"") && screen.contains("… 20 elements"), "{screen}");
    bench.press("G");
    let mut last = bench.screen();
    assert_eq!(bench.state.detail.as_ref().unwrap().part, Part::Request);
    bench.press("k<enter>");
    assert_ne!(bench.screen(), last);
    last = bench.screen();
    assert!(last.contains("\"n\": 0"), "{last}");
    bench.press("<tab>");
    assert!(bench.screen().contains("outcome     ok"), "{}", bench.screen());
    bench.press("<tab><tab>");
    assert!(bench.screen().contains("took        3.00ms"), "{}", bench.screen());
    bench.press("<esc>");
    assert!(bench.state.detail.is_none());
}

#[test]
fn a_call_that_went_wrong_opens_at_what_came() {
    let mut bench = Bench::with(5);
    bench.press("<enter>");
    assert!(bench.screen().contains("NoSuchKey"), "{}", bench.screen());
}

#[test]
fn tab_shows_the_latency_of_each_tool_and_enter_chooses_one() {
    let mut bench = Bench::with(9);
    bench.press("<tab>");
    assert!(bench.screen().contains("LATENCY OF"), "{}", bench.screen());
    bench.press("j<enter>");
    assert_eq!(bench.shown(), [2, 4, 6, 8]);
    assert_eq!(bench.state.list.filter_text, "tool:s3_get_object");
}

#[test]
fn copying_gives_the_call_as_json() {
    let mut bench = Bench::with(5);
    let Effect::Copy(text) = bench.press("y") else { panic!("nothing was copied") };
    let copied: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&copied["status"], &copied["error"]["code"]), (&json!("error"), &json!("NoSuchKey")));
    let Effect::Copy(hint) = Bench::new((80, 24)).press("y") else { panic!("nothing was copied") };
    assert_eq!(hint, "footbridge demo");
}

#[test]
fn repeats_and_releases_of_keys_do_nothing() {
    let mut bench = Bench::with(5);
    for kind in [KeyEventKind::Release, KeyEventKind::Repeat] {
        let key = KeyEvent { kind, ..KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE) };
        assert_eq!(bench.send(Event::Key(key)), Effect::Nothing);
    }
    assert_eq!(bench.press("q"), Effect::Quit);
}

#[test]
fn pasted_text_is_typed_into_a_filter_and_otherwise_nothing() {
    let mut bench = Bench::with(5);
    assert_eq!(bench.send(Event::Paste("q".into())), Effect::Nothing);
    bench.press("/");
    bench.send(Event::Paste("a\nb\u{1b}".into()));
    assert_eq!(bench.state.input.as_ref().unwrap().text, "a b ");
}

#[test]
fn help_is_of_the_same_keys_and_closes_again() {
    let mut bench = Bench::with(5);
    bench.press("?");
    assert!(bench.screen().contains("Filter as you type"), "{}", bench.screen());
    bench.press("G");
    assert!(bench.screen().contains("abandoned"), "{}", bench.screen());
    bench.press("?");
    assert!(bench.state.help.is_none());
}

#[test]
fn the_open_call_may_grow_too_old() {
    let mut bench = Bench::with(3);
    bench.press("<enter>");
    bench.state.calls = bench.state.calls.emptied();
    bench.add(9);
    assert!(bench.state.detail.is_none());
    assert!(bench.screen().contains("no longer kept"), "{}", bench.screen());
}

#[test]
fn names_from_strangers_do_not_reach_the_terminal_as_they_are() {
    let mut bench = Bench::new((140, 40));
    let mut evil = call(1, "s3_\u{1b}]52;c;ZXZpbA==\u{7}");
    evil.resources = vec!["s3://b/\u{202e}gpj.exe\u{200b}".into()];
    evil.client.name = "\u{9b}2J".into();
    evil.store = "\r\n".into();
    evil.request = json!({ "\u{1b}c": "\u{1b}[31m" });
    evil.end = Some(failed("\u{1b}[5m", "a\u{8}b", 1.0));
    bench.put(evil);
    let check = |bench: &Bench| {
        let screen = bench.screen();
        assert!(!screen.chars().any(|c| c != '\n' && (c.is_control() || "\u{202e}\u{200b}".contains(c))), "{screen:?}");
    };
    check(&bench);
    bench.press("<enter>");
    for _ in 0..4 {
        check(&bench);
        bench.press("<tab>");
    }
}

#[test]
fn no_size_is_too_small() {
    let keys = "k<space>/a b<enter><esc>?G?<tab>jk<tab>o<enter><tab><tab><tab>w<enter>zGg<esc>eGy<esc>/>x";
    for columns in [1, 2, 5, 11, 23, 42, 80, 250] {
        for rows in (1..=11).chain([31]) {
            let mut bench = Bench::with(7);
            let mut long = call(8, "dynamodb_put_items");
            long.request = json!({ "a": { "b": { "c": ["日本語日本語日本語", [[[[[1]]]]]] } } });
            bench.put(long);
            bench.send(Event::Resize(columns, rows));
            for key in keys.chars() {
                bench.press(&key.to_string());
                bench.screen();
            }
            bench.press(keys);
            bench.send(Event::Resize(columns / 2 + 1, rows / 2 + 1));
            bench.screen();
        }
    }
}
