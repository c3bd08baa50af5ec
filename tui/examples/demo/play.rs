//! A recorded journal that plays in a loop.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use footbridge_record::{Call, Event, Record, Target};
use footbridge_tui::request::{Name, Request, Standing};
use footbridge_tui::row::{Names, Place, Row};
use footbridge_tui::{Facts, Hint, History, Mode, News, Source, SourceError, Update};
use serde_json::json;
use uuid::Uuid;

const RECORDING: &str = include_str!("../../../fixtures/journal/demo.ndjson");

/// A call begins each so many milliseconds, and a recorded millisecond takes so many.
const EACH: u64 = 350;
const SLOWER: f64 = 20.0;

/// Calls that were played, by their place.
pub type Played = Arc<Mutex<Vec<Call>>>;

/// Plays a recording.
pub struct Play {
    recording: Vec<Call>,
    played: Played,
    names: Names,
    clock: fn() -> u64,
    begun: u64,
    /// How many calls have begun, and those that run, with when they end.
    count: u64,
    running: Vec<(u64, usize)>,
    said: bool,
}

impl Play {
    /// Plays the recording into `played`.
    pub fn new(played: Played, clock: fn() -> u64) -> Self {
        let (begun, names) = (clock(), Names::default());
        Self { recording: recording(), played, names, clock, begun, count: 0, running: Vec::new(), said: false }
    }

    fn row(&mut self, call: &Call, number: usize) -> Row {
        let place = Place { file: 0, started: number as u64, finished: call.finished.as_ref().map(|_| number as u64) };
        Row::of(call, "", place, &mut self.names)
    }
}

impl Source for Play {
    fn news(&mut self) -> Result<News, SourceError> {
        let mut updates = Vec::new();
        if !self.said {
            self.said = true;
            updates.push(Update::Facts(facts()));
            updates.push(Update::History(History { read: 1, total: 1 }));
            updates.push(Update::Requests(vec![request((self.clock)())]));
        }
        let now = (self.clock)();
        let mut rows = Vec::new();
        while self.begun + self.count * EACH <= now {
            let at = self.begun + self.count * EACH;
            let at_recording = usize::try_from(self.count).unwrap_or_default() % self.recording.len();
            let mut call = self.recording[at_recording].clone();
            (call.id, call.at) = (Uuid::from_u128(u128::from(at) << 64 | u128::from(self.count)), at);
            let number = {
                let mut played = self.played.lock().unwrap_or_else(PoisonError::into_inner);
                played.push(call.clone());
                played.len() - 1
            };
            if let Some(end) = &call.finished {
                // Some seconds at most.
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let takes = (end.ms * SLOWER) as u64;
                self.running.push((at + takes, number));
            }
            call.finished = None;
            rows.push(self.row(&call, number));
            self.count += 1;
        }
        let (done, running) = std::mem::take(&mut self.running).into_iter().partition(|(end, _)| *end <= now);
        self.running = running;
        let done: Vec<(u64, usize)> = done;
        for (_, number) in done {
            let call = self.played.lock().unwrap_or_else(PoisonError::into_inner)[number].clone();
            rows.push(self.row(&call, number));
        }
        if !rows.is_empty() {
            updates.push(Update::Calls(rows));
        }
        Ok(News { updates, more: false })
    }
}

/// The calls of the recording, in order.
fn recording() -> Vec<Call> {
    let (mut calls, mut known) = (Vec::<Call>::new(), HashMap::new());
    for line in RECORDING.lines() {
        let Ok(Record { id, at, event, .. }) = serde_json::from_str(line) else { continue };
        match event {
            Event::Started(started) => {
                known.insert(id, calls.len());
                calls.push(Call { id, at, time: None, file: "demo.ndjson".into(), started, finished: None });
            }
            Event::Finished(finished) => {
                if let Some(call) = known.get(&id).and_then(|at| calls.get_mut(*at)) {
                    call.finished = Some(finished);
                }
            }
            Event::Note(_) => {}
        }
    }
    // What ran when the recording ended would run for ever.
    calls.retain(|call| call.finished.is_some());
    calls
}

/// A call that waits for a person.
fn request(now: u64) -> Request {
    Request {
        name: Name { queue: 0, id: "4f2a91c0".into() },
        created: now,
        expires: now + 15 * 60_000,
        caller: "claude-code 2.1.44".into(),
        session: "0f3c21aa".into(),
        pid: 4250,
        tool: "dynamodb_put_items".into(),
        target: "prod".into(),
        far: Target::Aws { account: Some("123456789012".into()), region: Some("eu-west-1".into()) },
        far_side: "AWS eu-west-1 account 123456789012".into(),
        resources: vec!["dynamodb://Orders".into()],
        effect: "write".into(),
        impact: "it replaces an item".into(),
        arguments: json!({"table": "Orders", "items": [{"customer": "ada", "order": 1001, "status": "sent"}]}),
        old: Some(json!({"customer": "ada", "order": 1001, "status": "open", "note": "call before noon"})),
        new: Some(json!({"customer": "ada", "order": 1001, "status": "sent"})),
        standing: Standing::Waiting,
    }
}

fn facts() -> Facts {
    Facts {
        target: Target::Local { account: Some("000000000000".into()), region: Some("us-east-1".into()) },
        mode: Mode::ReadWrite,
        endpoint: Some("http://127.0.0.1:4566".into()),
        watched: "a recording".into(),
        hints: vec![Hint { title: "Watch a real one:".into(), paste: "footbridge tui".into() }],
    }
}
