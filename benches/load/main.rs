//! Load over HTTP, and what else `docs/performance.md` states: start, idle memory, tool calls over stdio.
//!
//! ```sh
//! cargo run --release -p footbridge-benches --bin load -- [--quick] [--ephemeral] [--peer NAME=URL]... [--dynoxide PROGRAM]
//! ```
//!
//! `footbridge serve` of this build is started in a directory of its own. A peer is measured in the same run, in turns
//! with footbridge, on the services that it has. `--quick` takes seconds and is good for ratios only. `--dynoxide PROGRAM`
//! measures one get by MCP beside that program's, and nothing else.

#[path = "../support/mod.rs"]
mod support;

mod arguments;
mod beside;
mod job;
mod measure;
mod stdio;
mod target;

use arguments::Arguments;
use job::Job;
use measure::Sample;
use support::say;
use support::server::{Server, memory_kib};
use target::Target;

/// How many clients call at a time.
const CLIENTS: [usize; 2] = [1, 16];

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    if let Some(dynoxide) = &arguments.dynoxide {
        return beside::measure(dynoxide, arguments.tool_calls());
    }
    let server = Server::start(if arguments.ephemeral { &["--ephemeral"] } else { &[] })?;
    say(format_args!("start to health {:.1} ms", server.started.as_secs_f64() * 1e3));
    if let Ok(kib) = memory_kib(server.pid(), "VmRSS") {
        say(format_args!("idle memory {:.1} MB (VmRSS)", kib_to_mb(kib)));
    }
    let mut targets = vec![Target::open("footbridge", &server.endpoint)?];
    for (name, url) in &arguments.peers {
        targets.push(Target::open(name, url)?);
    }
    say(format_args!(
        "{:<20} {:>3}  {:<12} {:>9} {:>9} {:>9}  footbridge's rate to it",
        "call", "c", "server", "p50 µs", "p99 µs", "rate /s"
    ));
    for job in Job::ALL {
        for clients in CLIENTS {
            compare(job, clients, &targets, arguments.slices())?;
        }
    }
    if let Ok(kib) = memory_kib(server.pid(), "VmRSS") {
        say(format_args!("memory after the load {:.1} MB (VmRSS)", kib_to_mb(kib)));
    }
    drop(server);
    stdio::measure(arguments.tool_calls())
}

/// Measures one job on each target that has it, in turns.
fn compare(job: Job, clients: usize, targets: &[Target], slices: &[std::time::Duration]) -> anyhow::Result<()> {
    let targets: Vec<_> = targets.iter().filter(|target| target.has(job.service())).collect();
    let mut samples: Vec<Sample> = targets.iter().map(|_| Sample::default()).collect();
    for slice in slices {
        for (target, sample) in targets.iter().zip(&mut samples) {
            sample.add(measure::run(job, target, clients, *slice)?);
        }
    }
    let ours = samples.first().map_or(0.0, Sample::rate);
    for (target, sample) in targets.iter().zip(&mut samples) {
        let (p50, p99, rate) = (sample.percentile(50), sample.percentile(99), sample.rate());
        let ratio = if target.name == "footbridge" { String::new() } else { format!("{:.2}", ours / rate) };
        let (call, name) = (job.name(), &target.name);
        say(format_args!("{call:<20} {clients:>3}  {name:<12} {p50:>9.0} {p99:>9.0} {rate:>9.0}  {ratio}"));
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn kib_to_mb(kib: u64) -> f64 {
    kib as f64 * 1024.0 / 1e6
}
