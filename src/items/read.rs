//! Reads the items of a file, one after the other.

use std::io::{BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use serde::de::IgnoredAny;
use serde_json::{Map, Value as Json};

use super::cut::{self, Layout, Line, Values};
use super::{Columns, Doubts, Keys, ReadError, csv, exact};
use crate::json::{self, Item};

/// So many bytes are looked at to see what a file is.
const HEAD: u64 = 64 * 1024;

/// What stands in the answer of a query or a scan, by AWS's tools.
const ANSWER: [&str; 7] =
    ["Items", "Count", "ScannedCount", "LastEvaluatedKey", "ConsumedCapacity", "NextToken", "ResponseMetadata"];

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Nothing but white space.
    Empty,
    /// A JSON array.
    Array,
    /// One JSON value a line.
    Lines,
    /// JSON values over several lines.
    Loose,
    Csv,
}

impl Format {
    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Array => "json",
            Self::Lines => "ndjson",
            Self::Loose => "json values",
            Self::Csv => "csv",
        }
    }
}

/// A row: the item that it is, or why it is none.
#[derive(Debug)]
pub(crate) struct Row {
    /// The line where it begins.
    pub(crate) line: u64,
    pub(crate) item: Result<Item, String>,
}

/// What a file turned out to hold.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) format: Format,
    pub(crate) doubts: Doubts,
}

/// Gives each row of `source` to `take`, in their order, until it says no. Every item has the table's key.
pub(crate) fn read(
    source: impl Read,
    keys: &Keys,
    types: &Columns,
    take: &mut dyn FnMut(Row) -> bool,
) -> Result<Found, ReadError> {
    let mut source = BufReader::new(source);
    let mut source: Box<dyn BufRead + '_> = if source.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        Box::new(BufReader::new(MultiGzDecoder::new(source)))
    } else {
        Box::new(source)
    };
    // Blank lines above all else are no content, however many there are.
    let (mut head, mut above, mut begun) = (Vec::new(), 0, false);
    loop {
        head.clear();
        let read = source.by_ref().take(HEAD).read_to_end(&mut head)?;
        if !begun && head.starts_with(&[0xef, 0xbb, 0xbf]) {
            head.drain(..3);
        }
        begun = true;
        if read == 0 || !head.trim_ascii().is_empty() {
            break;
        }
        above += head.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
    }
    let mut take = |row: Row| take(Row { line: row.line + above, ..row });
    read_below(source, &head, keys, types, &mut take).map_err(|error| error.below(above))
}

/// Reads what begins with `head`.
fn read_below(
    source: impl BufRead,
    head: &[u8],
    keys: &Keys,
    types: &Columns,
    take: &mut dyn FnMut(Row) -> bool,
) -> Result<Found, ReadError> {
    let mut doubts = Doubts::default();
    let format = format(head)?;
    if format != Format::Csv && format != Format::Empty && !types.is_empty() {
        return Err(ReadError::content(1, "types is for CSV, and this is JSON"));
    }
    let mut text = Cursor::new(head).chain(source);
    match format {
        Format::Empty => {}
        Format::Csv => doubts = csv::read(text, head, keys, types, take)?,
        Format::Lines => lines(&mut text, keys, take)?,
        Format::Array => values(Values::new(text, Layout::Array), keys, take)?,
        Format::Loose => values(Values::new(text, Layout::Loose), keys, take)?,
    }
    Ok(Found { format, doubts })
}

fn format(head: &[u8]) -> Result<Format, ReadError> {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(ReadError::content(1, "the file is in UTF-16: save it as UTF-8"));
    }
    if head.starts_with(b"$ion_1_0") || head.starts_with(&[0xe0, 0x01, 0x00, 0xea]) {
        return Err(ReadError::content(1, "the file is in Amazon Ion: export the table as DynamoDB JSON"));
    }
    let text = head.trim_ascii_start();
    Ok(match text.first() {
        None => Format::Empty,
        Some(b'[') => Format::Array,
        Some(b'{') => match text.iter().position(|byte| *byte == b'\n').map(|end| &text[..end]) {
            // A value that ends before its line does.
            Some(line) if serde_json::from_slice::<IgnoredAny>(line).is_err_and(|error| error.is_eof()) => {
                Format::Loose
            }
            _ => Format::Lines,
        },
        Some(_) => Format::Csv,
    })
}

