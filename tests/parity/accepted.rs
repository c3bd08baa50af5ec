//! Differences in which footbridge stands alone and is right: `accepted.toml`, each with its reason and source.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value as Json;

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
    aspect: String,
    /// A part of what footbridge says; without it, whatever it says.
    footbridge: Option<String>,
    /// A part of the message of footbridge's error.
    message: Option<String>,
    /// A part of what each engine says that says something else; without it, whatever they say.
    engines: Option<String>,
    /// The engines that must run for it to occur.
    needs: BTreeSet<String>,
    pub reason: String,
    /// What decides: a recorded answer or a page of AWS.
    source: String,
    /// The calls after which it occurs.
    #[serde(deserialize_with = "calls")]
    pub history: Vec<Call>,
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
    let file: File = toml::from_str(include_str!("accepted.toml")).expect("accepted.toml");
    let ours = file.difference.into_iter().filter(|entry| entry.service == service && entry.needs.is_subset(engines));
    ours.inspect(|entry| assert!(!entry.reason.is_empty() && !entry.source.is_empty(), "{entry:?}")).collect()
}

impl Accepted {
    /// Whether a difference is this one.
    pub fn is(&self, difference: &Difference) -> bool {
        let says = |part: &Option<String>, value: &Json| part.as_ref().is_none_or(|part| text(value).contains(part));
        (self.operations.is_empty() || self.operations.contains(&difference.call.operation))
            && self.message.as_ref().is_none_or(|part| difference.told.as_ref().is_some_and(|told| told.contains(part)))
            && difference.aspect == self.aspect
            && says(&self.footbridge, &difference.footbridge)
            && difference.others.iter().all(|(_, value)| says(&self.engines, value))
    }

    pub fn any(accepted: &[Self], difference: &Difference) -> bool {
        accepted.iter().any(|entry| entry.is(difference))
    }
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
