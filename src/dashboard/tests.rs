use std::sync::Arc;
use std::time::Duration;

use footbridge_record::Target;
use footbridge_tui::row::{Row, Standing};
use footbridge_tui::{Facts, History, Mode, Source as _, Update};
use serde_json::{Value, json};

use super::{Journals, Places, Watched};
use crate::backend::{Presence, ProcessRecord};
use crate::clock::{CountingIds, Ids, ManualClock};
use crate::journal::{self, Finish, Limits, OpenCall, Recorder, Start, Subject, Who};

struct Bench {
    dir: tempfile::TempDir,
    clock: ManualClock,
    ids: Arc<dyn Ids>,
    places: Places,
}

impl Bench {
    fn new() -> Self {
        let clock = ManualClock::at_millis(1_790_000_000_000);
        let ids = Arc::new(CountingIds::default());
        Self { dir: tempfile::tempdir().unwrap(), clock, ids, places: Places::default() }
    }

    /// The journal of the store `name`, or of the directory itself.
    fn recorder(&self, store: Option<&str>) -> Recorder {
        let place = store.map_or(self.dir.path().to_owned(), |name| self.dir.path().join("stores").join(name));
        let clock = Arc::new(self.clock.clone());
        Recorder::in_dir(place.join(journal::DIRECTORY), Limits::default(), clock, Arc::clone(&self.ids)).unwrap()
    }

    fn begin(&self, recorder: &Recorder, tool: &str) -> OpenCall {
        self.clock.advance(Duration::from_millis(10));
        let start = Start {
            who: Who::Mcp { client: Some("agent 1".into()) },
            target: journal::Target::Local { account: None, region: Some("us-east-1".into()) },
            target_name: None,
            subject: Subject::Tool { tool: tool.into() },
            resources: vec!["dynamodb://Orders".into()],
            access: crate::emulator::access::Access::new(),
            parameters: json!({ "table": "Orders" }),
            bytes_in: None,
        };
        recorder.start(start)
    }

    fn watch(&self) -> Journals {
        let facts = Facts {
            target: Target::Local { account: None, region: None },
            mode: Mode::ReadWrite,
            endpoint: None,
            watched: "here".into(),
            hints: Vec::new(),
        };
        let watched = Watched {
            journal: self.dir.path().join(journal::DIRECTORY),
            stores: Some(self.dir.path().join("stores")),
            directory: self.dir.path().to_owned(),
            facts: Box::new(move || facts.clone()),
            places: self.places.clone(),
        };
        Journals::new(watched, Arc::new(self.clock.clone()))
    }
}

fn end(call: OpenCall) {
    let outcome = journal::Outcome::Ok;
    call.finish(Finish {
        outcome,
        aws_calls: Vec::new(),
        aws_calls_left_out: 0,
        bytes_out: None,
        response: Value::Null,
    });
}

/// The calls of a look, those that these record too; facts and notices aside.
fn calls(recorders: &[&Recorder], journals: &mut Journals) -> Vec<Row> {
    for recorder in recorders {
        recorder.settle();
    }
    let news = journals.news().unwrap();
    let calls = news.updates.into_iter().filter_map(|update| match update {
        Update::Calls(calls) => Some(calls),
        _ => None,
    });
    calls.flatten().collect()
}

fn names(calls: &[Row]) -> Vec<(&str, &str, Standing)> {
    calls.iter().map(|call| (&*call.origin.store, &*call.subject.name, call.standing)).collect()
}

#[test]
fn history_of_all_stores_comes_first_and_what_happens_follows() {
    let bench = Bench::new();
    let (main, demo) = (bench.recorder(None), bench.recorder(Some("demo")));
    end(bench.begin(&main, "s3_put_object"));
    end(bench.begin(&demo, "dynamodb_query"));
    let mut journals = bench.watch();
    let seen = calls(&[&main, &demo], &mut journals);
    assert_eq!(names(&seen), [("", "s3_put_object", Standing::Ok), ("demo", "dynamodb_query", Standing::Ok)]);
    assert_eq!((&*seen[1].subject.service, seen[1].resources().next().unwrap()), ("dynamodb", "dynamodb://Orders"));
    let call = bench.places.call(seen[1].place).unwrap().unwrap();
    assert_eq!((call.id, call.name(), call.finished.is_some()), (seen[1].id, "dynamodb_query", true));
    assert_eq!(calls(&[&main, &demo], &mut journals), []);

    let running = bench.begin(&demo, "dynamodb_scan");
    let seen = calls(&[&main, &demo], &mut journals);
    assert_eq!(names(&seen), [("demo", "dynamodb_scan", Standing::Running)]);
    let call = bench.places.call(seen[0].place).unwrap().unwrap();
    assert_eq!(
        (call.name(), &call.started.parameters, call.finished.is_none()),
        ("dynamodb_scan", &json!({ "table": "Orders" }), true)
    );
    end(running);
    assert_eq!(names(&calls(&[&main, &demo], &mut journals)), [("demo", "dynamodb_scan", Standing::Ok)]);
}

