use crate::ask::{Answer, Ask, Process, Region, Sessions, Trouble};
use crate::testing::{LOOKS, NOW, SIZES, Stage};

fn process(pid: u32, command: &str) -> Process {
    Process {
        pid,
        command: command.into(),
        target: "local us-east-1".into(),
        mode: "read-write".into(),
        started: NOW - 65_000,
        memory: Some(23 << 20),
        ..Process::default()
    }
}

fn sessions() -> Sessions {
    let endpoint = "http://127.0.0.1:4566".to_owned();
    let agent = "claude-code 2.1.44".to_owned();
    Sessions {
        processes: vec![
            Process { owner: true, endpoint, ..process(4242, "serve") },
            Process { client: agent, ..process(4250, "mcp") },
            Process { own: true, ..process(4300, "tui") },
            Process {
                target: "aws 123456789012 eu-west-1".into(),
                mode: "ask".into(),
                store: "shop\u{1b}[2J".into(),
                ..process(4400, "mcp")
            },
        ],
        facts: [("database", "1.2 MiB"), ("objects", "348 MiB in 1,204"), ("journal", "12 MiB")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        regions: vec![
            Region { account: "000000000000".into(), region: "us-east-1".into(), tables: 6, buckets: 2 },
            Region { account: "111122223333".into(), region: "eu-west-1".into(), tables: 1, buckets: 0 },
        ],
        log: vec![
            "2026-11-22T09:19:59Z  INFO the data is this process's".into(),
            "2026-11-22T09:20:01Z  WARN a call took 2.1 s\u{202e}".into(),
        ],
    }
}

fn answer(ask: &Ask) -> Option<Result<Answer, Trouble>> {
    matches!(ask, Ask::Sessions).then(|| Ok(Answer::Sessions(Box::new(sessions()))))
}

#[test]
fn pictures() {
    for (name, look) in LOOKS {
        for size in SIZES {
            if name != "colour" && size != SIZES[0] {
                continue;
            }
            let mut stage = Stage::new(look, size, answer);
            stage.press("5");
            let picture = stage.picture(name == "plain");
            insta::assert_snapshot!(format!("sessions_{name}_{}", size.0), picture);
            assert!(name != "ascii" || picture.is_ascii());
        }
    }
}

#[test]
fn the_selected_process_is_copied_by_its_endpoint_or_its_number() {
    let mut stage = Stage::new(LOOKS[0].1, SIZES[0], answer);
    stage.press("5 y j y");
    assert_eq!(stage.copied, ["http://127.0.0.1:4566", "4250"]);
    stage.click(10, 6);
    stage.press("y");
    assert_eq!(stage.copied.last().map(String::as_str), Some("4300"));
}

#[test]
fn it_is_looked_at_every_second_while_it_is_in_front_and_once_at_a_time() {
    let mut stage = Stage::new(LOOKS[0].1, SIZES[0], |_| None);
    stage.press("5");
    stage.wait(5000);
    assert_eq!(stage.asked, [Ask::Sessions]);
    stage.answer(|_| true, Ok(Answer::Sessions(Box::new(sessions()))));
    stage.wait(100);
    assert_eq!(stage.asked.len(), 2);
    stage.answer(|_| true, Err(Trouble { code: "io".into(), message: "the disk is gone".into() }));
    assert!(stage.text().contains("the disk is gone"));
    stage.press("1");
    stage.wait(5000);
    assert_eq!(stage.asked.len(), 2);
    stage.press("5");
    assert_eq!(stage.asked.len(), 3);
    stage.answer(|_| true, Ok(Answer::Sessions(Box::new(sessions()))));
    stage.press("r");
    assert_eq!(stage.asked.len(), 4);
}
