//! `footbridge diff`: two journals of one session, compared call by call; or tables and prefixes of targets.

mod places;

use std::path::PathBuf;

use serde_json::json;

use super::output::tell;
use super::replay::{Choice, Screen};
use super::{Context, Exit};
use crate::mcp::copying::Place;
use crate::replay::{self, Summary};

/// Compare two journals of the same session, or the tables and prefixes of targets.
///
/// Places are [TARGET:]dynamodb://TABLE or [TARGET:]s3://BUCKET/PREFIX: counted, what only one has (`<`, `>`) and what differs
/// (`~`, with the attributes).
///
/// Pairs the calls of LEFT and RIGHT (the same tool or operation with the same arguments, in order) and shows: `=` the same
/// answer, `~` another one, `<` and `>` a call that only one journal has. Nothing is called. `footbridge replay --record`
/// writes a journal to compare with.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  footbridge diff before.ndjson after.ndjson      two files of `journal tail --json`
  footbridge diff before.ndjson after.ndjson --quiet   only what differs
  footbridge diff dev:dynamodb://orders local:dynamodb://orders
  footbridge diff dev:s3://media/docs/ local:s3://media/docs/

Exit codes: 0 all is the same; 1 some differ; 2 there is nothing to compare; 3 a person must allow it.")]
pub struct Args {
    /// A place, or a journal's file or what `journal tail --json` printed, a journal's directory, or a data directory; `-` reads standard
    /// input
    left: PathBuf,
    /// Another
    right: PathBuf,
    /// Show only calls that differ
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    bounds: places::Bounds,
}

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let place = |path: &PathBuf| path.to_str().and_then(|text| text.parse::<Place>().ok());
    match (place(&args.left), place(&args.right)) {
        (Some(left), Some(right)) => return Box::pin(places::run(left, right, args.bounds, context)).await,
        (None, None) => {}
        _ => {
            tell("footbridge: a place is compared with a place, and a journal with a journal");
            return Ok(Exit::Usage);
        }
    }
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