#[test]
fn a_store_that_comes_later_is_found_within_a_second() {
    let bench = Bench::new();
    let mut journals = bench.watch();
    assert_eq!(calls(&[], &mut journals), []);
    let demo = bench.recorder(Some("demo"));
    end(bench.begin(&demo, "bridge_status"));
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(names(&calls(&[&demo], &mut journals)), [("demo", "bridge_status", Standing::Ok)]);
}

#[test]
fn a_store_that_is_made_anew_is_watched_on() {
    let bench = Bench::new();
    let mut journals = bench.watch();
    for _ in 0..2 {
        let demo = bench.recorder(Some("demo"));
        bench.clock.advance(Duration::from_secs(1));
        end(bench.begin(&demo, "bridge_status"));
        assert_eq!(calls(&[&demo], &mut journals).len(), 1);
        drop(demo);
        std::fs::remove_dir_all(bench.dir.path().join("stores/demo")).unwrap();
        assert_eq!(calls(&[], &mut journals), []);
    }
}

#[test]
#[cfg(unix)]
fn a_call_whose_process_ended_is_lost() {
    let bench = Bench::new();
    let main = bench.recorder(None);
    std::mem::forget(bench.begin(&main, "s3_put_object"));
    let mut journals = bench.watch();
    // The journal of this very process, which lives, is still held.
    assert_eq!(names(&calls(&[&main], &mut journals)), [("", "s3_put_object", Standing::Running)]);
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(calls(&[&main], &mut journals), []);

    // What a killed process leaves: its file, held by nobody.
    let dir = bench.dir.path().join(journal::DIRECTORY);
    let file = std::fs::read_dir(&dir).unwrap().next().unwrap().unwrap().path();
    std::fs::write(dir.join("1790000000000-1-0.ndjson"), std::fs::read(&file).unwrap()).unwrap();
    std::fs::remove_file(file).unwrap();
    let mut journals = bench.watch();
    assert_eq!(names(&calls(&[&main], &mut journals)), [("", "s3_put_object", Standing::Running)]);
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(names(&calls(&[&main], &mut journals)), [("", "s3_put_object", Standing::Lost)]);
}

#[test]
fn lines_that_are_no_records_are_told_once() {
    let bench = Bench::new();
    let dir = bench.dir.path().join(journal::DIRECTORY);
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("1790000000000-1-0.ndjson"), "not JSON\n{}\n").unwrap();
    let mut journals = bench.watch();
    let notices = |journals: &mut Journals| {
        journals.news().unwrap().updates.into_iter().filter(|update| matches!(update, Update::Notice(_))).count()
    };
    assert_eq!((notices(&mut journals), notices(&mut journals)), (1, 0));
}

/// How far history is, after a look.
fn history(news: &footbridge_tui::News) -> Option<History> {
    news.updates.iter().rev().find_map(|update| match update {
        Update::History(history) => Some(*history),
        _ => None,
    })
}

