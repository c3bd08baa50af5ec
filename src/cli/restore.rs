//! `footbridge restore`: what a snapshot covers as it was.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;

use super::output::tell;
use super::snapshot::{absolute, local, refused, scope};
use super::{Context, Exit};
use crate::backend::Backend;
use crate::emulator::control::Control;
use crate::emulator::snapshot::{From, Restore, Restored};

/// Arguments of `footbridge restore`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// A snapshot's name, or the file of one
    #[arg(value_name = "NAME|FILE")]
    from: String,
    /// A part of it: dynamodb://TABLE, s3://BUCKET, s3://BUCKET/KEY or s3://BUCKET/PREFIX* (may be repeated)
    #[arg(long, value_name = "URI")]
    only: Vec<String>,
    /// Do not ask: what was made since may go
    #[arg(long, short)]
    yes: bool,
    /// Make no snapshot of what is there now
    #[arg(long)]
    no_snapshot: bool,
}

const HELP: &str = "\
Examples:
  footbridge restore yesterday --yes              what the snapshot covers, as it was
  footbridge restore yesterday --only dynamodb://orders --yes   a part of it

`footbridge snapshot list` shows those that there are.";

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    if let Some(exit) = refused(context, "restore", true) {
        return Ok(exit);
    }
    if !args.yes && !asked(&args)? {
        tell("footbridge: nothing was restored: what was made since would be gone; --yes says that this is meant");
        return Ok(Exit::Refused);
    }
    let backend = local(context).await?;
    let outcome = answer(args, context, &backend).await;
    backend.close().await;
    outcome
}

/// Asks the person at the terminal, where there is one.
fn asked(args: &Args) -> std::io::Result<bool> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Ok(false);
    }
    tell(format_args!("Restore {}? What was made since in what it covers will be gone. [y/N]", args.from));
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

async fn answer(args: Args, context: &Context, backend: &Backend) -> anyhow::Result<Exit> {
    let Some(local) = backend.local() else { return Ok(Exit::Usage) };
    let path = Path::new(&args.from);
    let from = if args.from.contains(['/', '\\']) || path.is_file() {
        From::Path(absolute(path)?)
    } else {
        From::Name(args.from.clone())
    };
    let only = if args.only.is_empty() { None } else { Some(scope(backend, &args.only)?) };
    let restore = Restore { from, only, keep: !args.no_snapshot };
    let restored: Restored = local.gateway().ask(Control::Restore(restore)).await?;
    let output = &context.output;
    if output.is_json() {
        output.json(&restored)?;
        return Ok(Exit::Done);
    }
    let Restored { scope, tables, items, buckets, objects, removed, before } = restored;
    output.line(format_args!(
        "{scope} as in {}: {items} items in {tables} tables, {objects} objects in {buckets} buckets",
        args.from
    ))?;
    for uri in removed {
        output.line(format_args!("removed {uri}, which was not there"))?;
    }
    if let Some(before) = before {
        output.line(format_args!("as it was before: footbridge restore {before}"))?;
    }
    Ok(Exit::Done)
}
