//! `dynamodb_export_items`: the items of a query or a scan into a new file.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Seek};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::io::AsyncWriteExt;

use super::paging::Source;
use super::selection::{Selected, Selection};
use crate::items::{CsvTable, Writer};
use crate::json;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::files::{self, NewFile};
use crate::mcp::limit::Limit;
use crate::mcp::spelling::any_case;
use crate::mcp::tool::{Access, Default, Kind, TRANSFER, Tool};
use crate::mcp::tools::bulk;

/// The most columns of a CSV file.
const COLUMNS: usize = 2000;

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// Path of the new file; may end in .gz
    save_to: String,
    /// By default from the ending
    #[serde(default, deserialize_with = "any_case")]
    format: Option<Format>,
    /// Index name
    index: Option<String>,
    /// As of dynamodb_query; without it a scan
    key_condition: Option<String>,
    /// Filter expression
    filter: Option<String>,
    /// For #names used
    names: Option<BTreeMap<String, String>>,
    /// {":n": 5}
    values: Option<Map<String, Value>>,
    /// Only these attributes
    fields: Option<Vec<String>>,
    /// Most in all
    limit: Option<Limit>,
    /// Range key downwards
    descending: Option<bool>,
}

/// How the file holds its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    Ndjson,
    Json,
    Csv,
}

