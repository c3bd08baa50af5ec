//! `footbridge replay`: the calls of a journal made again, and their answers compared with the recorded ones.

mod choice;
mod consent;
mod screen;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::json;

pub(super) use self::choice::Choice;
use self::consent::{Answer, Consent};
pub(super) use self::screen::Screen;
use super::journal::{limits, recorder};
use super::output::tell;
use super::session::{Parts, Session};
use super::{Context, Exit, seed};
use crate::backend::Role;
use crate::backend::aws::{Target, TargetKind};
use crate::clock::{RandomIds, SystemClock};
use crate::config::{Backend, Setting, Settings, Source};
use crate::journal::{self, Recorder};
use crate::mcp::{Effect, Policy};
use crate::replay::{Fate, Replay, Script, Stop, Summary};

/// Make the calls of a journal again and compare the answers.
///
/// Runs the calls of JOURNAL in the order in which they began, those of agents' tools and those of AWS SDKs and the CLI, on
/// the local emulator or with --backend aws on AWS (or another endpoint, with --endpoint-url), and shows call by call:
/// `=` the same answer, `~` another one, `-` not made again and why. What is cut or redacted in the journal is not made again.
///
/// On the local backend, the calls run on an empty store in memory; name JOURNAL and --data-dir or --store to run them on
/// data of yours. Where writes wait for a person (on AWS they do), you are asked once; without a terminal, give
/// --mode read-write to make them or --mode read-only to leave them out.
///
/// Times, ids, cursors, accounts and presigned URLs are not compared literally; docs/replay.md has the rules.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  footbridge replay --dry-run                     what would be called
  footbridge replay                               the session again, on an empty store in memory
  footbridge replay session.ndjson --quiet        of a file, and only what differs

Exit codes: 0 all answers are the same; 1 some differ; 2 there is nothing to replay; 3 nobody allowed the writes;
4 the backend cannot be used.")]
pub struct Args {
    /// A journal's file or what `journal tail --json` printed, a journal's directory, or a data directory; `-` reads
    /// standard input [default: the journal of the data directory or store in force]
    journal: Option<PathBuf>,
    /// Show what would be called, and call nothing
    #[arg(long)]
    dry_run: bool,
    /// Show only calls that differ
    #[arg(short, long)]
    quiet: bool,
    /// Record the calls in this directory, for `footbridge diff`
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
    #[command(flatten)]
    choice: Choice,
}

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let settings = target_settings(&context.settings, args.journal.is_some());
    let script = match &args.journal {
        Some(path) => args.choice.read(path)?,
        None => args.choice.read(&context.settings.directory().join(journal::DIRECTORY))?,
    };
    let consent = Arc::new(Consent::new(settings.mode.value, Policy::of(&settings)));
    let parts = Parts {
        command: "replay",
        recorder: recorder_of(&settings, args.record.as_deref())?,
        authorizer: consent.clone(),
        // Presigned URLs are compared by their shape and fetched by nobody.
        endpoint: (settings.backend.value == Backend::Local).then(|| presigned_at(&settings)),
        problems: Arc::new(Vec::new),
    };
    let session = Session::of(&settings, Role::Passes, parts).await?;
    if settings.backend.value == Backend::Local && settings.ephemeral.value {
        // As for any other process that opens an empty store.
        seed::where_empty(settings.seed.as_ref(), &session.backend.clients).await?;
    }
    let screen = Screen::new(&context.output, args.quiet);
    let outcome = Box::pin(replay(&session, &script, &consent, args.dry_run, screen)).await;
    session.close().await;
    outcome
}

async fn replay(
    session: &Session,
    script: &Script,
    consent: &Consent,
    dry_run: bool,
    screen: Screen<'_>,
) -> anyhow::Result<Exit> {
    let bridge = &session.bridge;
    let fates: Vec<_> = script.calls.iter().map(|call| (call, Replay::fate(bridge, call))).collect();
    if dry_run {
        screen.title(&format!("{} calls; on {} would be called:", fates.len(), session.backend.target()))?;
        for (index, (call, fate)) in fates.iter().enumerate() {
            screen.planned(index + 1, call, fate)?;
        }
        return Ok(Exit::Done);
    }
    let writes: Vec<_> = fates
        .iter()
        .filter_map(|(call, fate)| match fate {
            Fate::Made(effect) if *effect >= Effect::Write => Some((call.name(), *effect)),
            _ => None,
        })
        .collect();
    if !consent.can_be_had(&session.backend.target(), &writes) {
        return Ok(Exit::Refused);
    }
    let target = target(session).await?;
    if consent.ask(&target, &writes)? == Answer::No {
        return Ok(Exit::Refused);
    }
    screen.title(&format!("{} calls, replayed on {target}", fates.len()))?;
    let mut replay = Replay::new(bridge.clone())?;
    let mut summary = Summary::default();
    for call in &script.calls {
        match replay.step(call).await {
            Ok(step) => {
                summary.add(&step);
                screen.step(&step)?;
            }
            Err(Stop(error)) => {
                screen.summary(&summary, &json!({ "target": target.to_string(), "stopped": error.to_string() }))?;
                let left = fates.len() - summary.calls;
                tell(format_args!("footbridge: {left} calls were not made, since the backend cannot be used: {error}"));
                return Ok(Exit::Unavailable);
            }
        }
    }
    screen.summary(&summary, &json!({ "target": target.to_string() }))?;
    Ok(match summary {
        summary if summary.differs() => Exit::Failed,
        summary if summary.not_allowed > 0 && !consent.is_read_only() => Exit::Refused,
        _ => Exit::Done,
    })
}

/// Where calls go and as whom, as far as the far side tells: engines that stand in for AWS need not have STS.
async fn target(session: &Session) -> anyhow::Result<Target> {
    let target = session.backend.target();
    match session.backend.who().await {
        Ok(target) => Ok(target),
        Err(_) if target.kind != TargetKind::Aws => Ok(target),
        Err(error) => Err(error.into()),
    }
}

/// The settings of the far side: locally an empty store in memory, unless a person names data on the command line that is
/// not there to find the journal.
fn target_settings(settings: &Settings, journal_is_named: bool) -> Settings {
    let flag = |source: &Source| matches!(source, Source::Flag(_));
    let named = flag(&settings.data_dir.source) || settings.store.as_ref().is_some_and(|store| flag(&store.source));
    // A journal is replayed on one target, whichever its calls named.
    let mut settings = Settings { others: Vec::new(), ..settings.clone() };
    if settings.backend.value == Backend::Local && !(named && journal_is_named) {
        settings.ephemeral = Setting::default_of(true);
    }
    settings
}

fn recorder_of(settings: &Settings, record: Option<&Path>) -> anyhow::Result<Recorder> {
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(RandomIds));
    Ok(match record {
        Some(dir) => Recorder::in_dir(std::path::absolute(dir).context("--record")?, limits(settings), clock, ids)?,
        None => recorder(settings, clock, ids)?,
    })
}

fn presigned_at(settings: &Settings) -> crate::mcp::Endpoint {
    let port = settings.listen.value.port();
    Arc::new(move || Some(format!("http://localhost:{port}")))
}
