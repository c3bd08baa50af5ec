//! Items as comma-separated values.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Read};

use aws_sdk_dynamodb::types::{AttributeValue, ScalarAttributeType};
use csv::{ReaderBuilder, StringRecord};
use serde_json::{Value as Json, json};

use super::exact;
use super::quotes::{TooLong, Watched};
use super::{Keys, ReadError, Row};
use crate::json::{self, Item};

/// The types that a column can have, as in `total:N`. `JSON` is any natural JSON.
pub(super) const TYPES: [&str; 11] = ["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M", "JSON"];

/// The most columns that a file may have.
const MOST_COLUMNS: usize = 10_000;

/// What is wrong with a row whose fields may be other ones than its writer meant.
const MISPLACED: &str =
    "a quotation mark stands neither at the start nor at the end of its field, or is not doubled inside it";

/// The types of columns that say none themselves, by name.
pub(crate) type Columns = BTreeMap<String, String>;

/// What may not be as the file's writer meant it, by the names of columns.
#[derive(Debug, Default)]
pub(crate) struct Doubts {
    /// They are text because nothing says otherwise, and hold nothing but numbers.
    pub(crate) numbers: Vec<String>,
    /// Their names begin or end with a blank.
    pub(crate) blanks: Vec<String>,
}

/// A column: an attribute's name and its type.
struct Column {
    name: String,
    kind: String,
    /// Whether the file, the caller or the table says the type.
    said: bool,
    /// Whether all of its fields so far are numbers, where there are any.
    numbers: Option<bool>,
}

/// The rows of a text whose first line names the columns.
pub(super) fn read(
    mut source: impl Read,
    head: &[u8],
    keys: &Keys,
    types: &Columns,
    take: &mut dyn FnMut(Row) -> bool,
) -> Result<Doubts, ReadError> {
    let (delimiter, above) = match announced(head) {
        Some((delimiter, length)) => {
            io::copy(&mut source.by_ref().take(length), &mut io::sink())?;
            (delimiter, 1)
        }
        None => (delimiter(head, keys), 0),
    };
    let (source, seen) = Watched::new(source, delimiter);
    let mut reader = ReaderBuilder::new().delimiter(delimiter).from_reader(source);
    let header = reader.headers().map_err(|error| fatal(error).below(above))?.clone();
    let open = || match seen.borrow().open_at_end() {
        Some(line) => Err(ReadError::content(line + above, "the quotation mark that opens here does not close")),
        None => Ok(()),
    };
    open()?;
    if seen.borrow_mut().misplaced_before(reader.position().byte()) {
        return Err(ReadError::content(1 + above, MISPLACED));
    }
    // Where lines end with a carriage return too, a row counts as beginning before its line feed.
    let late = u64::from(head.iter().position(|byte| *byte == b'\n').is_some_and(|end| head[..end].ends_with(b"\r")));
    let mut columns = columns(&header, keys, types).map_err(|error| error.below(above))?;
    let mut record = StringRecord::new();
    loop {
        seen.borrow_mut().next_row();
        let line = reader.position().line();
        let came = reader.read_record(&mut record);
        open()?;
        let misplaced = seen.borrow_mut().misplaced_before(reader.position().byte());
        let row = match came {
            Ok(false) => break,
            Ok(true) => {
                let line = record.position().map_or(line, csv::Position::line);
                let item = if misplaced { Err(MISPLACED.to_owned()) } else { item(&columns, &record) };
                Row { line, item }
            }
            Err(error) if error.is_io_error() => return Err(fatal(error).below(above)),
            Err(error) => Row { line: error.position().map_or(line, csv::Position::line), item: Err(flaw(&error)) },
        };
        if row.item.is_ok() {
            look(&mut columns, &record);
        }
        let faulty = |item: Item| keys.fault(&item).map_or(Ok(item), Err);
        if !take(Row { line: row.line + above + late, item: row.item.and_then(faulty) }) {
            break;
        }
    }
    let names = |wanted: &dyn Fn(&Column) -> bool| {
        columns.iter().filter(|column| wanted(column)).map(|column| column.name.clone()).collect()
    };
    Ok(Doubts {
        numbers: names(&|column| column.numbers == Some(true)),
        blanks: names(&|column| column.name.trim().len() < column.name.len()),
    })
}

/// Takes note of columns that hold numbers though nothing says so.
fn look(columns: &mut [Column], record: &StringRecord) {
    let unsaid = columns.iter_mut().zip(record).filter(|(column, _)| !column.said && column.numbers != Some(false));
    for (column, field) in unsaid.filter(|(_, field)| !field.is_empty()) {
        column.numbers = Some(is_plain_number(field.trim()));
    }
}

/// Whether somebody who writes this means a number: `007` may well be none.
fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(fraction) && (whole == "0" || !whole.starts_with('0')) && digits.len() <= 38
}

/// The sign between the fields that a first line `sep=;` names, which spreadsheets write, and the length of that line.
fn announced(head: &[u8]) -> Option<(u8, u64)> {
    let end = head.iter().position(|byte| *byte == b'\n')?;
    let line = head[..end].strip_suffix(b"\r").unwrap_or(&head[..end]);
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [name @ .., b'=', delimiter] if name.eq_ignore_ascii_case(b"sep") => {
            Some((*delimiter, u64::try_from(end).ok()? + 1))
        }
        _ => None,
    }
}

