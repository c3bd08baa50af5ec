//! `footbridge journal`: what was called, in the past and as it happens.

mod latest;
mod period;
mod policy;
mod render;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use self::latest::{Latest, Shown};
pub(super) use self::period::Period;
use self::render::{Detail, Line};
use super::output::Style;
use super::{Context, Exit, Output};
use crate::backend::check_place;
use crate::clock::{Clock, Ids};
use crate::config::Settings;
use crate::journal::{self, Call, Filter, Limits, Recorder, Status};

/// Calls that `tail` shows where neither their number nor a time is said.
const LATEST: usize = 20;

/// How often a followed journal is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Arguments of `footbridge journal`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

const HELP: &str = "\
Examples:
  footbridge journal tail --since 1h              what was called in the last hour
  footbridge journal tail --status error -n 5     the last five that failed
  footbridge journal show                         the latest call in full
  footbridge journal policy                       the IAM policy for what was called";

#[derive(Debug, Subcommand)]
enum Action {
    #[command(flatten)]
    Look(Look),
    /// The least-privilege IAM policy for what the journal shows
    Policy(policy::Args),
}

#[derive(Debug, Subcommand)]
enum Look {
    /// The latest calls, one a line
    Tail(Tail),
    /// Calls in full: parameters, AWS calls, answer
    Show(Show),
}

#[derive(Debug, clap::Args)]
#[command(after_help = TAIL)]
struct Tail {
    /// How many calls [default: 20, with --since all]
    #[arg(short = 'n', long, value_name = "N")]
    lines: Option<usize>,
    /// Go on with calls as they end
    #[arg(short, long)]
    follow: bool,
    #[command(flatten)]
    choice: Choice,
}

const TAIL: &str = "\
Examples:
  footbridge journal tail                         the latest twenty calls
  footbridge journal tail --service s3 --since 10m   of S3, in the last ten minutes
  footbridge journal tail --json > session.ndjson  for `replay` and `diff`";

#[derive(Debug, clap::Args)]
#[command(after_help = SHOW)]
struct Show {
    /// The call's id, or how it begins or ends; without one, the latest call
    id: Option<String>,
    /// How many calls
    #[arg(short = 'n', long, default_value_t = 1, value_name = "N")]
    lines: usize,
    #[command(flatten)]
    choice: Choice,
}

const SHOW: &str = "\
Examples:
  footbridge journal show                         the latest call
  footbridge journal show -n 3 --resource orders  the latest three on `orders`";

#[derive(Debug, clap::Args)]
struct Choice {
    /// Only calls that concern this service
    #[arg(long, value_name = "s3|dynamodb|sts")]
    service: Option<String>,
    /// Only calls of this tool or AWS operation
    #[arg(long, visible_alias = "op", value_name = "NAME")]
    operation: Option<String>,
    /// Only calls that stand so
    #[arg(long, value_parser = statuses())]
    status: Option<Status>,
    /// Only calls on a resource whose name contains this
    #[arg(long, value_name = "TEXT")]
    resource: Option<String>,
    #[command(flatten)]
    period: Period,
}

/// Where the journal is.
pub(super) fn place(given: Option<&Path>, settings: &Settings) -> anyhow::Result<PathBuf> {
    let Some(given) = given else {
        if settings.ephemeral.value {
            bail!("the journal of an --ephemeral process goes with it");
        }
        return Ok(settings.directory().join(journal::DIRECTORY));
    };
    if !given.exists() {
        bail!("there is no {}", given.display());
    }
    let below = given.join(journal::DIRECTORY);
    Ok(if below.is_dir() { below } else { given.to_owned() })
}

/// The words of `--status`.
fn statuses() -> impl TypedValueParser<Value = Status> {
    PossibleValuesParser::new(Status::ALL.map(Status::word))
        .map(|word| Status::ALL.into_iter().find(|status| status.word() == word).unwrap_or(Status::Unfinished))
}

impl Choice {
    /// What it chooses, as seen `now`.
    fn filter(self, now: DateTime<Utc>) -> Filter {
        let Self { service, operation, status, resource, period } = self;
        let mut filter = Filter { service, operation, status, resource, ..Filter::default() };
        period.narrow(&mut filter, now);
        filter
    }
}