impl Format {
    /// The format that a file's name tells.
    fn of(path: &str) -> Self {
        let name = path.strip_suffix(".gz").unwrap_or(path);
        match Path::new(name).extension().and_then(|ending| ending.to_str()) {
            Some(ending) if ending.eq_ignore_ascii_case("json") => Self::Json,
            Some(ending) if ending.eq_ignore_ascii_case("csv") => Self::Csv,
            _ => Self::Ndjson,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

pub(crate) struct ExportItems;

#[async_trait]
impl Tool for ExportItems {
    type Args = Args;
    const NAME: &'static str = "dynamodb_export_items";
    const DESCRIPTION: &'static str = "Writes the items of a query or scan to a new file.";
    const KIND: Kind = Kind::Adds;
    const RUNS_READ_ONLY: bool = true;
    const RARE_PARAMETERS: &'static [&'static str] = &["names", "fields", "limit", "descending"];
    const EXAMPLE: &'static str =
        r#"{"table": "orders", "save_to": "copy.ndjson", "filter": "total > :t", "values": {":t": 10}}"#;
    const DEFAULT: Default = Default::Table;
    const NEEDS_FILES: bool = true;

    fn access(args: &Args) -> Access {
        Access::save(format!("dynamodb://{}", args.table))
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        // The file comes first: a name that cannot be used costs no call.
        let new = context.files.create(&args.save_to)?;
        let format = args.format.unwrap_or_else(|| Format::of(&args.save_to));
        let gzip = Path::new(&args.save_to).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
        let selection = Selection {
            table: args.table.clone(),
            index: args.index,
            key_condition: args.key_condition,
            filter: args.filter,
            names: args.names,
            values: args.values,
            fields: args.fields,
            descending: args.descending,
        };
        let selected = selection.open(context, None)?;
        let export = Export {
            selected,
            most: args.limit.map(|limit| Limit::or(Some(limit), 0).into()),
            items: AtomicU64::new(0),
        };
        let work = export.write(new, format, gzip);
        let how_far = || format!("{} items had been read; no file is left", export.items.load(Relaxed));
        let done = bulk::watched(bulk::LIMIT, work, || (export.items.load(Relaxed), export.most)).await;
        let Some(done) = done else {
            return Err(bulk::timed_out(&how_far()).hint("choose fewer with key_condition, filter or limit."));
        };
        let (saved_to, bytes) = done.map_err(|error| error.after(&how_far()))?;
        let items = export.items.load(Relaxed);
        if items == 0 {
            selection.note_nothing(context).await;
        }
        let mut answer = json!({ "table": args.table, "items": items, "format": format.name(), "saved_to": saved_to, "bytes": bytes });
        if export.most == Some(items) {
            answer["limit_reached"] = json!(true);
        }
        Ok(answer)
    }
}

struct Export {
    selected: Selected,
    most: Option<u64>,
    items: AtomicU64,
}

impl Export {
    /// Writes all items; gives the file's path and size.
    async fn write(&self, new: NewFile, format: Format, gzip: bool) -> Result<(String, u64), ToolError> {
        if format == Format::Csv {
            let (spool, table) = self.spool().await?;
            return bulk::blocking(move |over| csv(spool, &table, new, gzip, over)).await?;
        }
        let mut writer = Writer::new(format == Format::Json, gzip);
        let mut file = tokio::fs::File::from_std(new.reopen()?);
        let mut bytes = self.items(&mut file, &mut writer, |_| Ok(())).await?;
        let end = writer.end();
        bytes += end.len() as u64;
        file.write_all(&end).await.map_err(failed)?;
        file.flush().await.map_err(failed)?;
        drop(file);
        // Naming it waits for the disk.
        let saved = bulk::blocking(move |_| new.keep()).await??;
        Ok((saved, bytes))
    }

    /// All items in a file without a name, and the columns that they need: all of them must be known before the first line
    /// can be written.
    async fn spool(&self) -> Result<(std::fs::File, CsvTable), ToolError> {
        let spool = tempfile::tempfile().map_err(failed)?;
        let mut file = tokio::fs::File::from_std(spool.try_clone().map_err(failed)?);
        let mut table = CsvTable::default();
        let mut writer = Writer::new(false, false);
        self.items(&mut file, &mut writer, |item| {
            if table.add(item) > COLUMNS {
                let what = format!("the items have more than {COLUMNS} attributes");
                return Err(ToolError::new("too_many_columns", what).hint("choose some with fields, or write NDJSON."));
            }
            Ok(())
        })
        .await?;
        file.flush().await.map_err(failed)?;
        Ok((spool, table))
    }

    /// Writes all items to `file`; gives the bytes.
    async fn items(
        &self,
        file: &mut tokio::fs::File,
        writer: &mut Writer,
        mut each: impl FnMut(&json::Item) -> Result<(), ToolError>,
    ) -> Result<u64, ToolError> {
        let (mut start, mut bytes) = (None, 0);
        loop {
            let fetched = self.selected.fetch(start, None).await?;
            let left = self.most.map_or(u64::MAX, |most| most - self.items.load(Relaxed));
            for item in fetched.items.iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
                each(item)?;
                writer.item(item)?;
                self.items.fetch_add(1, Relaxed);
            }
            let written = writer.written();
            bytes += written.len() as u64;
            file.write_all(&written).await.map_err(failed)?;
            start = fetched.last;
            if start.is_none() || self.most == Some(self.items.load(Relaxed)) {
                return Ok(bytes);
            }
        }
    }
}

/// Writes what was spooled as CSV; gives the file's path and size.
fn csv(
    mut spool: std::fs::File,
    table: &CsvTable,
    new: NewFile,
    gzip: bool,
    over: &AtomicBool,
) -> Result<(String, u64), ToolError> {
    spool.rewind().map_err(failed)?;
    let mut writer = Writer::new(false, gzip);
    let mut bytes = 0;
    writer.text(&table.header().map_err(failed)?);
    for line in BufReader::new(spool).lines() {
        if over.load(Relaxed) {
            return Err(ToolError::new("cancelled", "nobody waits for the file any more"));
        }
        let value: Value = serde_json::from_str(&line.map_err(failed)?).map_err(|error| failed(error.into()))?;
        writer.text(&table.row(&json::to_item(&value, "item")?)?);
        let written = writer.written();
        bytes += written.len() as u64;
        new.write(&written)?;
    }
    let end = writer.end();
    new.write(&end)?;
    Ok((new.keep()?, bytes + end.len() as u64))
}

#[expect(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn failed(error: std::io::Error) -> ToolError {
    ToolError::new(files::code(&error), error.to_string())
}
