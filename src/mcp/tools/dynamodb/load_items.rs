//! `dynamodb_load_items`: the items of a file into a table, by BatchWriteItem or conditional PutItem.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use super::batch;
use super::selection::Selection;
use crate::items::{self, BatchError, Columns, Doubts, Exists, Found, Keys, Lanes, LoadError, ReadError, Tally};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::files::OpenFile;
use crate::mcp::notes;
use crate::mcp::quoted::{named, quoted};
use crate::mcp::spelling::any_case;
use crate::mcp::tool::{Access, Default, Kind, TRANSFER, Tool};
use crate::mcp::tools::bulk;

/// The most columns that a note names.
const NAMED: usize = 4;

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// Path: JSON, NDJSON, CSV, DynamoDB export; may be .gz
    file: String,
    /// replace by default
    #[serde(default, deserialize_with = "any_case")]
    if_exists: Option<Exists>,
    /// Of CSV columns: {"total": "N"}
    types: Option<Columns>,
    /// Writes nothing
    check: Option<bool>,
}

pub(crate) struct LoadItems;

#[async_trait]
impl Tool for LoadItems {
    type Args = Args;
    const NAME: &'static str = "dynamodb_load_items";
    const DESCRIPTION: &'static str = "Writes the items of a file into a table.";
    const KIND: Kind = Kind::Replaces;
    const RUNS_READ_ONLY: bool = true;
    const EXAMPLE: &'static str = r#"{"table": "orders", "file": "orders.json"}"#;
    const DEFAULT: Default = Default::Table;
    const NEEDS_FILES: bool = true;

    fn access(args: &Args) -> Access {
        let table = format!("dynamodb://{}", args.table);
        if args.check.unwrap_or_default() { Access::read(table) } else { Access::write(table) }
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        // A path that cannot be used costs no call.
        let file = context.files.open(&args.file)?;
        let keys = Selection::keys(context, &args.table).await?;
        let (size, tally, at) = (file.size(), Arc::new(Tally::default()), Arc::new(AtomicU64::new(0)));
        let source = Counted { file, at: Arc::clone(&at) };
        let (check, exists) = (args.check.unwrap_or_default(), args.if_exists.unwrap_or_default());
        let (lanes, receivers) = Lanes::new(&keys);
        let reading = {
            let (keys, tally, types) = (keys.clone(), Arc::clone(&tally), args.types.clone().unwrap_or_default());
            let lanes = (!check).then_some(lanes);
            bulk::blocking(move |over| read(source, &keys, &types, lanes, &tally, || over.load(Relaxed)))
        };
        let writing = Lanes::write(receivers, &context.dynamodb, &args.table, &keys, exists, &tally);
        let work = async { tokio::join!(writing, reading) };
        let done = bulk::watched(bulk::LIMIT, work, || (at.load(Relaxed).min(size), Some(size))).await;
        let told = Told { args: &args, check, exists, tally: &tally };
        let Some((written, read)) = done else {
            return Err(told.half_way(bulk::timed_out("too much for one call")));
        };
        written.map_err(|error| told.failed(error))?;
        let found = read?.map_err(|error| told.unreadable(error))?;
        note(&found.doubts);
        told.answer(found.format)
    }
}

/// Hands on the items of a file, or only looks at them.
fn read(
    source: Counted,
    keys: &Keys,
    types: &Columns,
    mut lanes: Option<Lanes>,
    tally: &Tally,
    over: impl Fn() -> bool,
) -> Result<Found, ReadError> {
    items::read(source, keys, types, &mut |row| {
        match (row.item, &mut lanes) {
            (Ok(item), Some(lanes)) => return lanes.send(row.line, item, tally),
            (Ok(_), None) => drop(tally.read.fetch_add(1, Relaxed)),
            (Err(why), _) => tally.bad(row.line, why),
        }
        !over()
    })
}

/// A file, and how far it is read.
struct Counted {
    file: OpenFile,
    at: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.at.fetch_add(u64::try_from(read).unwrap_or_default(), Relaxed);
        Ok(read)
    }
}

