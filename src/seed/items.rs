//! Reads the items of a file, one after the other.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use aws_sdk_dynamodb::types::{AttributeValue, ScalarAttributeType};
use flate2::read::MultiGzDecoder;
use serde_json::Value as Json;

use super::SeedError;
use super::folder::{Format, ItemFile};
use super::schema::Keys;
use crate::json::{self, Item};

/// The longest line: an item of 400 KB, all of it escaped.
const MAX_LINE: u64 = 4 * 1024 * 1024;

/// Gives each item of `file` to `take`, in their order, until it says no.
pub(super) fn read(file: &ItemFile, keys: &Keys, mut take: impl FnMut(Item) -> bool) -> Result<(), SeedError> {
    let open = || File::open(&file.path).map_err(|error| SeedError::read(&file.path, error));
    match file.format {
        Format::Json => array(&file.path, &mut take),
        Format::Lines => lines(&file.path, BufReader::new(open()?), &mut take),
        Format::GzipLines => lines(&file.path, BufReader::new(MultiGzDecoder::new(open()?)), &mut take),
        Format::Csv => csv(&file.path, open()?, keys, &mut take),
    }
}

fn array(path: &Path, take: &mut dyn FnMut(Item) -> bool) -> Result<(), SeedError> {
    let text = std::fs::read(path).map_err(|error| SeedError::read(path, error))?;
    let items: Vec<Json> = serde_json::from_slice(&text).map_err(|error| SeedError::content(path, error))?;
    for (index, value) in items.iter().enumerate() {
        let item =
            json::to_item(inner(value), &format!("[{index}]")).map_err(|error| SeedError::content(path, error))?;
        if !take(item) {
            break;
        }
    }
    Ok(())
}

fn lines(path: &Path, mut text: impl BufRead, take: &mut dyn FnMut(Item) -> bool) -> Result<(), SeedError> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = text.by_ref().take(MAX_LINE).read_until(b'\n', &mut line);
        if read.map_err(|error| SeedError::read(path, error))? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let value: Json = serde_json::from_slice(&line).map_err(|error| SeedError::line(path, number, error))?;
        let item = json::to_item(inner(&value), "item").map_err(|error| SeedError::line(path, number, error))?;
        if !take(item) {
            break;
        }
    }
    Ok(())
}

/// The item in a line of an export, which stands alone under `Item`.
fn inner(value: &Json) -> &Json {
    match value.as_object() {
        Some(members) if members.len() == 1 => members.get("Item").filter(|item| item.is_object()).unwrap_or(value),
        _ => value,
    }
}

/// As AWS imports CSV: an empty field is no attribute, keys have their schema's type, all else is a string.
fn csv(path: &Path, text: impl Read, keys: &Keys, take: &mut dyn FnMut(Item) -> bool) -> Result<(), SeedError> {
    let mut reader = csv::Reader::from_reader(text);
    let failed = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        SeedError::line(path, line, error)
    };
    let names = reader.headers().map_err(failed)?.clone();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let mut item = Item::new();
        for (name, field) in names.iter().zip(&record).filter(|(_, field)| !field.is_empty()) {
            let line = record.position().map_or(1, csv::Position::line);
            let value = match keys.kind(name) {
                Some(ScalarAttributeType::N) => AttributeValue::N(field.to_owned()),
                Some(ScalarAttributeType::B) => json::to_attribute(&serde_json::json!({ "$b": field }), name)
                    .map_err(|error| SeedError::line(path, line, error))?,
                _ => AttributeValue::S(field.to_owned()),
            };
            item.insert(name.to_owned(), value);
        }
        if !take(item) {
            break;
        }
    }
    Ok(())
}
