//! `footbridge fsck`: checks a data directory that nobody has open, and repairs it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use super::output::Style;
use super::output::tell;
use super::{Context, Exit};
use crate::backend::Directory;
use crate::clock::{Ids, RandomIds, SystemClock};
use crate::emulator::fsck::{self, Finding, Inventory, Kind, Outcome, Progress, Report};
use crate::emulator::place;
use crate::emulator::s3::quarantine::Occasion;
use crate::emulator::store::{Medium, Store};

/// Arguments of `footbridge fsck`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  footbridge fsck                                 what is wrong, if anything
  footbridge fsck --repair                        put right what can be

Exit codes: 0 nothing is wrong, or all of it was repaired; 1 something is wrong (a lost object is named), or the
database is missing or cannot be opened; 2 the command line or the configuration is wrong; 4 somebody has the
directory open.")]
pub struct Args {
    /// Put right what can be: bodies come back from the quarantine, counts and index entries are corrected, bodies that
    /// nothing refers to are moved to the quarantine. No body is ever deleted
    #[arg(long)]
    repair: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let settings = &context.settings;
    if settings.ephemeral.value {
        tell("footbridge: --ephemeral keeps nothing that could be checked");
        return Ok(Exit::Usage);
    }
    let path = settings.directory();
    if !path.is_dir() {
        tell(format_args!("footbridge: there is no data directory at {}", path.display()));
        return Ok(Exit::Failed);
    }
    let directory = Directory::open(&path, &RandomIds.next().to_string())?;
    let Some(_lock) = directory.try_lock()? else {
        let holder =
            directory.lock_holder().map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"));
        tell(format_args!(
            "footbridge: {holder} has {} open: end it, and check again (fsck does not wait)",
            path.display()
        ));
        return Ok(Exit::Unavailable);
    };
    let database = path.join(place::DATABASE);
    if !database.exists() {
        return without_database(&path, context);
    }
    let opening = format!("opening the database {}", database.display());
    let store = tokio::task::spawn_blocking(move || Store::open(Medium::File(database))).await?.context(opening)?;
    let outcome = check(&path, &store, args.repair).await;
    tokio::task::spawn_blocking(move || store.close()).await?;
    let report = outcome?;
    if context.output.is_json() {
        context.output.json(&report)?;
    } else {
        show(&report, args.repair, context)?;
    }
    Ok(if report.left() == 0 { Exit::Done } else { Exit::Failed })
}

async fn check(path: &Path, store: &Store, repair: bool) -> anyhow::Result<Report> {
    let bar = Arc::new(Bar::new());
    let checked = {
        let (path, store, bar) = (path.to_owned(), store.clone(), Arc::clone(&bar));
        tokio::task::spawn_blocking(move || fsck::check(&path, &store, &*bar)).await?
    };
    bar.0.finish_and_clear();
    let checked = checked?;
    if !repair {
        return Ok(checked.report);
    }
    Ok(fsck::repair(path, store, checked, &RandomIds, &SystemClock).await?)
}

fn without_database(path: &Path, context: &Context) -> anyhow::Result<Exit> {
    let found = Inventory::of(path)?;
    if context.output.is_json() {
        context.output.json(&found)?;
    } else {
        let output = &context.output;
        output.line(format_args!("{} has no database (footbridge.redb)", path.display()))?;
        output.line(format_args!("{} bodies of objects lie there, {}", found.bodies, HumanBytes(found.bytes)))?;
        for database in &found.databases {
            output.line(format_args!("another database file: {}", database.display()))?;
        }
        show_quarantine(&found.quarantine, context)?;
        output.line(
            "Put the database back from where you keep copies, and run `footbridge fsck --repair`. Without it nothing \
             tells which object a body is: names, metadata and tables are in the database alone.",
        )?;
    }
    Ok(Exit::Failed)
}

fn show(report: &Report, repair: bool, context: &Context) -> anyhow::Result<()> {
    let output = &context.output;
    let counts = &report.checked;
    output.line(format_args!(
        "{}: {} versions in {} buckets, {} open uploads, {} in {} bodies; {} items in {} tables",
        report.directory.display(),
        counts.versions,
        counts.buckets,
        counts.uploads,
        HumanBytes(counts.bytes),
        counts.bodies,
        counts.items,
        counts.tables
    ))?;
    for finding in &report.findings {
        show_finding(finding, context)?;
    }
    let waiting = &report.waiting;
    let leftovers = waiting.orphans.iter().filter(|orphan| orphan.leftover).count() as u64;
    let deleted = if report.findings.iter().any(|finding| finding.kind == Kind::Disagreement) {
        "bodies of what was deleted wait; the next start moves them to the quarantine"
    } else {
        "bodies of what was deleted wait; the next start deletes them"
    };
    for (count, what) in [
        (waiting.riders, "small bodies are still in the database; the next start moves them to files"),
        (waiting.to_delete, deleted),
        (leftovers, "bodies are left over from writes that broke off; the next start deletes them"),
        (waiting.orphans.len() as u64 - leftovers, "bodies have no row; the next start moves them to the quarantine"),
        (waiting.unfinished, "files of writes that broke off; the next start deletes them"),
    ] {
        if count > 0 {
            output.styled(&[(Style::Dim, &format!("{count} {what}"))])?;
        }
    }
    show_quarantine(&report.quarantine, context)?;
    let left = report.left();
    let repairable = report.findings.iter().filter(|finding| finding.outcome == Outcome::Repairable).count();
    match (report.findings.len(), left) {
        (0, _) => output.styled(&[(Style::Good, "nothing is wrong")])?,
        (found, 0) => output.styled(&[(Style::Good, &format!("{found} things were wrong, and all were repaired"))])?,
        (found, left) => {
            let hint = if repair || repairable == 0 {
                "what is lost can be put anew or deleted".to_owned()
            } else {
                format!("{repairable} can be repaired: footbridge fsck --repair")
            };
            output.styled(&[(Style::Bad, &format!("{found} things are wrong, {left} of them still; {hint}"))])?;
        }
    }
    Ok(())
}

fn show_finding(finding: &Finding, context: &Context) -> anyhow::Result<()> {
    let (style, outcome) = match finding.outcome {
        Outcome::Repairable => (Style::Accent, "can be repaired"),
        Outcome::Repaired => (Style::Good, "repaired"),
        Outcome::Lost => (Style::Bad, "lost"),
    };
    let body = finding.body.as_ref().map_or_else(String::new, |body| format!(" [{body}]"));
    context.output.styled(&[(style, outcome), (Style::Plain, &format!(": {}{body}", finding.what))])?;
    for object in &finding.objects {
        context.output.line(format_args!("    {object}"))?;
    }
    Ok(())
}

fn show_quarantine(quarantine: &[Occasion], context: &Context) -> anyhow::Result<()> {
    for occasion in quarantine {
        context.output.line(format_args!(
            "quarantine {}: {} bodies, {} ({})",
            occasion.name,
            occasion.count,
            HumanBytes(occasion.bytes),
            occasion.why.why
        ))?;
    }
    Ok(())
}

/// A bar on standard error, where that is a terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:32} {bytes} of {total_bytes}, {bytes_per_sec}  {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }
}

impl Progress for Bar {
    fn begin(&self, what: &str, bytes: u64) {
        self.0.set_length(bytes);
        self.0.set_position(0);
        self.0.set_message(what.to_owned());
    }

    fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }
}
