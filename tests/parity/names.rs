//! Names that are not the same everywhere: placeholders in calls, and what stands for such names in answers.
//!
//! In a call's input, each reference fills in by itself:
//! - `${p}`: the prefix of all that it makes, tables and buckets;
//! - `${version:BUCKET/KEY:N}`: the Nth version id that it gave for this key (counted around; `none-given` where it gave
//!   none), BUCKET with its prefix as a placeholder; `${upload:BUCKET/KEY:N}`: the same for upload ids.
//!
//! In an answer, each becomes the same again: the prefix `${p}`, ids `${version 1}`, `${upload 1}` in the order in which
//! they came.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::call::{Answer, Call};

/// What stands for an id that was never given.
pub const NONE_GIVEN: &str = "none-given";

/// The names of one reference in one history.
#[derive(Debug, Default)]
pub struct Names {
    prefix: String,
    /// Ids by kind and place, in the order in which they were given.
    given: BTreeMap<(Kind, String), Vec<String>>,
    /// What stands for each id.
    symbols: BTreeMap<String, String>,
    count: BTreeMap<Kind, usize>,
}

/// A kind of id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Version,
    Upload,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Upload => "upload",
        }
    }

    /// The members that hold such an id.
    fn of(member: &str) -> Option<Self> {
        match member {
            "VersionId"
            | "CopySourceVersionId"
            | "DeleteMarkerVersionId"
            | "NextVersionIdMarker"
            | "VersionIdMarker" => Some(Self::Version),
            "UploadId" | "NextUploadIdMarker" | "UploadIdMarker" => Some(Self::Upload),
            _ => None,
        }
    }
}

impl Names {
    pub fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), ..Self::default() }
    }

    /// The input with its placeholders filled.
    pub fn fill(&self, input: &Json) -> Json {
        map_text(input, &mut |_, text| self.fill_text(text))
    }

    fn fill_text(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for kind in [Kind::Version, Kind::Upload] {
            let open = format!("${{{}:", kind.word());
            while let Some(at) = filled.find(&open) {
                let Some(end) = ending(&filled, at) else { break };
                let inner = &filled[at + open.len()..end];
                let (place, number) = inner.rsplit_once(':').expect("${kind:place:number}");
                let number: usize = number.parse().expect("a number");
                let id = match self.given.get(&(kind, place.to_owned())).map(Vec::as_slice) {
                    None | Some([]) => NONE_GIVEN.to_owned(),
                    Some(ids) => ids[number % ids.len()].clone(),
                };
                filled.replace_range(at..=end, &id);
            }
        }
        filled.replace("${p}", &self.prefix)
    }

    /// Remembers the ids that an answer gave for the key of its call.
    pub fn remember(&mut self, call: &Call, answer: &Answer) {
        self.know_literals(&call.input);
        let (Some(bucket), Some(key)) = (call.input["Bucket"].as_str(), call.input["Key"].as_str()) else { return };
        for (kind, member) in [(Kind::Version, "VersionId"), (Kind::Upload, "UploadId")] {
            if answer.is_ok()
                && call.input.get(member).is_none()
                && let Some(id) = answer.output.get(member).and_then(Json::as_str)
            {
                self.give(kind, &format!("{bucket}/{key}"), id);
            }
        }
    }

    /// Ids that a call has of itself, which nobody gave, stay as they are: not every answer tells them again.
    fn know_literals(&mut self, input: &Json) {
        let symbols = &mut self.symbols;
        map_text(input, &mut |member, text| {
            if Kind::of(member).is_some() && !text.contains("${") {
                symbols.entry(text.to_owned()).or_insert_with(|| text.to_owned());
            }
            String::new()
        });
    }

    /// Remembers an id that was given for a place (`BUCKET/KEY`, the bucket with its prefix as a placeholder), once.
    pub fn give(&mut self, kind: Kind, place: &str, id: &str) {
        let ids = self.given.entry((kind, place.to_owned())).or_default();
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }

    /// The members of an answer with its names made the same everywhere; sorted first, so that ids are counted in the
    /// same order.
    pub fn plain(&mut self, mut members: Map<String, Json>) -> Map<String, Json> {
        members.sort_keys();
        let plain = map_text(&Json::Object(members), &mut |member, text| match Kind::of(member) {
            Some(_) if text == "null" || text == NONE_GIVEN || text.is_empty() => text.to_owned(),
            Some(kind) => self.symbol(kind, text),
            None => self.plain_text(text),
        });
        let Json::Object(members) = plain else { unreachable!("an object stays one") };
        members
    }

    /// A text with the prefix made the same everywhere.
    pub fn plain_text(&self, text: &str) -> String {
        if self.prefix.is_empty() { text.to_owned() } else { text.replace(&self.prefix, "${p}") }
    }

    fn symbol(&mut self, kind: Kind, id: &str) -> String {
        let count = self.count.entry(kind).or_default();
        let symbol = self.symbols.entry(id.to_owned()).or_insert_with(|| {
            *count += 1;
            format!("${{{} {count}}}", kind.word())
        });
        symbol.clone()
    }
}

/// Where the brace that opens at `at + 1` closes, inner braces counted.
fn ending(text: &str, at: usize) -> Option<usize> {
    let mut depth = 0;
    for (offset, byte) in text.bytes().enumerate().skip(at) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(offset),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The same value with every text, and the text of every member's name, changed.
fn map_text(value: &Json, change: &mut impl FnMut(&str, &str) -> String) -> Json {
    fn within(member: &str, value: &Json, change: &mut impl FnMut(&str, &str) -> String) -> Json {
        match value {
            Json::String(text) => Json::String(change(member, text)),
            Json::Array(values) => Json::Array(values.iter().map(|value| within(member, value, change)).collect()),
            Json::Object(members) => Json::Object(
                members.iter().map(|(name, value)| (change("", name), within(name, value, change))).collect(),
            ),
            other => other.clone(),
        }
    }
    within("", value, change)
}
