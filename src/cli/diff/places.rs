//! Tables and prefixes of targets, compared.

use footbridge_record::text::visible_json;
use serde_json::{Value, json};

use crate::backend::Role;
use crate::cli::output::tell;
use crate::cli::session::Session;
use crate::cli::{Context, Exit};
use crate::emulator::access as iam;
use crate::journal::{Outcome, Subject};
use crate::mcp::copying::{Compared, Data, Difference, Place, Side, compare};
use crate::mcp::{Access, Bridge, Caller, Deed, ToolError};

/// How much is compared and shown.
#[derive(Debug, Clone, Copy, clap::Args)]
#[command(next_help_heading = "Tables and prefixes")]
pub struct Bounds {
    /// Compare at most so many items or objects of each side
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    max: usize,
    /// Show at most so many that differ
    #[arg(long, value_name = "N", default_value_t = 20)]
    sample: usize,
}

/// Compares two places.
pub(super) async fn run(left: Place, right: Place, bounds: Bounds, context: &Context) -> anyhow::Result<Exit> {
    if matches!(left.data, Data::Table(_)) != matches!(right.data, Data::Table(_)) {
        tell("footbridge: a table is compared with a table, and a prefix with a prefix");
        return Ok(Exit::Usage);
    }
    let session = Session::open(context, "diff", Role::Passes).await?;
    let compared = Box::pin(both(&session.bridge, &left, &right, bounds)).await;
    session.close().await;
    match compared {
        Ok(compared) => {
            show(&left, &right, &compared, context)?;
            Ok(if compared.differs() { Exit::Failed } else { Exit::Done })
        }
        Err(error) => {
            tell(&error);
            // What differs is 1, and what cannot be compared is not.
            Ok(if error.is_refusal() { Exit::Refused } else { Exit::Usage })
        }
    }
}

async fn both(bridge: &Bridge, left: &Place, right: &Place, bounds: Bounds) -> Result<Compared, ToolError> {
    let (one, other) = (of(bridge, left).await?, of(bridge, right).await?);
    let sides = tokio::join!(
        read(&one, left, Side::read(one.context(), &left.data, bounds.max)),
        read(&other, right, Side::read(other.context(), &right.data, bounds.max)),
    );
    let (mut mine, mut theirs) = (sides.0?, sides.1?);
    let doubtful = mine.doubtful(&theirs);
    if !doubtful.is_empty() {
        let read = tokio::join!(
            read(&one, left, mine.read_bytes(one.context(), &left.data, &doubtful)),
            read(&other, right, theirs.read_bytes(other.context(), &right.data, &doubtful)),
        );
        read.0?;
        read.1?;
    }
    Ok(compare(&mine, &theirs, bounds.sample))
}

async fn of(bridge: &Bridge, place: &Place) -> Result<Bridge, ToolError> {
    match &place.target {
        None => Ok(bridge.clone()),
        Some(name) => bridge.target(name).await,
    }
}

/// Reads through the door of the place's own target.
async fn read<T>(
    bridge: &Bridge,
    place: &Place,
    work: impl Future<Output = Result<T, ToolError>>,
) -> Result<T, ToolError> {
    let deed = Deed {
        subject: Subject::Tool { tool: "diff".to_owned() },
        asks: iam::Access::new(),
        arguments: json!({ "data": place.data.to_string() }),
        access: Access::read(place.data.resource()),
        limit: None,
        recorded: true,
    };
    let work = async { Ok((Outcome::Ok, Value::Null, work.await?)) };
    bridge.perform(&Caller::Command("diff"), deed, work).await
}

fn show(left: &Place, right: &Place, compared: &Compared, context: &Context) -> std::io::Result<()> {
    // The key of an item is JSON, that of an object text.
    let is_table = matches!(left.data, Data::Table(_));
    let as_json = |key: &str| match serde_json::from_str(key) {
        Ok(key) if is_table => key,
        _ => json!(key),
    };
    let Compared { left: of_left, right: of_right, same, only_left, only_right, differing, sample } = compared;
    let output = &context.output;
    if output.is_json() {
        let shown = |(key, difference): &(String, Difference)| match difference {
            Difference::OnlyLeft => json!({ "key": as_json(key), "only": "left" }),
            Difference::OnlyRight => json!({ "key": as_json(key), "only": "right" }),
            Difference::Parts(parts) => json!({ "key": as_json(key), "differs_in": parts }),
        };
        return output.json(&json!({
            "left": { "place": left.to_string(), "count": of_left },
            "right": { "place": right.to_string(), "count": of_right },
            "same": same, "only_left": only_left, "only_right": only_right, "differing": differing,
            "sample": sample.iter().map(shown).collect::<Vec<_>>(),
        }));
    }
    output.line(format_args!("{left} ({of_left}) compared with {right} ({of_right})"))?;
    for (key, difference) in sample {
        let key = visible_json(&as_json(key).to_string()).into_owned();
        match difference {
            Difference::OnlyLeft => output.line(format_args!("< {key}"))?,
            Difference::OnlyRight => output.line(format_args!("> {key}"))?,
            Difference::Parts(parts) => {
                let parts: Vec<_> =
                    parts.iter().map(|part| visible_json(&json!(part).to_string()).into_owned()).collect();
                output.line(format_args!("~ {key}: {}", parts.join(", ")))?;
            }
        }
    }
    let hidden = (only_left + only_right + differing).saturating_sub(sample.len());
    if hidden > 0 {
        output.line(format_args!("  … and {hidden} more"))?;
    }
    output.line(format_args!("{same} the same, {differing} differ, {only_left} only left, {only_right} only right"))
}
