//! A large object up and down in bounded memory: over HTTP, in aws-chunked with a trailer, and in process.
//!
//! `cargo run --release -p footbridge-benches --bin memory -- [MIB]`, 1024 by default. Each way has a process of its own. What it may take is
//! counted from the most it had (`VmHWM`) after its start and the same once with 1 MiB. Linux only.

#[path = "../support/mod.rs"]
mod support;

mod content;
mod in_process;
mod over_http;

use anyhow::{Context as _, ensure};

use support::say;

/// What every way may take above idle, in KiB: 64 MB.
const LIMIT_KIB: u64 = 64_000_000 / 1024;
const MIB: u64 = 1024 * 1024;

/// The most memory that a process had, in KiB.
#[derive(serde::Serialize, serde::Deserialize)]
struct Peaks {
    idle: u64,
    up: u64,
    down: u64,
    seconds_up: f64,
    seconds_down: f64,
}

fn main() -> anyhow::Result<()> {
    // Cargo's own `--bench` is of no use here.
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    match words.next().as_deref() {
        Some(in_process::CHILD) => {
            let mib = words.next().context("no size")?.parse()?;
            let directory = words.next().context("no directory")?;
            return in_process::child(mib, directory.as_ref());
        }
        given => {
            let mib: u64 = given.map_or(Ok(1024), str::parse).context("the size is a number of MiB")?;
            ensure!((1..=4096).contains(&mib), "the size is 1 to 4096 MiB");
            let ways = [
                ("HTTP", over_http::run(mib, false)?),
                ("aws-chunked", over_http::run(mib, true)?),
                ("in process", in_process::run(mib)?),
            ];
            for (name, peaks) in &ways {
                show(name, mib, peaks);
            }
            for (name, peaks) in &ways {
                let grown = peaks.down.saturating_sub(peaks.idle);
                ensure!(grown < LIMIT_KIB, "{name}: {grown} KiB above idle is over the limit of {LIMIT_KIB}");
            }
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn show(name: &str, mib: u64, peaks: &Peaks) {
    let mb = |kib: u64| kib as f64 * 1024.0 / 1e6;
    say(format_args!(
        "report: {mib} MiB, {name}: {:.0} MB above idle ({:.0} idle, {:.0} after the upload, {:.0} in the end); \
         {:.0} MiB/s up, {:.0} MiB/s down",
        mb(peaks.down.saturating_sub(peaks.idle)),
        mb(peaks.idle),
        mb(peaks.up),
        mb(peaks.down),
        mib as f64 / peaks.seconds_up,
        mib as f64 / peaks.seconds_down,
    ));
}