/// What stands between the fields: a comma, unless the columns are found only with another sign.
fn delimiter(head: &[u8], keys: &Keys) -> u8 {
    let named = |delimiter: &u8| {
        let mut reader = ReaderBuilder::new().delimiter(*delimiter).from_reader(head);
        reader.headers().is_ok_and(|header| {
            keys.are_in(|key| header.iter().any(|column| column == key || typed(column).is_some_and(|(n, _)| n == key)))
        })
    };
    b",;\t".iter().copied().find(named).unwrap_or(b',')
}

/// The name and the type of a column that says its type.
fn typed(column: &str) -> Option<(&str, &str)> {
    column.rsplit_once(':').filter(|(name, kind)| !name.is_empty() && TYPES.contains(kind))
}

fn columns(header: &StringRecord, keys: &Keys, types: &Columns) -> Result<Vec<Column>, ReadError> {
    let column = |text: &str| {
        let (name, said) = typed(text).map_or((text, None), |(name, kind)| (name, Some(kind)));
        let by_key = keys.kind(name).map(ScalarAttributeType::as_str);
        let said = said.or(types.get(name).map(String::as_str)).or(by_key);
        let kind = said.unwrap_or("S").to_ascii_uppercase();
        if TYPES.contains(&kind.as_str()) {
            Ok(Column { name: name.to_owned(), kind, said: said.is_some(), numbers: None })
        } else {
            Err(ReadError::content(1, format!("{kind:?} is none of the types {}", TYPES.join(", "))))
        }
    };
    if header.len() > MOST_COLUMNS {
        let what = format!("the first line has {} columns, and at most {MOST_COLUMNS} are read", header.len());
        return Err(ReadError::content(1, what));
    }
    let columns: Vec<_> = header.iter().map(column).collect::<Result<_, _>>()?;
    let named: HashSet<_> = columns.iter().map(|column| column.name.as_str()).collect();
    if let Some(name) = keys.names.iter().find(|name| !named.contains(name.as_str())) {
        let first: Vec<_> = columns.iter().take(8).map(|column| shown(&column.name)).collect();
        let first = first.join(", ");
        let what = format!("no column {name:?}, which is part of the table's key; the first line has {first}");
        return Err(ReadError::content(1, what));
    }
    let mut before = HashSet::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        if column.name.is_empty() || !before.insert(column.name.as_str()) {
            let what = if column.name.is_empty() { "has no name" } else { "is there twice" };
            return Err(ReadError::content(1, format!("column {} ({}) {what}", at + 1, shown(&column.name))));
        }
    }
    if let Some(name) = types.keys().find(|name| !named.contains(name.as_str())) {
        return Err(ReadError::content(1, format!("types names {name:?}, and there is no such column")));
    }
    Ok(columns)
}

/// A column's name, shortened: a first line may be anything.
fn shown(name: &str) -> String {
    format!("{:?}", name.chars().take(24).collect::<String>())
}

/// As AWS imports CSV: an empty field is no attribute.
fn item(columns: &[Column], record: &StringRecord) -> Result<Item, String> {
    let mut item = Item::new();
    for (column, field) in columns.iter().zip(record).filter(|(_, field)| !field.is_empty()) {
        item.insert(column.name.clone(), value(column, field)?);
    }
    Ok(item)
}

fn value(Column { name, kind, .. }: &Column, field: &str) -> Result<AttributeValue, String> {
    let json =
        || serde_json::from_slice::<Json>(&exact::numbers(field.as_bytes())).map_err(|e| format!("{name:?}: {e}"));
    let mut natural = match kind.as_str() {
        "S" => return Ok(AttributeValue::S(field.to_owned())),
        "NULL" => Json::Null,
        "BOOL" => match field.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Json::Bool(true),
            "false" | "0" | "no" => Json::Bool(false),
            _ => return Err(format!("{name:?}: neither true nor false")),
        },
        "N" => json!({ "$n": field.trim() }),
        "B" => json!({ "$b": field.trim() }),
        "SS" | "NS" | "BS" => json!({ format!("${}", kind.to_ascii_lowercase()): json()? }),
        "L" => json().and_then(|v| if v.is_array() { Ok(v) } else { Err(format!("{name:?}: no JSON array")) })?,
        "M" => json().and_then(|v| if v.is_object() { Ok(v) } else { Err(format!("{name:?}: no JSON object")) })?,
        _ => json()?,
    };
    exact::settle(&mut natural, false);
    json::to_attribute(&natural, name).map_err(|error| error.to_string())
}

/// What is wrong with one record.
fn flaw(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { err, .. } => format!("field {} is not UTF-8", err.field() + 1),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields, and the first line names {expected_len}")
        }
        _ => error.to_string(),
    }
}

fn fatal(error: csv::Error) -> ReadError {
    let line = error.position().map_or(1, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.get_ref().and_then(|inner| inner.downcast_ref::<TooLong>()).is_some() => {
            ReadError::content(line, "a row of more than 16 MiB: is there a quotation mark that does not close?")
        }
        csv::ErrorKind::Io(error) => ReadError::Io(error),
        csv::ErrorKind::Utf8 { .. } => ReadError::content(line, "neither JSON nor text in UTF-8"),
        other => ReadError::content(line, format!("{other:?}")),
    }
}
