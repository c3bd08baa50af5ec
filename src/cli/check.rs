//! `footbridge check`: whether a project will work with the emulator.

use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::output::{Style, tell};
use super::{Context, Exit};
use crate::check::{self, Checked, Files, Model, Place, Report, Reporter, Status};
use crate::journal::{self, Join, Reader};

/// Say whether a project will work with the emulator.
///
/// Reads source files (Python, JavaScript, TypeScript, Go, Java, Terraform) or a journal, and shows each operation of S3
/// and DynamoDB that is used, with its parameters: whether it is emulated, what is not as on AWS, where it is tested and
/// where it is used. Nothing of the project is run.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  footbridge check                                the project in this directory
  footbridge check src infra --quiet              two folders, only what is not as on AWS
  footbridge check --journal                      what was called here so far
  footbridge check --json                         for programs

Exit codes: 0 all that is used is emulated; 1 something could not be read; 2 nothing was found, or the command line is
wrong; 5 something that is used is not emulated.")]
pub struct Args {
    /// Folders and source files [default: this directory]
    #[arg(value_name = "PATH", conflicts_with = "journal")]
    paths: Vec<PathBuf>,
    /// Look at the calls of a journal: its directory, one of its files, or a data directory; without one, the journal in
    /// the data directory
    #[arg(long, value_name = "PATH", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "the option has an optional value")]
    journal: Option<Option<PathBuf>>,
    /// Show only what is not as on AWS
    #[arg(short, long)]
    quiet: bool,
}

/// What is printed as JSON.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    report: &'a Report,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<&'a Files>,
    #[serde(skip_serializing_if = "Option::is_none")]
    calls: Option<usize>,
}

#[derive(Debug, Clone, Copy, Serialize)]
struct Summary {
    works: usize,
    differs: usize,
    not_emulated: usize,
}

/// What was looked at.
enum Source {
    Files(Files),
    Calls(usize),
}

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let journal = match args.journal {
        None => None,
        Some(path) => Some(super::journal::place(path.as_deref(), &context.settings)?),
    };
    let paths = if args.paths.is_empty() { vec![PathBuf::from(".")] } else { args.paths };
    let (report, source) = tokio::task::spawn_blocking(move || match journal {
        Some(path) => of_journal(&path),
        None => of_source(&paths),
    })
    .await??;
    let summary = Summary {
        works: report.count(Status::Works),
        differs: report.count(Status::Differs),
        not_emulated: report.count(Status::NotEmulated),
    };
    if context.output.is_json() {
        let (files, calls) = match &source {
            Source::Files(files) => (Some(files), None),
            Source::Calls(calls) => (None, Some(*calls)),
        };
        context.output.json(&Shown { report: &report, summary, files, calls })?;
    } else {
        Screen { context, quiet: args.quiet }.show(&report, summary, &source)?;
    }
    let unread = matches!(&source, Source::Files(files) if !files.not_read.is_empty());
    Ok(if summary.not_emulated > 0 {
        Exit::NotEmulated
    } else if unread {
        Exit::Failed
    } else if report.operations.is_empty() {
        Exit::Usage
    } else {
        Exit::Done
    })
}

fn of_source(paths: &[PathBuf]) -> anyhow::Result<(Report, Source)> {
    let model = Model::read();
    let mut reporter = Reporter::new(&model);
    let mut files = Files::default();
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{spinner} {pos} files")?);
    bar.enable_steady_tick(Duration::from_millis(120));
    for path in paths {
        let read = check::read_tree(&model, path, |file, found| {
            bar.inc(1);
            reporter.add(file.strip_prefix("./").unwrap_or(file), found);
        });
        files.add(read.map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?);
    }
    bar.finish_and_clear();
    Ok((reporter.finish(), Source::Files(files)))
}

