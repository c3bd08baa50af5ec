//! `footbridge journal`: what was called, in the past and as it happens.

mod policy;
mod render;

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use self::render::{Detail, Line};
use super::{Context, Exit, Output};
use crate::backend::check_place;
use crate::clock::{Clock, Ids};
use crate::config::Settings;
use crate::journal::{self, Call, Filter, Join, Limits, Reader, Recorder, Status};

/// Bytes of each file that are looked through first; more where too few calls match.
const FIRST_LOOK: u64 = 256 << 10;

/// How often a followed journal is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Arguments of `footbridge journal`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

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
struct Tail {
    /// How many calls
    #[arg(short = 'n', long, default_value_t = 20, value_name = "N")]
    lines: usize,
    /// Go on with calls as they end
    #[arg(short, long)]
    follow: bool,
    #[command(flatten)]
    choice: Choice,
}

#[derive(Debug, clap::Args)]
struct Show {
    /// The call's id, or how it begins or ends; without one, the latest call
    id: Option<String>,
    /// How many calls
    #[arg(short = 'n', long, default_value_t = 1, value_name = "N")]
    lines: usize,
    #[command(flatten)]
    choice: Choice,
}

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
}

/// The words of `--status`.
fn statuses() -> impl TypedValueParser<Value = Status> {
    PossibleValuesParser::new(Status::ALL.map(Status::word))
        .map(|word| Status::ALL.into_iter().find(|status| status.word() == word).unwrap_or(Status::Unfinished))
}

impl From<Choice> for Filter {
    fn from(choice: Choice) -> Self {
        let Choice { service, operation, status, resource } = choice;
        Self { service, operation, status, resource }
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
    show(look, &dir, &context.output, again).await
}

/// Following, `again` is asked at each end of what there is; it returns when it is worth looking again, or `false` to
/// stop.
async fn show(look: Look, dir: &Path, output: &Output, again: impl AsyncFnMut() -> bool) -> anyhow::Result<Exit> {
    match look {
        Look::Tail(Tail { lines, follow, choice }) => {
            let filter = Filter::from(choice);
            let print = |call: &Call| print(output, call, Line(call));
            let mut latest = Latest::read(dir, lines, |call| filter.matches(call))?;
            latest.calls.iter().try_for_each(print)?;
            if follow {
                latest.follow(&filter, again, print).await?;
            }
            Ok(Exit::Done)
        }
        Look::Show(Show { id, lines, choice }) => {
            let filter = Filter::from(choice);
            let named = |call: &Call| id.as_deref().is_none_or(|part| is_named(call, part));
            let latest = Latest::read(dir, lines, |call| filter.matches(call) && named(call))?;
            if latest.calls.is_empty() {
                bail!("no such call in {}", dir.display());
            }
            latest.calls.iter().try_for_each(|call| print(output, call, Detail(call)))?;
            Ok(Exit::Done)
        }
    }
}

fn print(output: &Output, call: &Call, text: impl fmt::Display) -> io::Result<()> {
    if output.is_json() { output.json(call) } else { output.line(text) }
}

fn is_named(call: &Call, part: &str) -> bool {
    let id = call.id.to_string();
    let part = part.to_ascii_lowercase();
    id.starts_with(&part) || id.ends_with(&part)
}

/// The latest calls, and where reading goes on.
struct Latest {
    /// Earliest first.
    calls: VecDeque<Call>,
    reader: Reader,
    join: Join,
}

impl Latest {
    /// The latest `count` calls that `matches`, looking as far back as that takes.
    fn read(dir: &Path, count: usize, matches: impl Fn(&Call) -> bool) -> anyhow::Result<Self> {
        let mut look = FIRST_LOOK;
        loop {
            let latest = Self::look(Reader::near_end(dir, look)?, count, &matches)?;
            if latest.calls.len() == count || latest.reader.is_whole() {
                if latest.reader.unreadable() > 0 {
                    let lines = latest.reader.unreadable();
                    tracing::warn!(lines, "lines that are no journal records were passed over");
                }
                return Ok(latest);
            }
            look = look.saturating_mul(8);
        }
    }

    fn look(mut reader: Reader, count: usize, matches: impl Fn(&Call) -> bool) -> anyhow::Result<Self> {
        let (mut join, mut calls) = (Join::default(), VecDeque::new());
        while let Some(entry) = reader.next()? {
            calls.extend(join.push(entry).filter(&matches));
            if calls.len() > count {
                calls.pop_front();
            }
        }
        calls.extend(join.unfinished().filter(|call| matches(call)).cloned());
        calls.make_contiguous().sort_by_key(|call| call.at);
        calls.drain(..calls.len().saturating_sub(count));
        Ok(Self { calls, reader, join })
    }

    /// Gives each chosen call to `print` as it ends.
    async fn follow(
        &mut self,
        filter: &Filter,
        mut again: impl AsyncFnMut() -> bool,
        print: impl Fn(&Call) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        while again().await {
            self.reader.refresh()?;
            while let Some(entry) = self.reader.next()? {
                if let Some(call) = self.join.push(entry).filter(|call| filter.matches(call)) {
                    print(&call)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
