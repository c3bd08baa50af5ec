//! `footbridge doctor`: what is in force, where it came from, and what is wrong with it.

use super::{Context, Exit};

/// Arguments of `footbridge doctor`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the report.
pub async fn run(_args: Args, context: &Context) -> anyhow::Result<Exit> {
    let rows = context.settings.rows();
    for row in &rows {
        context.output.line(format_args!("{:<22} {}  ({})", row.name, row.value, row.source))?;
    }
    Ok(Exit::Done)
}