#[test]
fn history_comes_from_the_latest_call_back_to_the_oldest_while_calls_go_on() {
    let bench = Bench::new();
    let main = bench.recorder(None);
    // Begun before all of it, and ended once it is watched.
    let oldest = bench.begin(&main, "s3_get_object");
    for _ in 0..2000 {
        end(bench.begin(&main, "dynamodb_query"));
    }
    main.settle();
    let mut journals = bench.watch();
    let first = journals.news().unwrap();
    let far = history(&first).unwrap();
    assert!(first.more && 0 < far.read && far.read < far.total, "{far:?}");
    let mut rows = Vec::new();
    let mut take = |news: footbridge_tui::News| {
        for update in news.updates {
            if let Update::Calls(calls) = update {
                rows.extend(calls);
            }
        }
        news.more
    };
    take(first);
    end(oldest);
    end(bench.begin(&main, "dynamodb_scan"));
    main.settle();
    let mut far = None;
    loop {
        let news = journals.news().unwrap();
        far = history(&news).or(far);
        if !take(news) {
            break;
        }
    }
    assert!(far.is_some_and(|far| far.read == far.total), "{far:?}");
    let mut latest = std::collections::BTreeMap::new();
    for row in &rows {
        latest.insert(row.id, row);
    }
    assert_eq!(latest.len(), 2002);
    assert!(latest.values().all(|row| row.standing == Standing::Ok), "each has both of its records");
    let queries: Vec<u64> =
        rows.iter().filter(|row| &*row.subject.name == "dynamodb_query").map(|row| row.at).collect();
    assert!(queries.is_sorted_by(|a, b| a > b), "the latest first");
    for row in [rows.last().unwrap(), latest.values().find(|row| &*row.subject.name == "s3_get_object").unwrap()] {
        assert_eq!(bench.places.call(row.place).unwrap().unwrap().id, row.id);
    }
}

#[test]
fn a_call_whose_file_is_gone_has_its_row_and_nothing_to_open() {
    let bench = Bench::new();
    let main = bench.recorder(None);
    end(bench.begin(&main, "s3_put_object"));
    main.settle();
    let mut journals = bench.watch();
    let seen = calls(&[&main], &mut journals);
    std::fs::remove_dir_all(bench.dir.path().join(journal::DIRECTORY)).unwrap();
    assert_eq!(bench.places.call(seen[0].place).unwrap(), None);
}

#[test]
fn what_the_journal_says_is_missing_is_told_once() {
    let bench = Bench::new();
    let dir = bench.dir.path().join(journal::DIRECTORY);
    std::fs::create_dir_all(&dir).unwrap();
    let note = |about: Value| {
        let mut note = json!({ "v": 2, "id": uuid::Uuid::nil(), "at": 1, "event": "note", "pid": 1 });
        note.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
        note.to_string() + "\n"
    };
    let lines = note(json!({ "note": "files_removed", "files": 3, "bytes": 5_000_000 }))
        + &note(json!({ "note": "calls_left_out", "calls": 1, "from": 1, "to": 1 }));
    std::fs::write(dir.join("1790000000000-1-0.ndjson"), lines).unwrap();
    let mut journals = bench.watch();
    let mut notices = || {
        let updates = journals.news().unwrap().updates;
        let notices = updates.into_iter().filter_map(|update| match update {
            Update::Notice(text) => Some(text),
            _ => None,
        });
        notices.collect::<Vec<_>>()
    };
    let told = "the journal's limits took 3 files of older calls, 5 MiB; 1 call came faster than could be recorded";
    assert_eq!(notices(), [told]);
    assert_eq!(notices(), [""; 0]);
}

#[test]
fn the_end_of_another_process_is_told() {
    let bench = Bench::new();
    let record = |pid| ProcessRecord {
        pid,
        command: "serve".into(),
        version: "0".into(),
        started: 1,
        target: Target::Local { account: None, region: None },
        mode: "read-write".into(),
        journal: bench.dir.path().into(),
        endpoint: None,
        mcp: None,
        client: None,
    };
    let announce = |pid| Presence::announce(bench.dir.path(), record(pid)).unwrap();
    let (ours, first, second) = (announce(std::process::id()), announce(7), announce(8));
    let mut journals = bench.watch();
    let mut notices = || {
        bench.clock.advance(Duration::from_secs(1));
        let updates = journals.news().unwrap().updates;
        let notices = updates.into_iter().filter_map(|update| match update {
            Update::Notice(text) => Some(text),
            _ => None,
        });
        notices.collect::<Vec<_>>()
    };
    assert_eq!(notices(), [""; 0]);
    drop((ours, first));
    assert_eq!(notices(), ["serve (7) ended"]);
    drop(second);
    assert_eq!((notices(), notices()), (vec!["serve (8) ended".to_owned()], Vec::new()));
}
