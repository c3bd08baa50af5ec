//! `footbridge diff`: two journals of one session, compared call by call.

use std::path::PathBuf;

use serde_json::json;

use super::replay::{Choice, Screen};
use super::{Context, Exit};
use crate::replay::{self, Summary};

/// Compare two journals of the same session, call by call.
///
/// Pairs the calls of LEFT and RIGHT (the same tool or operation with the same arguments, in order) and shows: `=` the same
/// answer, `~` another one, `<` and `>` a call that only one journal has. Nothing is called. `footbridge replay --record`
/// writes a journal to compare with.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  footbridge diff before.ndjson after.ndjson      two files of `journal tail --json`
  footbridge diff before.ndjson after.ndjson --quiet   only what differs

Exit codes: 0 all answers are the same; 1 some differ; 2 there is nothing to compare.")]
pub struct Args {
    /// A journal's file or what `journal tail --json` printed, a journal's directory, or a data directory; `-` reads standard
    /// input
    left: PathBuf,
    /// Another
    right: PathBuf,
    /// Show only calls that differ
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    choice: Choice,
}

#[expect(clippy::unused_async, reason = "every subcommand has this shape")]
pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let left = args.choice.read(&args.left)?;
    let right = args.choice.read(&args.right)?;
    let screen = Screen::new(&context.output, args.quiet);
    let mut summary = Summary::default();
    screen.title(&format!("{} compared with {}", args.left.display(), args.right.display()))?;
    replay::diff(&left, &right, |step| -> anyhow::Result<()> {
        summary.add(&step);
        Ok(screen.step(&step)?)
    })?;
    screen.summary(&summary, &json!({}))?;
    Ok(if summary.differs() { Exit::Failed } else { Exit::Done })
}
