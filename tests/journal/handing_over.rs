//! How calls and the thread that writes get along: nothing is lost at the end, and what had to be left out is counted.

use std::fs;
use std::path::Path;
use std::pin::Pin;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use footbridge::clock::{Clock, CountingIds, ManualClock, SystemClock};
use footbridge::emulator::body::{self, BoxError};
use footbridge::emulator::call::Asked;
use footbridge::emulator::heard::Heard;
use footbridge::emulator::observer::{CallStart, Observer};
use footbridge::emulator::{Emulator, Location, Options};
use footbridge::journal::{About, EndpointObserver, Event, Limits, Reader, Recorder, Started, Subject, TOO_FAST};
use http_body::Frame;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::{Bench, NOON, aws, local, ok, put, rest};

/// A clock that keeps the journal's thread waiting whenever it asks for the time, which it does before it writes.
#[derive(Debug, Default)]
struct Gate {
    state: Mutex<Waits>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waits {
    closed: bool,
    /// Whether the thread stands before it.
    waiting: bool,
}

impl Gate {
    fn close(&self) {
        self.state.lock().unwrap().closed = true;
    }

    fn open(&self) {
        self.state.lock().unwrap().closed = false;
        self.changed.notify_all();
    }

    /// Waits until the thread does.
    fn meet(&self) {
        let state = self.state.lock().unwrap();
        drop(self.changed.wait_while(state, |state| !state.waiting).unwrap());
    }
}

impl Clock for Gate {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(NOON)
    }

    fn millis(&self) -> u64 {
        let mut state = self.state.lock().unwrap();
        state.waiting = true;
        self.changed.notify_all();
        let mut state = self.changed.wait_while(state, |state| state.closed).unwrap();
        state.waiting = false;
        NOON
    }
}

#[test]
fn what_does_not_fit_into_the_queue_is_counted_and_bodies_go_first() {
    let dir = tempfile::tempdir().unwrap();
    let gate = Arc::new(Gate::default());
    let ids = Arc::new(CountingIds::default());
    let recorder = Recorder::in_dir(dir.path(), Limits::default(), gate.clone(), ids).unwrap();
    gate.close();
    drop(recorder.start(put(local(), &json!({"turn": 0}))));
    gate.meet();
    let large = json!({"text": "word ".repeat(200_000)});
    for _ in 0..20 {
        recorder.start(put(local(), &large)).finish(ok(&Value::Null));
    }
    for turn in 1..20_000 {
        recorder.start(put(local(), &json!({"turn": turn}))).finish(ok(&Value::Null));
    }
    gate.open();
    drop(recorder);

    let mut reader = Reader::open(dir.path()).unwrap();
    let (mut begun, mut ended, mut left_out, mut bodies, mut let_go) = (0, 0, 0, 0, 0);
    for entry in rest(&mut reader) {
        match entry.record.event {
            Event::Started(started) => {
                begun += 1;
                bodies += u32::from(started.parameters.get("text").is_some());
                let_go += u32::from(started.parameters.is_null() && started.partial);
            }
            Event::Finished(_) => ended += 1,
            Event::Note(note) => match note.about {
                About::CallsLeftOut { calls, from, to, why } => {
                    assert_eq!((from, to, why.as_deref()), (NOON, NOON, Some(TOO_FAST)));
                    left_out += calls;
                }
                about @ About::FilesRemoved { .. } => panic!("{about:?}"),
            },
        }
    }
    assert_eq!(begun, ended);
    assert_eq!(begun + left_out, 20_020);
    assert!(left_out > 1000 && begun > 500, "{begun} recorded, {left_out} left out");
    assert!(bodies >= 5 && bodies + let_go >= 20, "{bodies} bodies, {let_go} let go");
}

#[test]
fn nothing_is_lost_when_the_last_recorder_goes() {
    let bench = Bench::new();
    let journal = bench.journal();
    for turn in 0..1000 {
        bench.recorder.start(put(local(), &json!({"turn": turn}))).finish(ok(&Value::Null));
    }
    let Bench { recorder, dir, .. } = bench;
    drop(recorder);
    let mut reader = Reader::open(&journal).unwrap();
    assert_eq!(rest(&mut reader).len(), 2000);
    drop(dir);
}