fn lines(source: &mut dyn BufRead, keys: &Keys, take: &mut dyn FnMut(Row) -> bool) -> Result<(), ReadError> {
    let mut line = Vec::new();
    let mut source = source;
    for number in 1.. {
        let go_on = match cut::line(&mut source, &mut line)? {
            Line::End => break,
            Line::TooLong => take(Row { line: number, item: Err("a line of more than 16 MiB".to_owned()) }),
            Line::Read if line.trim_ascii().is_empty() => true,
            Line::Read => rows(line.trim_ascii_end(), number, keys, take),
        };
        if !go_on {
            break;
        }
    }
    Ok(())
}

fn values(mut values: Values<impl BufRead>, keys: &Keys, take: &mut dyn FnMut(Row) -> bool) -> Result<(), ReadError> {
    let mut value = Vec::new();
    while let Some(line) = values.next(&mut value)? {
        if !rows(&value, line, keys, take) {
            break;
        }
    }
    Ok(())
}

/// The rows in one JSON value, which begins in this line.
fn rows(json: &[u8], line: u64, keys: &Keys, take: &mut dyn FnMut(Row) -> bool) -> bool {
    let value: Json = match serde_json::from_slice(&exact::numbers(json.trim_ascii_end())) {
        Ok(value) => value,
        Err(error) => {
            // The value's own lines, and columns that may have moved, would mislead.
            let (what, line) = (error.to_string(), line + u64::try_from(error.line()).unwrap_or(1).saturating_sub(1));
            let what = what.split(" at line ").next().unwrap_or_default().to_owned();
            return take(Row { line, item: Err(format!("no JSON: {what}")) });
        }
    };
    match unwrapped(value, keys) {
        Ok(values) => values.into_iter().all(|value| take(Row { line, item: item(value, keys) })),
        Err(what) => take(Row { line, item: Err(what.to_owned()) }),
    }
}

fn item(mut value: Json, keys: &Keys) -> Result<Item, String> {
    exact::settle_item(&mut value);
    let item = json::to_item(&value, "item").map_err(|error| error.to_string())?;
    keys.fault(&item).map_or(Ok(item), Err)
}

/// The items in a value: itself, where it has the table's key, else what AWS's own files wrap around items.
fn unwrapped(value: Json, keys: &Keys) -> Result<Vec<Json>, &'static str> {
    let Json::Object(mut map) = value else { return Ok(vec![value]) };
    if keys.are_in(|name| map.contains_key(name)) {
        return Ok(vec![map.into()]);
    }
    let has = |name: &str| map.contains_key(name);
    if map.len() == 1 && map.get("Item").is_some_and(Json::is_object) {
        return Ok(map.remove("Item").into_iter().collect());
    }
    if has("Keys") && (has("NewImage") || has("OldImage") || has("Metadata")) {
        return Err("a change of an incremental export: only full exports hold items");
    }
    let of_answer = has("Count") || has("ScannedCount") || map.keys().all(|name| ANSWER.contains(&name.as_str()));
    if of_answer && map.get("Items").is_some_and(Json::is_array) {
        if let Some(Json::Array(items)) = map.remove("Items") {
            return Ok(items);
        }
    } else if map.len() == 1 && map.values().all(|requests| puts(requests).is_some()) {
        return Ok(map.values().filter_map(puts).flatten().collect());
    }
    Ok(vec![map.into()])
}

/// The items of a batch's requests, where all of them put.
fn puts(requests: &Json) -> Option<Vec<Json>> {
    let put = |request: &Json| {
        let request: &Map<String, Json> = request.as_object().filter(|request| request.len() == 1)?;
        Some(request.get("PutRequest")?.as_object()?.get("Item")?.clone())
    };
    requests.as_array().filter(|requests| !requests.is_empty())?.iter().map(put).collect()
}
