use std::sync::Arc;
use std::time::Duration;

use footbridge_tui::model::{Call, Status, Target};
use footbridge_tui::{Facts, Source as _, Update};
use serde_json::{Value, json};

use super::{Journals, Watched};
use crate::clock::{CountingIds, Ids, ManualClock};
use crate::journal::{self, Finish, Limits, OpenCall, Recorder, Start, Subject, Who};

struct Bench {
    dir: tempfile::TempDir,
    clock: ManualClock,
    ids: Arc<dyn Ids>,
}

impl Bench {
    fn new() -> Self {
        let clock = ManualClock::at_millis(1_790_000_000_000);
        Self { dir: tempfile::tempdir().unwrap(), clock, ids: Arc::new(CountingIds::default()) }
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
            subject: Subject::Tool { tool: tool.into() },
            resources: vec!["dynamodb://Orders".into()],
            access: crate::emulator::access::Access::new(),
            parameters: &json!({ "table": "Orders" }),
            bytes_in: None,
        };
        recorder.start(start).unwrap()
    }

    fn watch(&self) -> Journals {
        let facts = Facts {
            target: Target::Local { account: None, region: None },
            endpoint: None,
            watched: "here".into(),
            hints: Vec::new(),
        };
        let watched = Watched {
            journal: self.dir.path().join(journal::DIRECTORY),
            stores: Some(self.dir.path().join("stores")),
            facts: Box::new(move || facts.clone()),
        };
        Journals::new(watched, Arc::new(self.clock.clone()))
    }
}

fn end(call: OpenCall) {
    let outcome = journal::Outcome::Ok;
    call.finish(Finish { outcome, aws_calls: Vec::new(), bytes_out: None, response: &Value::Null }).unwrap();
}

/// The calls of a look; facts and notices aside.
fn calls(journals: &mut Journals) -> Vec<Call> {
    let news = journals.news().unwrap();
    let calls = news.updates.into_iter().filter_map(|update| match update {
        Update::Call(call) => Some(*call),
        _ => None,
    });
    calls.collect()
}

fn names(calls: &[Call]) -> Vec<(&str, &str, Status)> {
    calls.iter().map(|call| (call.store.as_str(), call.name.as_str(), call.status())).collect()
}

#[test]
fn history_of_all_stores_comes_first_and_what_happens_follows() {
    let bench = Bench::new();
    let (main, demo) = (bench.recorder(None), bench.recorder(Some("demo")));
    end(bench.begin(&main, "s3_put_object"));
    end(bench.begin(&demo, "dynamodb_query"));
    let mut journals = bench.watch();
    let seen = calls(&mut journals);
    assert_eq!(names(&seen), [("", "s3_put_object", Status::Ok), ("demo", "dynamodb_query", Status::Ok)]);
    assert_eq!((seen[1].service.as_str(), &seen[1].resources[0][..]), ("dynamodb", "dynamodb://Orders"));
    assert_eq!(calls(&mut journals), []);

    let running = bench.begin(&demo, "dynamodb_scan");
    assert_eq!(names(&calls(&mut journals)), [("demo", "dynamodb_scan", Status::Running)]);
    end(running);
    assert_eq!(names(&calls(&mut journals)), [("demo", "dynamodb_scan", Status::Ok)]);
}

#[test]
fn a_store_that_comes_later_is_found_within_a_second() {
    let bench = Bench::new();
    let mut journals = bench.watch();
    assert_eq!(calls(&mut journals), []);
    let demo = bench.recorder(Some("demo"));
    end(bench.begin(&demo, "bridge_status"));
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(names(&calls(&mut journals)), [("demo", "bridge_status", Status::Ok)]);
}

#[test]
fn a_store_that_is_made_anew_is_watched_on() {
    let bench = Bench::new();
    let mut journals = bench.watch();
    for _ in 0..2 {
        let demo = bench.recorder(Some("demo"));
        bench.clock.advance(Duration::from_secs(1));
        end(bench.begin(&demo, "bridge_status"));
        assert_eq!(calls(&mut journals).len(), 1);
        drop(demo);
        std::fs::remove_dir_all(bench.dir.path().join("stores/demo")).unwrap();
        assert_eq!(calls(&mut journals), []);
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
    assert_eq!(names(&calls(&mut journals)), [("", "s3_put_object", Status::Running)]);
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(calls(&mut journals), []);

    // What a killed process leaves: its file, held by nobody.
    let dir = bench.dir.path().join(journal::DIRECTORY);
    let file = std::fs::read_dir(&dir).unwrap().next().unwrap().unwrap().path();
    std::fs::write(dir.join("1790000000000-1-0.ndjson"), std::fs::read(&file).unwrap()).unwrap();
    std::fs::remove_file(file).unwrap();
    let mut journals = bench.watch();
    assert_eq!(names(&calls(&mut journals)), [("", "s3_put_object", Status::Running)]);
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(names(&calls(&mut journals)), [("", "s3_put_object", Status::Lost)]);
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
