//! What the calls look like, at each size and in each look.

use footbridge_record::{Target, time};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::recorded::stage;
use crate::app::Event;
use crate::app::desk::Glance;
use crate::app::screen::Screen as _;
use crate::calls::Calls;
use crate::source::{Facts, Hint, Mode, Update};
use crate::testing::{LOOKS, NOW, SIZES, Stage, local};

/// The picture at each size in colour, and at the smallest without and in ASCII.
fn each(name: &str, keys: &str) {
    let drawn = |(columns, rows): (u16, u16), number: usize, styles: bool| {
        let (word, look) = LOOKS[number];
        let mut stage: Stage = stage(look, (columns, rows));
        stage.press(keys);
        stage.wait(100);
        stage.wait(100);
        let picture = stage.picture(styles);
        if look.ascii {
            assert!(picture.is_ascii(), "{picture}");
        }
        insta::assert_snapshot!(format!("{name}_{columns}x{rows}_{word}"), picture);
    };
    for size in SIZES {
        drawn(size, 0, true);
    }
    drawn(SIZES[0], 1, true);
    drawn(SIZES[0], 2, false);
}

#[test]
fn the_list() {
    each("list", "");
}

#[test]
fn a_detail_and_its_parts() {
    each("request", "/ 'tool:query enter enter");
    each("response", "/ 'tool:query enter enter tab");
    each("aws_calls", "/ 'tool:=dynamodb_create_table enter enter tab tab");
    each("timing", "/ 'tool:=dynamodb_create_table enter enter tab tab tab");
}

#[test]
fn the_latency_of_each_tool() {
    each("latency", "tab j");
}

#[test]
fn a_filter_as_it_is_typed_says_what_it_does_not_understand() {
    for (number, size) in [(0, SIZES[0]), (1, SIZES[0]), (2, SIZES[0]), (0, SIZES[1])] {
        let (word, look) = LOOKS[number];
        let mut stage = stage(look, size);
        stage.press("/ 'service:dynamodb ' '>1ms ' 'staus:err");
        let name = format!("filter_{}x{}_{word}", size.0, size.1);
        insta::assert_snapshot!(name, stage.picture(number == 0));
    }
}

fn hint(title: &str, paste: &str) -> Hint {
    Hint { title: title.into(), paste: paste.into() }
}

#[test]
fn no_calls_yet() {
    for (number, size) in [(0, SIZES[0]), (0, SIZES[1]), (0, SIZES[2]), (1, SIZES[0]), (2, SIZES[0])] {
        let (word, look) = LOOKS[number];
        let mut stage = Stage::new(look, size, |_| None);
        let hints = vec![
            hint("Give the tools to a coding agent:", "claude mcp add footbridge -- footbridge mcp"),
            hint("Watch an example, in another shell:", "footbridge demo"),
            hint(
                "Or in Python, over two lines:",
                "import boto3\nboto3.client('s3', endpoint_url='http://127.0.0.1:4566', region_name='us-east-1', aws_access_key_id='test')",
            ),
        ];
        stage.event(Event::Updates(vec![Update::Facts(Facts { hints, ..local() })]));
        insta::assert_snapshot!(format!("empty_{}x{}_{word}", size.0, size.1), stage.picture(number == 0));
    }
}

#[test]
fn what_side_one_is_on_is_never_in_doubt() {
    let aws = Target::Aws { account: Some("123456789012".into()), region: Some("eu-west-1".into()) };
    let custom = Target::Custom { url: "https://s3.example.test:9000".into(), region: Some("us-east-1".into()) };
    for (side, target) in [("aws", aws), ("custom", custom)] {
        for (number, size) in [(0, SIZES[0]), (0, SIZES[1]), (0, SIZES[2]), (1, SIZES[0]), (2, SIZES[0])] {
            let (word, look) = LOOKS[number];
            let mut stage = stage(look, size);
            let facts = Facts { target: target.clone(), endpoint: None, mode: Mode::Ask, ..local() };
            stage.event(Event::Updates(vec![Update::Facts(facts)]));
            insta::assert_snapshot!(format!("{side}_{}x{}_{word}", size.0, size.1), stage.picture(number == 0));
        }
    }
}

#[test]
fn what_is_asked_before_a_call_is_made_again_and_what_comes_of_it() {
    for (number, size) in [(0, SIZES[0]), (0, SIZES[1]), (1, SIZES[0]), (2, SIZES[0])] {
        let (word, look) = LOOKS[number];
        let mut stage = stage(look, size);
        stage.press("r");
        insta::assert_snapshot!(format!("replay_{}x{}_{word}", size.0, size.1), stage.picture(number == 0));
        stage.press("y");
        insta::assert_snapshot!(format!("replayed_{}x{}_{word}", size.0, size.1), stage.picture(number == 0));
        stage.press("esc y");
        insta::assert_snapshot!(format!("copy_{}x{}_{word}", size.0, size.1), stage.picture(number == 0));
    }
}

#[test]
fn where_older_calls_had_to_go_it_is_said_where_they_are() {
    let mut calls = Calls::new(4000);
    let glance = Glance { look: LOOKS[0].1, now: NOW, offset: 0, facts: Some(local()), covered: false };
    let area = Rect::new(0, 0, 80, 20);
    calls.list.take(super::recorded::rows(), NOW, 5);
    let mut buffer = Buffer::empty(area);
    calls.arrange(area, &glance);
    calls.draw(area, &mut buffer, &glance);
    let row = |y| (0..80).map(|x| buffer[(x, y)].symbol().to_owned()).collect::<String>();
    let oldest = time::rfc3339(calls.list.store.oldest().unwrap().at);
    assert!(row(1).contains(&format!("older calls: footbridge journal tail --until {oldest}")), "{}", row(1));
    assert!(row(2).contains("TIME"), "{}", row(2));
}