fn of_journal(path: &Path) -> anyhow::Result<(Report, Source)> {
    let model = Model::read();
    let mut reporter = Reporter::new(&model);
    let (mut reader, mut join, mut calls) = (Reader::open(path)?, Join::default(), 0);
    let mut add = |call: &journal::Call| {
        calls += 1;
        reporter.add(&call.file, check::read_call(&model, call));
    };
    while let Some(entry) = reader.next()? {
        if let Some(call) = join.push(entry) {
            add(&call);
        }
    }
    join.unfinished().for_each(add);
    if reader.unreadable() > 0 {
        tell(format_args!("footbridge: {} lines that are no journal records were passed over", reader.unreadable()));
    }
    Ok((reporter.finish(), Source::Calls(calls)))
}

/// The report for people.
struct Screen<'a> {
    context: &'a Context,
    quiet: bool,
}

impl Screen<'_> {
    fn show(&self, report: &Report, summary: Summary, source: &Source) -> anyhow::Result<()> {
        let output = &self.context.output;
        for checked in &report.operations {
            if !(self.quiet && checked.status == Status::Works) {
                self.operation(checked)?;
            }
        }
        for (service, other) in &report.other_services {
            let line = format!("  {service}: another service, which is not here");
            output.styled(&[(Style::Dim, &line), (Style::Dim, &places(&other.used, other.count))])?;
        }
        if let Source::Files(files) = source {
            for file in &files.not_read {
                output.line(format_args!("{}: not read: {}", file.file, file.why))?;
            }
        }
        let Summary { works, differs, not_emulated } = summary;
        let of = match source {
            Source::Files(files) => format!("{} of {} source files use them", files.using, files.read),
            Source::Calls(calls) => format!("in {calls} calls"),
        };
        if report.operations.is_empty() {
            return Ok(output.line(format_args!("No operation of S3 or DynamoDB was found; {of}"))?);
        }
        let style = if not_emulated > 0 { Style::Bad } else { Style::Good };
        let line = format!(
            "{} operations: {works} work, {differs} work with differences, {not_emulated} not emulated",
            works + differs + not_emulated
        );
        Ok(output.styled(&[(style, &line), (Style::Plain, &format!("; {of}"))])?)
    }

    fn operation(&self, checked: &Checked) -> anyhow::Result<()> {
        let output = &self.context.output;
        let (style, word) = word(checked.status);
        let name = format!("{} {}", checked.service, checked.operation);
        output.styled(&[
            (style, &format!("{word:<14}")),
            (Style::Bold, &name),
            (Style::Dim, &places(&checked.used, checked.count)),
        ])?;
        for note in &checked.notes {
            output.line(format_args!("    {} ({})", note.text, note.see))?;
        }
        let mut plain = Vec::new();
        for parameter in &checked.parameters {
            if parameter.status == Status::Works {
                plain.push(parameter.name);
                continue;
            }
            let (style, word) = self::word(parameter.status);
            output.styled(&[
                (style, &format!("    {}: {word}", parameter.name)),
                (Style::Dim, &places(&parameter.used, parameter.used.len())),
            ])?;
            for note in &parameter.notes {
                output.line(format_args!("        {} ({})", note.text, note.see))?;
            }
        }
        if !plain.is_empty() && !self.quiet {
            output.styled(&[(Style::Dim, &format!("    with {}", plain.join(", ")))])?;
        }
        if checked.not_visible > 0 {
            output.styled(&[(
                Style::Dim,
                &format!("    parameters not visible in {} of {} uses", checked.not_visible, checked.count),
            )])?;
        }
        if !checked.tested.is_empty() && !self.quiet {
            output.styled(&[(Style::Dim, &format!("    tested in {}", checked.tested.join(", ")))])?;
        }
        Ok(())
    }
}

fn word(status: Status) -> (Style, &'static str) {
    match status {
        Status::Works => (Style::Good, "works"),
        Status::Differs => (Style::Accent, "differs"),
        Status::NotEmulated => (Style::Bad, "not emulated"),
    }
}

/// The places, and how many more there are.
fn places(used: &[Place], count: usize) -> String {
    let shown: Vec<_> = used.iter().take(3).map(ToString::to_string).collect();
    match count.saturating_sub(shown.len()) {
        0 => format!("  {}", shown.join(", ")),
        more => format!("  {} and {more} more", shown.join(", ")),
    }
}
