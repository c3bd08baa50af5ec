//! Calls in a closed loop by some clients, each a thread with a connection of its own.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::job::Job;
use crate::support::http::Connection;
use crate::target::Target;

/// Calls of each client that are not counted.
const WARM_UP: u64 = 20;

/// What was measured.
#[derive(Default)]
pub struct Sample {
    nanoseconds: Vec<u64>,
    seconds: f64,
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
impl Sample {
    pub fn add(&mut self, other: Self) {
        self.nanoseconds.extend(other.nanoseconds);
        self.seconds += other.seconds;
    }

    /// Calls a second, of all clients.
    pub fn rate(&self) -> f64 {
        self.nanoseconds.len() as f64 / self.seconds
    }

    /// The time in µs that so many of a hundred calls took at most.
    pub fn percentile(&mut self, percent: usize) -> f64 {
        if self.nanoseconds.is_empty() {
            return f64::NAN;
        }
        self.nanoseconds.sort_unstable();
        let at = (self.nanoseconds.len() * percent / 100).min(self.nanoseconds.len() - 1);
        self.nanoseconds[at] as f64 / 1e3
    }
}

/// Has `clients` make calls for so long.
pub fn run(job: Job, target: &Target, clients: usize, time: Duration) -> anyhow::Result<Sample> {
    let ready = Barrier::new(clients);
    std::thread::scope(|scope| {
        let ready = &ready;
        let threads: Vec<_> =
            (0..clients).map(|client| scope.spawn(move || one(job, target, client, time, ready))).collect();
        let mut sample = Sample::default();
        for thread in threads {
            let (nanoseconds, seconds) = thread.join().ok().context("a client panicked")??;
            sample.nanoseconds.extend(nanoseconds);
            sample.seconds = sample.seconds.max(seconds);
        }
        Ok(sample)
    })
}

fn one(job: Job, target: &Target, client: usize, time: Duration, ready: &Barrier) -> anyhow::Result<(Vec<u64>, f64)> {
    let warm = || {
        let mut connection = Connection::open(&target.endpoint)?;
        for number in 0..WARM_UP {
            job.call(&mut connection, client, number)?;
        }
        anyhow::Ok(connection)
    };
    // All come to the barrier, those too that failed: else the others would wait for ever.
    let warm = warm();
    ready.wait();
    let mut connection = warm?;
    let mut nanoseconds = Vec::with_capacity(1 << 16);
    let start = Instant::now();
    let mut before = start;
    let mut number = WARM_UP;
    while before - start < time {
        job.call(&mut connection, client, number)?;
        let now = Instant::now();
        nanoseconds.push(u64::try_from((now - before).as_nanos())?);
        (before, number) = (now, number + 1);
    }
    Ok((nanoseconds, (before - start).as_secs_f64()))
}