/// Says what the file's writer may have meant otherwise.
fn note(doubts: &Doubts) {
    let listed = |names: &[String]| {
        let named: Vec<_> = names.iter().take(NAMED).map(|name| quoted(name)).collect();
        let more = names.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("column{} {}{more}", if names.len() == 1 { "" } else { "s" }, named.join(", "))
    };
    if !doubts.numbers.is_empty() {
        let types: Vec<_> = doubts.numbers.iter().take(NAMED).map(|name| format!("{}: \"N\"", quoted(name))).collect();
        let (listed, types) = (listed(&doubts.numbers), types.join(", "));
        notes::say(format!("the numbers of {listed} are text; as numbers: types {{{types}}}"));
    }
    if !doubts.blanks.is_empty() {
        notes::say(format!("blanks belong to the names of {}", listed(&doubts.blanks)));
    }
}

/// What is told of a load.
struct Told<'a> {
    args: &'a Args,
    check: bool,
    exists: Exists,
    tally: &'a Tally,
}

impl Told<'_> {
    fn how_far(&self) -> String {
        let Tally { read, written, bad, .. } = self.tally;
        let [read, written, bad] = [read, written, bad].map(|count| count.load(Relaxed));
        if self.check { format!("{read} items read, {bad} bad rows") } else { format!("{written} items were written") }
    }

    fn go_on(&self) -> &'static str {
        match (self.check, self.exists) {
            (true, _) => "nothing was to be written",
            (_, Exists::Replace) => "call again: it writes them once more, and the rest",
            (_, Exists::Skip) => "call again: it skips what is there",
            (_, Exists::Fail) => "if_exists: skip goes on with what is not there",
        }
    }

    fn half_way(&self, error: ToolError) -> ToolError {
        bulk::half_way(error, &self.how_far(), self.go_on())
    }

    fn failed(&self, error: LoadError) -> ToolError {
        let error = match error {
            LoadError::Batch(BatchError::Aws(error)) => ToolError::from(*error),
            LoadError::Batch(BatchError::Throttled) => batch::throttled("AWS takes no more just now"),
            LoadError::Put(error) => ToolError::from(*error),
            LoadError::Exists(line) => {
                ToolError::new("item_exists", format!("the item of line {line} is in the table already"))
            }
        };
        self.half_way(error)
    }

    fn unreadable(&self, error: ReadError) -> ToolError {
        let error = match error {
            ReadError::Content { line, what } => {
                ToolError::new("bad_file", format!("{}, line {line}: {what}", named(&self.args.file)))
            }
            ReadError::Io(error) => match error.downcast::<ToolError>() {
                Ok(error) => error,
                Err(error) => ToolError::new("bad_file", format!("{}: {error}", named(&self.args.file))),
            },
        };
        error.after(&self.how_far())
    }

    fn answer(&self, format: items::Format) -> Result<Value, ToolError> {
        let Tally { read, written, skipped, bad, again, .. } = self.tally;
        let [read, written, skipped, bad, again] = [read, written, skipped, bad, again].map(|n| n.load(Relaxed));
        let told = self.tally.told();
        if let Some((line, why)) = told.first().filter(|_| read == 0) {
            let what =
                format!("none of {bad} rows of {} is an item; line {line}: {}", named(&self.args.file), quoted(why));
            return Err(ToolError::new("bad_file", what));
        }
        let mut answer = json!({ "table": self.args.table, "file": self.args.file, "format": format.name() });
        if self.check {
            answer["items"] = json!(read);
        } else {
            answer["written"] = json!(written);
        }
        for (name, count) in [("skipped", skipped), ("repeated_keys", again), ("bad", bad)] {
            if count > 0 {
                answer[name] = json!(count);
            }
        }
        if !told.is_empty() {
            answer["bad_rows"] =
                told.iter().map(|(line, why)| json!({ "line": line, "why": bulk::short(why) })).collect();
        }
        Ok(answer)
    }
}
