//! `footbridge snapshot`: what is in the emulator kept in a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::HumanBytes;

use super::output::tell;
use super::{Context, Exit};
use crate::backend::{Backend, Role};
use crate::config;
use crate::emulator::control::Control;
use crate::emulator::observer::NoObserver;
use crate::emulator::snapshot::{Listed, Scope, Take, Taken, Words};

/// Arguments of `footbridge snapshot`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, after_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Its name; without, one of the time
    name: Option<String>,
    /// What to keep: dynamodb://TABLE, s3://BUCKET, s3://BUCKET/KEY or s3://BUCKET/PREFIX* (may be repeated); without, everything
    #[arg(long, value_name = "URI")]
    only: Vec<String>,
    /// Write text that git can compare
    #[arg(long)]
    text: bool,
    /// Write this file in place of one in the data directory
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Replace the file that --to names
    #[arg(long, requires = "to")]
    force: bool,
}

const HELP: &str = "\
Examples:
  footbridge snapshot                             all tables and buckets, under a name of the time
  footbridge snapshot before-migration            under a name
  footbridge snapshot --only dynamodb://orders --text --to orders.snapshot  as text for git
  footbridge snapshot list                        those that there are";

const LIST: &str = "\
Examples:
  footbridge snapshot list                        names, sizes and what they cover
  footbridge snapshot list --json                 for programs";

const DELETE: &str = "\
Examples:
  footbridge snapshot delete yesterday            by its name
  footbridge snapshot delete yesterday --store shop   of a named store";

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show the snapshots in the data directory
    #[command(after_help = LIST)]
    List,
    /// Delete one
    #[command(after_help = DELETE)]
    Delete {
        /// Its name
        name: String,
    },
}

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    if let Some(exit) = refused(context, "snapshot", false) {
        return Ok(exit);
    }
    let backend = local(context).await?;
    let outcome = answer(args, context, &backend).await;
    backend.close().await;
    outcome
}

async fn answer(args: Args, context: &Context, backend: &Backend) -> anyhow::Result<Exit> {
    let Some(local) = backend.local() else { return Ok(Exit::Usage) };
    let gateway = local.gateway();
    let output = &context.output;
    match args.command {
        Some(Command::List) => {
            let listed: Vec<Listed> = gateway.ask(Control::Snapshots).await?;
            if output.is_json() {
                output.json(&listed)?;
            }
            for known in listed.iter().filter(|_| !output.is_json()) {
                let covers = known.scope.as_ref().map_or_else(|| "cannot be read".to_owned(), Scope::to_string);
                output.line(format_args!("{:40} {:>12}  {covers}", known.name, HumanBytes(known.bytes).to_string()))?;
            }
        }
        Some(Command::Delete { name }) => {
            let () = gateway.ask(Control::DeleteSnapshot(name)).await?;
            if output.is_json() {
                output.json(&())?;
            }
        }
        None => {
            let take = Take {
                name: args.name,
                scope: scope(backend, &args.only)?,
                text: args.text,
                to: args.to.as_deref().map(absolute).transpose()?,
                over: args.force,
                ..Take::default()
            };
            let taken: Taken = gateway.ask(Control::Snapshot(take)).await?;
            if output.is_json() {
                output.json(&taken)?;
            } else {
                let Taken { name, path, bytes, tables, items, buckets, objects } = taken;
                output.line(format_args!(
                    "{name}: {items} items in {tables} tables, {objects} objects in {buckets} buckets; {} ({})",
                    path.display(),
                    HumanBytes(bytes)
                ))?;
            }
        }
    }
    Ok(Exit::Done)
}

/// Why a command that works on the local backend alone cannot: `writes` of one that changes what is stored.
pub(super) fn refused(context: &Context, command: &str, writes: bool) -> Option<Exit> {
    let settings = &context.settings;
    let (exit, why) = if settings.backend.value == config::Backend::Aws {
        (Exit::Usage, "is for the local backend; AWS has backups and versioning of its own")
    } else if settings.ephemeral.value {
        (Exit::Usage, "works on what is kept on disk, and --ephemeral keeps nothing")
    } else if writes && settings.mode.value == config::Mode::ReadOnly {
        (Exit::Refused, "changes what is stored, and the mode is read-only: add --mode read-write")
    } else {
        return None;
    };
    tell(format_args!("footbridge: {command} {why}"));
    Some(exit)
}

/// The local backend of such a command.
pub(super) async fn local(context: &Context) -> anyhow::Result<Backend> {
    let settings = &context.settings;
    Ok(Backend::open(settings, Role::Passes, Arc::new(NoObserver)).await?)
}

/// What `uris` mean to the tools of these settings.
pub(super) fn scope(backend: &Backend, uris: &[String]) -> anyhow::Result<Scope> {
    let target = backend.target();
    Ok(Scope::parse(target.account.as_deref().unwrap_or_default(), &target.region, uris, Words::Asked)?)
}

/// The same file for a process that works elsewhere.
pub(super) fn absolute(path: &Path) -> std::io::Result<PathBuf> {
    std::path::absolute(path)
}