#[tokio::test]
async fn a_call_that_waits_for_its_record_finds_it_on_file() {
    let bench = Bench::new();
    for turn in 0..20 {
        let call = bench.recorder.start_on_file(put(aws(), &json!({"turn": turn}))).await.unwrap();
        // As it is, with nobody waiting for the thread.
        let files = fs::read_dir(bench.journal()).unwrap();
        let text: String = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        assert!(text.contains(&call.id().to_string()), "{text}");
        call.finish(ok(&Value::Null));
    }
}

#[tokio::test]
async fn a_call_that_waits_for_its_record_is_told_that_it_cannot_be_written_and_nothing_of_it_follows() {
    let bench = Bench::new();
    fs::write(bench.journal(), "a file where the directory should be").unwrap();
    bench.recorder.start_on_file(put(aws(), &Value::Null)).await.unwrap_err();
    drop(bench.recorder.start(put(local(), &Value::Null)));
    assert!(bench.recorder.failure().is_some());
    fs::remove_file(bench.journal()).unwrap();
    drop(bench.recorder.start_on_file(put(aws(), &Value::Null)).await.unwrap());
    bench.recorder.settle();
    assert_eq!(bench.recorder.failure(), None);
    let mut reader = Reader::open(bench.journal()).unwrap();
    let events: Vec<Event> = rest(&mut reader).into_iter().map(|entry| entry.record.event).collect();
    let left_out = events.iter().find_map(|event| match event {
        Event::Note(note) => Some(note.about.clone()),
        _ => None,
    });
    // The local call ran; the one to AWS did not.
    let Some(About::CallsLeftOut { calls: 1, from: NOON, to: NOON, why: Some(why) }) = left_out else {
        panic!("{left_out:?}")
    };
    assert!(why.contains("journal"), "{why}");
    assert_eq!(bench.calls().len(), 1);
}

/// What `recorder` wrote in `dir`.
fn events(dir: &Path) -> Vec<Event> {
    let mut reader = Reader::open(dir).unwrap();
    rest(&mut reader).into_iter().map(|entry| entry.record.event).collect()
}

#[test]
fn the_end_of_a_call_that_cannot_be_written_is_written_when_it_can_be_and_a_note_says_why_calls_are_missing() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, aside) = (dir.path().join("journal"), dir.path().join("aside"));
    // Each line needs a new file, which a file in the directory's place prevents.
    let limits = Limits { file_bytes: 1, files: u64::MAX, ..Limits::default() };
    let bench = Bench { recorder: crate::recorder(dir.path(), &ManualClock::at_millis(NOON), limits), ..Bench::new() };
    let under_way = bench.recorder.start(put(local(), &Value::Null));
    assert_eq!(bench.recorder.failure(), None);
    fs::rename(&journal, &aside).unwrap();
    fs::write(&journal, "").unwrap();
    under_way.finish(ok(&Value::Null));
    bench.recorder.start(put(local(), &Value::Null)).finish(ok(&Value::Null));
    assert!(bench.recorder.failure().is_some());
    fs::remove_file(&journal).unwrap();
    fs::rename(&aside, &journal).unwrap();
    // Nobody calls meanwhile.
    let deadline = Instant::now() + Duration::from_secs(20);
    let is_done = |events: &[Event]| events.iter().any(|event| matches!(event, Event::Note(_)));
    while !is_done(&events(&journal)) && Instant::now() < deadline {
        std::thread::yield_now();
    }
    let events = events(&journal);
    assert_eq!(events.iter().filter(|event| matches!(event, Event::Started(_))).count(), 1);
    assert_eq!(events.iter().filter(|event| matches!(event, Event::Finished(_))).count(), 1);
    let Some(Event::Note(note)) = events.last() else { panic!("{events:?}") };
    let About::CallsLeftOut { calls: 1, why: Some(why), .. } = &note.about else { panic!("{note:?}") };
    assert!(why.starts_with("cannot "), "{why}");
}

