//! What calls hand over to the thread that writes, and how the two wait for each other.
//!
//! A call takes a lock for as long as it takes to push a handle. It wakes the thread only where that sleeps because nothing
//! came for a while; else the thread looks by itself, every [`TICK`].

use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::item::Item;

/// How often the thread looks while calls come.
const TICK: Duration = Duration::from_millis(10);

/// Bytes that may wait, with all that they hold on to.
pub(super) const MOST: usize = 8 << 20;

/// Of these, what bodies may take.
const MOST_WITH_BODIES: usize = 7 << 20;

/// Items that wait to be written.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// For the thread: something is urgent, or came while it slept.
    wake: Condvar,
    /// For those who wait until what they pushed is on file.
    done: Condvar,
}

#[derive(Debug, Default)]
struct State {
    items: Vec<Item>,
    weight: usize,
    left_out: LeftOut,
    /// How many items were pushed and how many were written, or given up, in their order.
    pushed: u64,
    done: u64,
    /// Whether the thread sleeps until it is woken.
    sleeps: bool,
    hurry: Hurry,
    life: Life,
}

/// Whether somebody waits.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hurry {
    /// Nobody: the thread gathers what comes for a while.
    #[default]
    No,
    /// For something to be written.
    Write,
    /// For all to be written, what could be held back too.
    WriteAll,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Life {
    /// Things may be handed over.
    #[default]
    Open,
    /// Nothing more comes, and the thread writes what is left.
    Closed,
    /// The thread is gone, or never was.
    Ended,
}

/// Calls that have no record.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct LeftOut {
    pub(super) calls: u64,
    /// When the first and the last of them began, in milliseconds since the Unix epoch.
    pub(super) from: u64,
    pub(super) to: u64,
}

impl LeftOut {
    /// One more, which began at `at`.
    pub(super) fn add(&mut self, at: u64) {
        self.from = if self.calls == 0 { at } else { self.from.min(at) };
        self.to = self.to.max(at);
        self.calls += 1;
    }

    /// All of `other` as well.
    pub(super) fn add_all(&mut self, other: Self) {
        if other.calls > 0 {
            self.from = if self.calls == 0 { other.from } else { self.from.min(other.from) };
            self.to = self.to.max(other.to);
            self.calls += other.calls;
        }
    }
}

/// What the thread is to do now.
pub(super) struct Work {
    pub(super) items: Vec<Item>,
    pub(super) left_out: LeftOut,
    /// Somebody waits, or nothing more will come: nothing is held back.
    pub(super) all: bool,
    /// Nothing more will come.
    pub(super) last: bool,
    /// To be given back when it is done.
    pub(super) upto: u64,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands `item` over; whether there was room. Where there is little, its bodies are let go. What nobody may leave out
    /// is taken in any case, and a request whose body alone is more than may wait where nothing else waits.
    pub(super) fn push(&self, mut item: Item) -> bool {
        let weight = item.weight();
        let mut state = self.lock();
        if state.life != Life::Open {
            return false;
        }
        let mut after = state.weight + weight;
        if after > MOST_WITH_BODIES && state.items.is_empty() && item.says_what_about() {
            after = MOST_WITH_BODIES;
        } else if after > MOST_WITH_BODIES {
            drop(state);
            // What a body took is given back, which takes time, and the lock is everybody's.
            item.let_go_of_bodies();
            state = self.lock();
            after = state.weight + item.weight();
        }
        if after > MOST
            && let Some(began) = item.may_be_left_out()
        {
            state.left_out.add(began);
            return false;
        }
        state.weight = after;
        state.pushed += 1;
        if item.is_urgent() {
            state.hurry = state.hurry.max(Hurry::Write);
        }
        let wake = state.sleeps || item.is_urgent();
        state.sleeps &= !wake;
        state.items.push(item);
        drop(state);
        if wake {
            self.wake.notify_one();
        }
        true
    }

    /// Waits until there is something to do, and then for what comes with it. `busy` where the thread has something of its
    /// own to look after, so that it does not sleep.
    pub(super) fn next(&self, busy: bool) -> Work {
        let mut state = self.lock();
        state.sleeps = state.items.is_empty() && !busy;
        while state.sleeps && state.life == Life::Open {
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let until = Instant::now() + TICK;
        while state.hurry == Hurry::No && state.life == Life::Open {
            let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) else { break };
            state = self.wake.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.weight = 0;
        Work {
            items: mem::take(&mut state.items),
            left_out: mem::take(&mut state.left_out),
            all: mem::take(&mut state.hurry) == Hurry::WriteAll || state.life != Life::Open,
            last: state.life != Life::Open,
            upto: state.pushed,
        }
    }

    /// What was taken with [`Work::upto`] is on file, or given up.
    pub(super) fn did(&self, upto: u64) {
        self.lock().done = upto;
        self.done.notify_all();
    }

    /// The thread goes, or could not begin.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.life = Life::Ended;
        state.items.clear();
        drop(state);
        self.done.notify_all();
    }

    /// Waits until what was pushed so far is done with, for at most `patience`; whether it is.
    pub(super) fn flush(&self, patience: Duration) -> bool {
        let mut state = self.lock();
        let upto = state.pushed;
        if state.done >= upto {
            return true;
        }
        state.hurry = Hurry::WriteAll;
        state.sleeps = false;
        self.wake.notify_one();
        self.wait(state, patience, |state| state.done >= upto)
    }

    /// Lets nothing more in, and waits until the thread is done, for at most `patience`; whether it is.
    pub(super) fn close(&self, patience: Duration) -> bool {
        let mut state = self.lock();
        if state.life == Life::Open {
            state.life = Life::Closed;
        }
        state.sleeps = false;
        self.wake.notify_one();
        self.wait(state, patience, |_| false)
    }

    /// Waits until `holds`, or the thread is gone.
    fn wait(&self, mut state: MutexGuard<'_, State>, patience: Duration, holds: impl Fn(&State) -> bool) -> bool {
        let until = Instant::now() + patience;
        while state.life != Life::Ended && !holds(&state) {
            let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) else {
                return false;
            };
            state = self.done.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}
