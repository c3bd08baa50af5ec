//! `footbridge copy`: a table's items, or a prefix's objects, from one target to another.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};

use super::call::exit_of;
use super::output::tell;
use super::session::Session;
use super::{Context, Exit, signal};
use crate::backend::Role;
use crate::mcp::copying::{Data, Place, Secret};
use crate::mcp::{Caller, with_secret};

/// Copy items or objects between targets.
///
/// Items and objects that are there already are replaced, others stay. A table that is not there is made, with the same keys
/// and indexes. The source's target is asked whether what is read may be saved, the other whether it may be written to.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// What is copied: [TARGET:]dynamodb://TABLE or [TARGET:]s3://BUCKET/PREFIX
    from: String,
    /// Where to: the same, or TARGET: alone for the same name there
    to: String,
    /// Copy at most so many items or objects
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    max: u64,
    /// Copy only items that match this filter expression
    #[arg(long, value_name = "EXPRESSION")]
    filter: Option<String>,
    /// The values of the filter, as JSON: {":n": 5}
    #[arg(long, value_name = "JSON")]
    values: Option<String>,
    /// Replace an attribute by *** or 0 (may be repeated)
    #[arg(long, value_name = "ATTRIBUTE", help_heading = "Fields that do not travel as they are")]
    mask: Vec<String>,
    /// Replace an attribute by a hash, alike for alike values (may be repeated)
    #[arg(long, value_name = "ATTRIBUTE", help_heading = "Fields that do not travel as they are")]
    hash: Vec<String>,
    /// Replace an attribute by a made-up value, alike for alike values (may be repeated)
    #[arg(long, value_name = "ATTRIBUTE", help_heading = "Fields that do not travel as they are")]
    fake: Vec<String>,
    /// Make hashes and made-up values with what this file holds, so that several copies join [default: a secret of this copy]
    #[arg(long, value_name = "FILE", help_heading = "Fields that do not travel as they are")]
    secret_file: Option<PathBuf>,
    /// Only count what would be copied
    #[arg(long)]
    dry_run: bool,
}

const HELP: &str = "\
Examples:
  footbridge copy dev:dynamodb://orders local: --max 500 --dry-run
  footbridge copy dev:dynamodb://orders local: --filter 'total > :t' --values '{\":t\": 100}'
  footbridge copy prod:dynamodb://orders local:dynamodb://sample --hash pk --fake name --mask note
  footbridge copy dev:s3://media/docs/ local:s3://media/docs/

Targets are named with [target.NAME] in footbridge.toml; without a name it is the default one.";

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let (from, to_target, to) = match places(&args) {
        Ok(places) => places,
        Err(message) => {
            tell(format_args!("footbridge: {message}"));
            return Ok(Exit::Usage);
        }
    };
    if let Some(path) = &args.secret_file {
        let bytes = std::fs::read(path).with_context(|| format!("--secret-file {}", path.display()))?;
        anyhow::ensure!(!bytes.is_empty(), "--secret-file {}: it is empty", path.display());
        with_secret(Secret::of(&bytes));
    }
    let arguments = arguments(&args, &from, to_target.as_deref(), to.as_ref())?;
    let stopped = signal::stop();
    let session = Session::open(context, "copy", Role::Passes).await?;
    let bar = Bar::new(args.max);
    let copied = Arc::new(AtomicU64::new(0));
    let progress = {
        let (bar, copied) = (bar.0.clone(), Arc::clone(&copied));
        Arc::new(move |done: u64, _: Option<u64>| {
            copied.store(done, Ordering::Relaxed);
            bar.set_position(done);
        })
    };
    let caller = Caller::Command("copy");
    let call = session.bridge.call_and_watch(&caller, "copy_from_target", arguments, progress);
    let outcome = tokio::select! {
        outcome = call => Some(outcome),
        () = stopped => None,
    };
    bar.0.finish_and_clear();
    session.close().await;
    match outcome {
        None => {
            tell(format_args!("footbridge: stopped; {} were copied", copied.load(Ordering::Relaxed)));
            Ok(Exit::Failed)
        }
        Some(Err(error)) => {
            tell(&error);
            Ok(exit_of(&error, context.settings.backend.value))
        }
        Some(Ok(answer)) => {
            let answer: Value = serde_json::from_str(&answer.text)?;
            if context.output.is_json() {
                context.output.json(&answer)?;
            } else {
                context.output.line(told(&answer, to_target.as_deref()))?;
            }
            Ok(Exit::Done)
        }
    }
}

/// What is copied, to which target, and to which place in it where that has another name.
fn places(args: &Args) -> Result<(Place, Option<String>, Option<Data>), String> {
    let from: Place = args.from.parse().map_err(|error| format!("{}: {error}", args.from))?;
    if let Some(target) = args.to.strip_suffix(':').filter(|target| !target.is_empty() && !target.contains(':')) {
        return Ok((from, Some(target.to_owned()), None));
    }
    let to: Place = args.to.parse().map_err(|error| format!("{}: {error}, or TARGET: alone", args.to))?;
    Ok((from, to.target, Some(to.data)))
}

fn arguments(
    args: &Args,
    from: &Place,
    to_target: Option<&str>,
    to: Option<&Data>,
) -> anyhow::Result<Map<String, Value>> {
    let mut arguments = Map::new();
    let mut say = |name: &str, value: Value| drop(arguments.insert(name.to_owned(), value));
    say("data", json!(from.data.to_string()));
    say("max", json!(args.max));
    // Without a name it is the default target on either side.
    say("from_target", json!(from.target));
    say("target", json!(to_target));
    say("to", json!(to.map(ToString::to_string)));
    say("filter", json!(args.filter));
    if let Some(values) = &args.values {
        say("values", serde_json::from_str(values).context("--values")?);
    }
    for (name, fields) in [("mask", &args.mask), ("hash", &args.hash), ("fake", &args.fake)] {
        say(name, json!(fields));
    }
    say("dry_run", json!(args.dry_run));
    arguments.retain(|_, value| !value.is_null() && *value != json!([]));
    Ok(arguments)
}

fn told(answer: &Value, target: Option<&str>) -> String {
    let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
    let of = |counts: &Value| {
        let count = |name: &str| {
            let named = |count| if count == 1 { name.trim_end_matches('s') } else { name };
            counts[name].as_u64().map(|count| format!("{} {}", HumanCount(count), named(count)))
        };
        let bytes = counts["bytes"].as_u64().map(|bytes| format!(", {}", HumanBytes(bytes))).unwrap_or_default();
        count("items").or_else(|| count("objects")).unwrap_or_default() + &bytes
    };
    let to = target.map_or_else(|| text("to"), |target| format!("{target}:{}", text("to")));
    let mut line = match answer.get("would_copy") {
        Some(counts) => format!("would copy {} from {} to {to}", of(counts), text("from")),
        None => format!("copied {} from {} to {to}", of(answer), text("from")),
    };
    if answer["created"] == true {
        line.push_str(", which was made");
    }
    if let Some(most) = answer["limit_reached"].as_u64() {
        let _ = write!(line, "; there are more than --max {most}");
    }
    line
}

/// A bar on standard error, where that is a terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new(most: u64) -> Self {
        let bar = ProgressBar::new(most);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} copied, {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }
}