#[cfg(unix)]
#[test]
fn what_only_has_the_name_of_a_file_is_none_of_the_journals() {
    let bench = Bench::new();
    let fifo = bench.journal().join("1790000000001-7-0.ndjson");
    fs::create_dir(bench.journal()).unwrap();
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    fs::create_dir(bench.journal().join("1790000000002-7-0.ndjson")).unwrap();
    drop(bench.recorder.start(put(local(), &Value::Null)));
    let (told, hears) = mpsc::channel();
    let (journal, recorder) = (bench.journal(), bench.recorder.clone());
    // On a thread of its own: it would wait for ever.
    std::thread::spawn(move || {
        let written = recorder.flush(Duration::from_secs(5));
        let read = events(&journal).len();
        let ended = Reader::open(&journal).unwrap().has_ended("1790000000001-7-0.ndjson", 7);
        told.send((written, read, ended, Reader::open(&fifo).map(drop).map_err(|error| error.to_string()))).unwrap();
    });
    let (written, read, ended, opened) = hears.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(written && ended, "{written} {ended}");
    assert_eq!(read, 2);
    assert!(opened.unwrap_err().ends_with("it is neither a regular file nor a directory"));
}

#[test]
fn nothing_is_looked_up_in_a_large_body_on_the_calls_path() {
    let dir = tempfile::tempdir().unwrap();
    let gate = Arc::new(Gate::default());
    let recorder =
        Recorder::in_dir(dir.path(), Limits::default(), gate.clone(), Arc::new(CountingIds::default())).unwrap();
    gate.close();
    drop(recorder.start(put(local(), &Value::Null)));
    gate.meet();
    let observer = EndpointObserver::new(recorder);
    for (id, bytes) in [(1, 9 << 20), (2, 9 << 20), (3, 10)] {
        let call = Arc::new(CallStart {
            id: uuid::Uuid::from_u128(id),
            at: UNIX_EPOCH + Duration::from_millis(NOON),
            asked: Asked::DynamoDb("PutItem"),
            admitted: true,
            signed: footbridge::emulator::auth::Signed::Header,
            account: "000000000000".into(),
            region: "us-east-1".into(),
            user_agent: None,
            bytes_in: None,
        });
        let body = json!({"TableName": "orders", "Item": {"pk": {"S": "a".repeat(bytes)}}}).to_string();
        assert!(observer.started(&call, Heard::Whole(body.into())));
    }
    gate.open();
    drop(observer);
    let told: Vec<_> = events(dir.path())
        .into_iter()
        .filter_map(|event| match event {
            Event::Started(Started { resources, partial, subject: Subject::Operation { .. }, .. }) => {
                Some((resources.len(), partial))
            }
            _ => None,
        })
        .collect();
    // The first waits alone, however large it is; of the second the operation is known; the third is small.
    assert_eq!(told, [(1, true), (0, true), (1, false)]);
}

/// A body of which the beginning comes, and then nothing.
struct Stalled(Option<Bytes>);

impl http_body::Body for Stalled {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.0.take().map_or(Poll::Pending, |bytes| Poll::Ready(Some(Ok(Frame::data(bytes)))))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_shows_while_its_body_is_on_its_way() {
    let recorder =
        Recorder::temporary(Limits::default(), Arc::new(SystemClock), Arc::new(CountingIds::default())).unwrap();
    let observer = Arc::new(EndpointObserver::new(recorder.clone()));
    let emulator = Emulator::open(Options { observer, ..Options::at(Location::Memory) }).await.unwrap();
    let (told, hears) = mpsc::channel();
    recorder.tell(move |record| drop(told.send(record.clone())));
    let put = |uri: &str| {
        let signed = "AWS4-HMAC-SHA256 Credential=AKIDSOMEBODY/20260921/us-east-1/s3/aws4_request, \
                      SignedHeaders=host, Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024";
        let request = http::Request::put(uri).header("host", "localhost:4566").header("authorization", signed);
        request.header("x-amz-date", "20260921T000000Z").header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
    };
    let made = emulator.handle(put("/photos").body(body::full(Bytes::new())).unwrap()).await;
    assert_eq!(made.status(), 200);
    let request = put("/photos/a.txt").header("content-length", "100").header("content-type", "text/plain");
    let stalled = request.body(Stalled(Some("hello".into())).boxed()).unwrap();
    let under_way = tokio::spawn(async move { emulator.handle(stalled).await });
    // Well before the time for which documents are waited for.
    let until = Instant::now() + Duration::from_millis(1500);
    let started = tokio::task::block_in_place(|| {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match hears.recv_timeout(left).unwrap().event {
                Event::Started(started) if started.resources == ["s3://photos/a.txt"] => return started,
                _ => {}
            }
        }
    });
    assert!(started.partial, "{started:?}");
    under_way.abort();
}
