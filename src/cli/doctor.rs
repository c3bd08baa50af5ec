//! `footbridge doctor`: what is in force, where each value came from, and what is wrong with it.

mod check;
mod data;
mod far_side;
mod local;
mod project;
mod targets;

use serde::Serialize;

use self::check::{Check, State};
use super::{Context, Exit, Output};
use crate::config::{Backend, Row, Settings};

/// Arguments of `footbridge doctor`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// Show only what is wrong
    #[arg(long, short)]
    quiet: bool,
}

const HELP: &str = "\
Examples:
  footbridge doctor                               all settings, and what was looked at
  footbridge doctor --quiet                       only what is wrong
  footbridge doctor --backend aws --profile dev   what would be used on AWS";

/// All that doctor finds.
#[derive(Debug, Serialize)]
struct Report {
    settings: Vec<Row>,
    checks: Vec<Check>,
}

/// Prints the report. Ends with a failure where something is wrong.
pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let report = report(&context.settings).await;
    if context.output.is_json() {
        context.output.json(&report)?;
    } else {
        print(&report, &args, &context.output)?;
    }
    let ill = report.checks.iter().any(|check| check.state == State::Wrong);
    Ok(if ill { Exit::Failed } else { Exit::Done })
}

/// Looks at everything.
async fn report(settings: &Settings) -> Report {
    let mut checks = project::checks(settings);
    match settings.backend.value {
        Backend::Local => checks.extend(local::checks(settings).await),
        Backend::Aws => checks.extend(far_side::checks(settings).await),
    }
    checks.extend(targets::checks(settings).await);
    Report { settings: settings.rows(), checks }
}

fn print(report: &Report, args: &Args, output: &Output) -> std::io::Result<()> {
    if !args.quiet {
        let name = report.settings.iter().map(|row| row.name.len()).max().unwrap_or_default();
        let value = report.settings.iter().map(|row| row.value.chars().count()).max().unwrap_or_default().min(44);
        for row in &report.settings {
            output.line(format_args!("{:name$}  {:value$}  {}", row.name, row.value, row.source))?;
        }
        output.line("")?;
    }
    for check in &report.checks {
        if !args.quiet || check.state == State::Wrong {
            output.line(check)?;
        }
    }
    Ok(())
}
