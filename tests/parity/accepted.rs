//! Differences in which footbridge stands alone and is right: `accepted.toml`, each with its reason and source.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::call::{Call, Service};
use crate::judge::Difference;

/// An accepted difference.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    service: Service,
    /// The operations that it may occur with; all, where none is named.
    #[serde(default)]
    operations: Vec<String>,
    /// The aspects that may differ so.
    #[serde(rename = "aspect")]
    aspects: Parts,
    /// A part of what footbridge says; without it, whatever it says.
    #[serde(default)]
    footbridge: Parts,
    /// A part of the message of footbridge's error.
    #[serde(default)]
    message: Parts,
    /// A part of what each engine says that says something else; without it, whatever they say.
    #[serde(default)]
    engines: Parts,
    /// A part of the call's input, as JSON.
    #[serde(default)]
    call: Parts,
    /// Another part of the call's input, beside that one.
    #[serde(default)]
    beside: Parts,
    /// What footbridge says before it says what an engine says.
    before: Option<String>,
    /// Whether footbridge says what the engines say, in another order.
    #[serde(default)]
    order: bool,
    /// Members at any depth without which footbridge says what an engine says.
    #[serde(default)]
    without: Vec<String>,
    /// The engines against which it occurs, where they run: those that agree.
    pub needs: BTreeSet<String>,
    pub reason: String,
    /// What decides: a recorded answer or a page of AWS.
    source: String,
    /// The calls after which it occurs.
    #[serde(deserialize_with = "calls")]
    pub history: Vec<Call>,
}

/// Parts of texts, of which one is to be there; where there is none, any text will do.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "OneOrMore")]
struct Parts(Vec<String>);

/// One may stand without brackets.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl From<OneOrMore> for Parts {
    fn from(parts: OneOrMore) -> Self {
        match parts {
            OneOrMore::One(part) => Self(vec![part]),
            OneOrMore::More(parts) => Self(parts),
        }
    }
}

impl Parts {
    fn are_in(&self, text: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|part| text.contains(part))
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    difference: Vec<Accepted>,
}

/// The history stands as JSON in the file.
fn calls<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Call>, D::Error> {
    let text = String::deserialize(from)?;
    serde_json::from_str(&text).map_err(serde::de::Error::custom)
}

/// Those of a service that can occur among these engines.
pub fn all(service: Service, engines: &BTreeSet<String>) -> Vec<Accepted> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/accepted.toml");
    let file: File = toml::from_str(&std::fs::read_to_string(path).unwrap()).expect("accepted.toml");
    let ours = file.difference.into_iter().filter(|entry| entry.service == service && entry.needs.is_subset(engines));
    ours.inspect(|entry| assert!(!entry.reason.is_empty() && !entry.source.is_empty(), "{entry:?}")).collect()
}

impl Accepted {
    /// Whether a difference is this one.
    pub fn is(&self, difference: &Difference) -> bool {
        (self.operations.is_empty() || self.operations.contains(&difference.call.operation))
            && self.message.are_in(difference.told.as_deref().unwrap_or_default())
            && self.aspects.0.contains(&difference.aspect)
            && self.call.are_in(&difference.call.input.to_string())
            && self.beside.are_in(&difference.call.input.to_string())
            && self.before.as_ref().is_none_or(|before| only_before(before, difference))
            && (!self.order || only_order(difference))
            && (self.without.is_empty() || only_without(&self.without, difference))
            && self.footbridge.are_in(&text(&difference.footbridge))
            && difference.others.iter().all(|(_, value)| self.engines.are_in(&text(value)))
    }

    pub fn any(accepted: &[Self], difference: &Difference) -> bool {
        accepted.iter().any(|entry| entry.is(difference))
    }
}

/// Whether footbridge says what an engine says, but for what it says before.
fn only_before(before: &str, difference: &Difference) -> bool {
    let ours = text(&difference.footbridge);
    let rest = ours.replace(before, "");
    rest != ours && difference.others.iter().any(|(_, value)| text(value) == rest)
}

/// Whether all say the same elements, in another order than footbridge.
fn only_order(difference: &Difference) -> bool {
    let sorted = |value: &Json| {
        let mut elements: Vec<String> = value.as_array()?.iter().map(Json::to_string).collect();
        elements.sort();
        Some(elements)
    };
    let ours = sorted(&difference.footbridge);
    ours.is_some() && difference.others.iter().all(|(_, value)| sorted(value) == ours)
}

/// Whether footbridge says what an engine says, but for these members.
fn only_without(members: &[String], difference: &Difference) -> bool {
    let ours = less(members, &difference.footbridge);
    difference.others.iter().any(|(_, value)| less(members, value) == ours)
}

fn less(members: &[String], value: &Json) -> Json {
    match value {
        Json::Array(values) => values.iter().map(|value| less(members, value)).collect(),
        Json::Object(all) => {
            let left = all.iter().filter(|(name, _)| !members.contains(name));
            let left = left.map(|(name, value)| (name.clone(), less(members, value)));
            // What has nothing left is not there either.
            left.filter(|(_, value)| *value != Json::Object(Map::new())).collect()
        }
        other => other.clone(),
    }
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