/// The way to this process's journal, as `settings` say.
pub fn recorder(settings: &Settings, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> anyhow::Result<Recorder> {
    let limits = limits(settings);
    if settings.ephemeral.value {
        return Ok(Recorder::temporary(limits, clock, ids)?);
    }
    check_place(settings)?;
    let directory = settings.directory().join(journal::DIRECTORY);
    Ok(Recorder::in_dir(directory, limits, clock, ids)?)
}

/// How much a journal holds, as `settings` say.
pub(super) fn limits(settings: &Settings) -> Limits {
    Limits {
        file_bytes: settings.journal_max_bytes.value,
        files: settings.journal_max_files.value,
        body_bytes: usize::try_from(settings.journal_body_bytes.value).unwrap_or(usize::MAX),
    }
}

/// Shows calls of the journal in the data directory.
pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let look = match args.action {
        Action::Look(look) => look,
        Action::Policy(args) => return policy::run(args, context).await,
    };
    if context.settings.ephemeral.value {
        bail!("the journal of an --ephemeral process goes with it");
    }
    let dir = context.settings.directory().join(journal::DIRECTORY);
    let again = async || {
        tokio::select! {
            () = tokio::time::sleep(LOOK_AGAIN) => true,
            stop = tokio::signal::ctrl_c() => stop.is_err(),
        }
    };
    show(look, &dir, &context.output, Utc::now(), again).await
}

/// Following, `again` is asked at each end of what there is; it returns when it is worth looking again, or `false` to
/// stop.
async fn show(
    look: Look,
    dir: &Path,
    output: &Output,
    now: DateTime<Utc>,
    again: impl AsyncFnMut() -> bool,
) -> anyhow::Result<Exit> {
    match look {
        Look::Tail(Tail { lines, follow, choice }) => {
            let all = if choice.period.has_beginning() { usize::MAX } else { LATEST };
            let (lines, filter) = (lines.unwrap_or(all), choice.filter(now));
            if output.is_json() {
                let print = |shown: &Shown<String>| print_json(output, shown);
                return tail(dir, lines, &filter, as_json, |_| print, follow.then_some(again)).await;
            }
            let print = |shown: &[Shown<Line>]| {
                let width = render::width_of_clients(shown);
                move |shown: &Shown<Line>| match shown {
                    Shown::Call(line) => {
                        let pieces = line.pieces(width);
                        output.styled(&pieces.each_ref().map(|(style, text)| (*style, text.as_ref())))
                    }
                    Shown::Note(record) => output.styled(&[(Style::Dim, &render::note(record))]),
                }
            };
            tail(dir, lines, &filter, Line::of, print, follow.then_some(again)).await
        }
        Look::Show(Show { id, lines, choice }) => {
            let filter = choice.filter(now);
            let chosen = |call: &Call| filter.matches(call) && id.as_deref().is_none_or(|part| is_named(call, part));
            let text = |call: &Call| if output.is_json() { as_json(call) } else { Detail(call).to_string() };
            let mut latest = Latest::read(dir, lines, &filter, chosen, text)?;
            if !latest.shown.iter().any(|shown| matches!(shown, Shown::Call(_))) {
                bail!("no such call in {}", dir.display());
            }
            latest.shown.retain(|shown| id.is_none() || matches!(shown, Shown::Call(_)));
            latest.shown.iter().try_for_each(|shown| match shown {
                _ if output.is_json() => print_json(output, shown),
                Shown::Call(text) => output.line(text),
                Shown::Note(record) => output.line(render::note(record)),
            })?;
            Ok(Exit::Done)
        }
    }
}

/// Prints what `keep` keeps of the latest calls, and goes on with those that end while `again` says that it is worth
/// looking. `printer` sees the first of them before it prints.
async fn tail<T, P: Fn(&Shown<T>) -> std::io::Result<()>>(
    dir: &Path,
    lines: usize,
    filter: &Filter,
    keep: fn(&Call) -> T,
    printer: impl FnOnce(&[Shown<T>]) -> P,
    again: Option<impl AsyncFnMut() -> bool>,
) -> anyhow::Result<Exit> {
    let mut latest = Latest::read(dir, lines, filter, |call| filter.matches(call), keep)?;
    let shown = std::mem::take(&mut latest.shown);
    let print = printer(&shown);
    shown.iter().try_for_each(&print)?;
    drop(shown);
    if let Some(again) = again {
        latest.follow(filter, again, keep, print).await?;
    }
    Ok(Exit::Done)
}

fn as_json(call: &Call) -> String {
    // What was read as JSON can be written as such.
    serde_json::to_string(call).unwrap_or_default()
}

/// What `replay` and `diff` read again: a call on one line, a note as the journal has it.
fn print_json(output: &Output, shown: &Shown<String>) -> std::io::Result<()> {
    match shown {
        Shown::Call(json) => output.json_text(json),
        Shown::Note(record) => output.json(record),
    }
}

fn is_named(call: &Call, part: &str) -> bool {
    let id = call.id.to_string();
    let part = part.to_ascii_lowercase();
    id.starts_with(&part) || id.ends_with(&part)
}

#[cfg(test)]
mod tests;
