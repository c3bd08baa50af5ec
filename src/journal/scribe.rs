//! The thread that writes: it takes what calls handed over, makes lines of it and appends them, many with one write.

use std::collections::HashSet;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::draft::{Draft, Line, Of, Pen, Tap};
use super::item::{Began, Item};
use super::queue::{LeftOut, Queue, Work};
use super::writer::{Unwritten, Writer};
use super::{About, Record, TOO_FAST};
use crate::clock::{Clock, Ids};
use crate::emulator::observer::CallStart;

/// How long the record of a call waits for the body that its client sends: calls under way shall show.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long it waits for a document that says what the call is about, such as the keys to be deleted.
const PATIENCE_WITH_DOCUMENTS: Duration = Duration::from_secs(2);

/// Calls whose bodies are waited for, at most.
const WAITING: usize = 256;

/// Bytes of ends of calls that could not be written and are kept until they can be.
const LATE: usize = 1 << 20;

/// How often that is tried while nothing else is to be written.
const AGAIN: Duration = Duration::from_secs(1);

/// Calls under way whose beginning could not be written, at most.
const UNBEGUN: usize = 16 << 10;

/// What the thread shares with those who hand calls over.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) queue: Queue,
    pub(super) pen: Pen,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    /// Why the last record was not written.
    failure: Mutex<Option<String>>,
    tap: Arc<OnceLock<Tap>>,
}

impl Desk {
    pub(super) fn new(pen: Pen, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { queue: Queue::default(), pen, clock, ids, failure: Mutex::default(), tap: Arc::default() }
    }

    /// Tells `tap` of each record. Only the first tap counts.
    pub(super) fn tell(&self, tap: impl Fn(&Record) + Send + Sync + 'static) {
        drop(self.tap.set(Tap(Box::new(tap))));
    }

    pub(super) fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn fails(&self, why: Option<String>) {
        let mut known = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = why.as_ref().filter(|_| known.is_none()) {
            tracing::error!(%error, "calls are not in the journal");
        }
        *known = why;
    }

    /// Begins the thread. Where there can be none, nothing is recorded.
    pub(super) fn begin(self: &Arc<Self>, writer: Writer) {
        let scribe = Scribe {
            desk: Arc::clone(self),
            writer,
            draft: Draft::new(Arc::clone(&self.tap)),
            waiting: Vec::new(),
            tap: Arc::clone(&self.tap),
            late: 0,
            tried: Instant::now(),
            unbegun: HashSet::new(),
            left_out: LeftOut::default(),
            unwritten: LeftOut::default(),
            why: String::new(),
        };
        let thread = std::thread::Builder::new().name("footbridge-journal".to_owned());
        if let Err(error) = thread.spawn(move || scribe.run()) {
            self.fails(Some(format!("cannot begin the journal's thread: {error}")));
            self.queue.end();
        }
    }
}

struct Scribe {
    desk: Arc<Desk>,
    writer: Writer,
    draft: Draft,
    /// Calls whose bodies are still on their way, and since when.
    waiting: Vec<(Instant, Began)>,
    tap: Arc<OnceLock<Tap>>,
    /// Lines at the draft's beginning that could not be written before.
    late: usize,
    /// When writing was tried last.
    tried: Instant,
    /// Calls under way whose beginning could not be written.
    unbegun: HashSet<Uuid>,
    /// Calls that came too fast, of which no note is written yet.
    left_out: LeftOut,
    /// Calls that could not be written, or their ends, of which no note is written yet; and why.
    unwritten: LeftOut,
    why: String,
}

impl Drop for Scribe {
    fn drop(&mut self) {
        // First: who waits for the end may look whether the file is held.
        self.writer.let_go();
        self.desk.queue.end();
    }
}

impl Scribe {
    fn run(mut self) {
        loop {
            let Work { items, left_out, all, last, upto } =
                self.desk.queue.next(!self.waiting.is_empty() || self.owes());
            self.left_out.add_all(left_out);
            for item in items {
                // Whatever somebody sent, the next call is recorded.
                let began = item.may_be_left_out();
                if catch_unwind(AssertUnwindSafe(|| self.take(item))).is_err()
                    && let Some(at) = began
                {
                    "its record could not be made".clone_into(&mut self.why);
                    self.unwritten.add(at);
                }
            }
            self.look_at_waiting(all);
            self.write(all);
            self.desk.queue.did(upto);
            if last {
                return;
            }
        }
    }

    fn take(&mut self, item: Item) {
        let pen = &self.desk.pen;
        match item {
            Item::Started(started) => self.draft.started(pen, *started),
            Item::Finished(finished) => self.draft.finished(pen, *finished),
            Item::Began(began) if began.body.is_passing() && self.waiting.len() < WAITING => {
                self.waiting.push((Instant::now(), began));
            }
            Item::Began(began) => self.draft.began(pen, began),
            Item::Ended(call, end) => {
                if let Some(began) = self.take_waiting(&call) {
                    self.draft.began(&self.desk.pen, began);
                }
                self.draft.ended(&self.desk.pen, &call, *end);
            }
        }
    }

