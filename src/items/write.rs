//! Writes items as text.

use std::collections::BTreeMap;
use std::io::{self, Write};

use aws_sdk_dynamodb::types::AttributeValue;
use csv::{QuoteStyle, WriterBuilder};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value as Json;

use super::csv::TYPES;
use crate::json::{self, Item, JsonError};

/// Writes items as JSON into memory, from where they are fetched.
pub(crate) struct Writer {
    out: Out,
    array: bool,
    any: bool,
}

enum Out {
    Plain(Vec<u8>),
    Gzip(GzEncoder<Vec<u8>>),
}

impl Out {
    fn write(&mut self, bytes: &[u8]) {
        // Memory takes all.
        let _ = match self {
            Self::Plain(out) => out.write_all(bytes),
            Self::Gzip(out) => out.write_all(bytes),
        };
    }
}

impl Writer {
    /// One item a line, or an array.
    pub(crate) fn new(array: bool, gzip: bool) -> Self {
        let out =
            if gzip { Out::Gzip(GzEncoder::new(Vec::new(), Compression::default())) } else { Out::Plain(Vec::new()) };
        Self { out, array, any: false }
    }

    /// Adds an item.
    pub(crate) fn item(&mut self, item: &Item) -> Result<(), JsonError> {
        let text = json::from_item(item)?.to_string();
        if self.array {
            self.out.write(if self.any { b",\n" } else { b"[\n" });
        }
        self.out.write(text.as_bytes());
        if !self.array {
            self.out.write(b"\n");
        }
        self.any = true;
        Ok(())
    }

    /// Adds text that is no item.
    pub(crate) fn text(&mut self, text: &[u8]) {
        self.out.write(text);
    }

    /// What was written since this was asked last.
    pub(crate) fn written(&mut self) -> Vec<u8> {
        match &mut self.out {
            Out::Plain(out) => std::mem::take(out),
            Out::Gzip(out) => std::mem::take(out.get_mut()),
        }
    }

    /// The end of the file.
    pub(crate) fn end(mut self) -> Vec<u8> {
        if self.array {
            self.out.write(if self.any { b"\n]\n" } else { b"[]\n" });
        }
        match self.out {
            Out::Plain(out) => out,
            Out::Gzip(out) => out.finish().unwrap_or_default(),
        }
    }
}

/// The columns of a CSV file, gathered from all items before the first line can be written.
#[derive(Debug, Default)]
pub(crate) struct CsvTable {
    columns: BTreeMap<String, Kind>,
}

/// What all values of an attribute are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Flag,
    Any,
}

impl Kind {
    fn of(value: &AttributeValue) -> Self {
        match value {
            // An empty field is no attribute.
            AttributeValue::S(text) if !text.is_empty() => Self::Text,
            AttributeValue::N(_) => Self::Number,
            AttributeValue::Bool(_) => Self::Flag,
            _ => Self::Any,
        }
    }
}

impl CsvTable {
    /// Takes note of an item's attributes; gives how many columns there are by now.
    pub(crate) fn add(&mut self, item: &Item) -> usize {
        for (name, value) in item {
            let kind = Kind::of(value);
            match self.columns.get_mut(name) {
                Some(known) if *known != kind => *known = Kind::Any,
                Some(_) => {}
                None => drop(self.columns.insert(name.clone(), kind)),
            }
        }
        self.columns.len()
    }

    /// The first line: each attribute's name, with its type where it is not text.
    pub(crate) fn header(&self) -> io::Result<Vec<u8>> {
        if self.columns.is_empty() {
            return Ok(Vec::new());
        }
        let names: Vec<String> = self.columns.iter().map(|(name, kind)| column(name, *kind)).collect();
        // A first sign that could be taken for JSON's, or for a mark of the byte order.
        let plain = names.iter().all(|name| name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'));
        line(&names, if plain { QuoteStyle::Necessary } else { QuoteStyle::Always })
    }

    /// An item's line.
    pub(crate) fn row(&self, item: &Item) -> Result<Vec<u8>, JsonError> {
        let field = |(name, kind): (&String, &Kind)| {
            let Some(value) = item.get(name) else { return Ok(String::new()) };
            Ok(match (kind, value) {
                (Kind::Text, AttributeValue::S(text)) | (Kind::Number, AttributeValue::N(text)) => text.clone(),
                (Kind::Flag, AttributeValue::Bool(flag)) => flag.to_string(),
                _ => Json::to_string(&json::from_attribute(value)?),
            })
        };
        let fields: Vec<String> = self.columns.iter().map(field).collect::<Result<_, JsonError>>()?;
        Ok(line(&fields, QuoteStyle::Necessary).unwrap_or_default())
    }
}

fn column(name: &str, kind: Kind) -> String {
    let kind = match kind {
        Kind::Text if name.rsplit_once(':').is_none_or(|(_, end)| !TYPES.contains(&end)) => return name.to_owned(),
        Kind::Text => "S",
        Kind::Number => "N",
        Kind::Flag => "BOOL",
        Kind::Any => "JSON",
    };
    format!("{name}:{kind}")
}

fn line(fields: &[String], quotes: QuoteStyle) -> io::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().quote_style(quotes).from_writer(Vec::new());
    writer.write_record(fields)?;
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}
