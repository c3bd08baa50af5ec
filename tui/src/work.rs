//! The threads that ask the data, beside the loop.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::app::Ticket;
use crate::ask::{Ask, Data, Trouble, Watch};
use crate::run::Message;

/// Threads: a slow answer, such as a download, does not keep others waiting.
const THREADS: usize = 4;

/// An SDK's calls take a lot of it where the compiler did not optimize: an upload more than the 2 MiB that threads have.
const STACK: usize = 8 << 20;

/// What is to be asked, and what is being asked.
#[derive(Default)]
struct Desk {
    queue: VecDeque<(Ticket, Ask)>,
    off: HashMap<Ticket, Arc<AtomicBool>>,
    ended: bool,
}

/// The threads, and their way to hear.
pub(crate) struct Workers {
    desk: Arc<(Mutex<Desk>, Condvar)>,
}

impl Workers {
    /// Threads that ask `data`, and send what it says.
    pub(crate) fn new(data: &Arc<dyn Data>, sender: &Sender<Message>) -> io::Result<Self> {
        let desk: Arc<(Mutex<Desk>, Condvar)> = Arc::default();
        for number in 0..THREADS {
            let (desk, data, sender) = (Arc::clone(&desk), Arc::clone(data), sender.clone());
            thread::Builder::new()
                .name(format!("dashboard-data-{number}"))
                .stack_size(STACK)
                .spawn(move || work(&desk, data.as_ref(), &sender))?;
        }
        Ok(Self { desk })
    }

    pub(crate) fn ask(&self, ticket: Ticket, ask: Ask) {
        let mut desk = lock(&self.desk);
        desk.off.insert(ticket, Arc::default());
        desk.queue.push_back((ticket, ask));
        self.desk.1.notify_one();
    }

    /// Nobody wants this answer any more: it is not asked, or its asking hears of it.
    pub(crate) fn call_off(&self, ticket: Ticket) {
        let mut desk = lock(&self.desk);
        desk.queue.retain(|(other, _)| *other != ticket);
        if let Some(off) = desk.off.remove(&ticket) {
            off.store(true, Ordering::Relaxed);
        }
    }

    /// Nobody wants any answer.
    pub(crate) fn end(&self) {
        let mut desk = lock(&self.desk);
        desk.ended = true;
        desk.queue.clear();
        for off in desk.off.values() {
            off.store(true, Ordering::Relaxed);
        }
        self.desk.1.notify_all();
    }
}

fn lock(desk: &(Mutex<Desk>, Condvar)) -> MutexGuard<'_, Desk> {
    desk.0.lock().unwrap_or_else(PoisonError::into_inner)
}

fn work(shared: &(Mutex<Desk>, Condvar), data: &dyn Data, sender: &Sender<Message>) {
    loop {
        let mut desk = lock(shared);
        let (ticket, ask, off) = loop {
            if desk.ended {
                return;
            }
            if let Some((ticket, ask)) = desk.queue.pop_front() {
                let off = desk.off.get(&ticket).map(Arc::clone).unwrap_or_default();
                break (ticket, ask, off);
            }
            desk = shared.1.wait(desk).unwrap_or_else(PoisonError::into_inner);
        };
        drop(desk);
        let reporter = sender.clone();
        let watch = Watch::new(Arc::clone(&off), move |progress| {
            // A dashboard that has ended need not hear of it.
            let _ = reporter.send(Message::Progress(ticket, progress));
        });
        // The panic's words were sent by the hook; the view must not wait for ever.
        let answer = catch_unwind(AssertUnwindSafe(|| data.answer(&ask, &watch))).unwrap_or_else(|_| {
            Err(Trouble {
                code: "internal_error".to_owned(),
                message: "footbridge failed at this; see its log".to_owned(),
            })
        });
        lock(shared).off.remove(&ticket);
        if !off.load(Ordering::Relaxed) && sender.send(Message::Answer(ticket, answer)).is_err() {
            return;
        }
    }
}