    fn take_waiting(&mut self, call: &Arc<CallStart>) -> Option<Began> {
        let at = self.waiting.iter().position(|(_, began)| Arc::ptr_eq(&began.call, call))?;
        Some(self.waiting.remove(at).1)
    }

    /// Records the calls whose bodies are here, or do not come; `all` where nothing is to be waited for.
    fn look_at_waiting(&mut self, all: bool) {
        for (since, began) in mem::take(&mut self.waiting) {
            let patience = if began.body.is_document() { PATIENCE_WITH_DOCUMENTS } else { PATIENCE };
            if all || !began.body.is_passing() || since.elapsed() >= patience {
                self.draft.began(&self.desk.pen, began);
            } else {
                self.waiting.push((since, began));
            }
        }
    }

    /// Writes all lines, and tells those who wait for one. What could not be written before is tried again with what is
    /// new, and else after a while, or where `all` is wanted.
    fn write(&mut self, all: bool) {
        if self.owes() && !all && self.draft.lines.len() == self.late && self.tried.elapsed() < AGAIN {
            return;
        }
        self.tried = Instant::now();
        let desk = Arc::clone(&self.desk);
        let record = |about| desk.pen.note(desk.ids.next(), desk.clock.now(), about);
        let about = |LeftOut { calls, from, to }, why| record(About::CallsLeftOut { calls, from, to, why: Some(why) });
        let left_out = mem::take(&mut self.left_out);
        if left_out.calls > 0 {
            self.draft.note(&about(left_out, TOO_FAST.to_owned()), Of::LeftOut(left_out));
        }
        let unwritten = mem::take(&mut self.unwritten);
        if unwritten.calls > 0 {
            self.draft.note(&about(unwritten, self.why.clone()), Of::Unwritten(unwritten));
        }
        if self.draft.lines.is_empty() {
            return;
        }
        let ends: Vec<usize> = self.draft.lines.iter().map(|line| line.end).collect();
        let outcome = self.writer.write(&self.draft.bytes, &ends, desk.clock.millis(), |about| {
            let mut line = serde_json::to_vec(&record(about)).unwrap_or_default();
            line.push(b'\n');
            line
        });
        let (written, why) = match outcome {
            Ok(()) => (ends.len(), None),
            Err(Unwritten { written, error }) => (written, Some(error.to_string())),
        };
        if let Some(why) = &why {
            self.why.clone_from(why);
        }
        desk.fails(why.clone());
        self.settle(&ends, written, why.as_deref());
    }

    /// What becomes of the lines, of which so many are written.
    fn settle(&mut self, ends: &[usize], written: usize, why: Option<&str>) {
        let fresh = Draft::new(Arc::clone(&self.tap));
        let mut draft = mem::replace(&mut self.draft, fresh);
        for (at, Line { of, .. }) in draft.lines.drain(..).enumerate() {
            let is_written = at < written;
            match of {
                Of::Start(_, _, Some(on_file)) => {
                    let told = if is_written { Ok(()) } else { Err(why.unwrap_or_default().to_owned()) };
                    // Who no longer waits does not call either.
                    let _ = on_file.send(told);
                }
                Of::Start(id, at, None) if !is_written => {
                    self.unwritten.add(at);
                    if self.unbegun.len() < UNBEGUN {
                        self.unbegun.insert(id);
                    }
                }
                // The end of a call that has no beginning says nothing, and is counted with it.
                Of::End(id, _) if self.unbegun.remove(&id) => {}
                Of::End(id, ended) if !is_written => {
                    let begin = at.checked_sub(1).map_or(0, |before| ends[before]);
                    let line = &draft.bytes[begin..ends[at]];
                    if self.draft.bytes.len() + line.len() <= LATE {
                        self.draft.again(line, Of::End(id, ended));
                    } else {
                        self.unwritten.add(ended);
                    }
                }
                Of::LeftOut(left_out) if !is_written => self.left_out.add_all(left_out),
                Of::Unwritten(unwritten) if !is_written => self.unwritten.add_all(unwritten),
                Of::Start(..) | Of::LeftOut(_) | Of::Unwritten(_) | Of::End(..) => {}
            }
        }
        self.late = self.draft.lines.len();
        if self.late == 0 {
            draft.clear();
            self.draft = draft;
        }
    }

    /// Whether something is still to be written that could not be.
    fn owes(&self) -> bool {
        self.late > 0 || self.unwritten.calls > 0
    }
}
