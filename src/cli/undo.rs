//! `footbridge undo`: the last tool calls that wrote taken back.

use std::collections::BTreeSet;

use super::snapshot::{local, refused};
use super::{Context, Exit};
use crate::backend::Backend;
use crate::emulator::control::Control;
use crate::emulator::undo::{Undo, Undone};

/// Arguments of `footbridge undo`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// How many tool calls that wrote, of whichever session
    #[arg(value_name = "N", default_value_t = 1)]
    calls: usize,
}

const HELP: &str = "\
Examples:
  footbridge undo                                 the last tool call that wrote
  footbridge undo 3                               the last three";

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    if let Some(exit) = refused(context, "undo", true) {
        return Ok(exit);
    }
    let backend = local(context).await?;
    let outcome = answer(&args, context, &backend).await;
    backend.close().await;
    outcome
}

async fn answer(args: &Args, context: &Context, backend: &Backend) -> anyhow::Result<Exit> {
    let Some(local) = backend.local() else { return Ok(Exit::Usage) };
    let undo = Undo { session: None, calls: args.calls, running: BTreeSet::new() };
    let undone: Undone = local.gateway().ask(Control::Undo(undo)).await?;
    let output = &context.output;
    if output.is_json() {
        output.json(&undone)?;
        return Ok(Exit::Done);
    }
    output.line(format_args!("undone: {}", undone.calls.join(", ")))?;
    for (uri, done) in &undone.done {
        let done: Vec<_> = done.iter().map(|(what, count)| format!("{count} {what}")).collect();
        output.line(format_args!("{uri}: {}", done.join(", ")))?;
    }
    Ok(Exit::Done)
}
