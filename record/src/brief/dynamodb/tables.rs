//! What is asked of tables themselves.

use serde_json::{Map, Value};

use super::index_name;
use crate::brief::value;
use crate::brief::view::{View, elements};
use crate::brief::{Effect, Parts};

/// A new table: its keys with their types, its indexes.
pub(super) fn created(view: &View<'_>, asked: &mut Vec<String>) {
    if let Some(keys) = view.object(&["keys"]) {
        asked.extend(
            keys.iter().take(2).map(|(name, kind)| format!("{}:{}", value::text(name), value::value(kind, false))),
        );
    }
    let types = elements(view.parameter(&["AttributeDefinitions"]));
    for key in elements(view.parameter(&["KeySchema"])).iter().take(2) {
        let Some(name) = key.get("AttributeName").and_then(Value::as_str) else { continue };
        let of = types.iter().find(|of| of.get("AttributeName").and_then(Value::as_str) == Some(name));
        let kind = of
            .and_then(|of| of.get("AttributeType"))
            .map_or(String::new(), |kind| format!(":{}", value::value(kind, false)));
        asked.push(format!("{}{kind}", value::text(name)));
    }
    let mut indexes: Vec<&str> =
        view.object(&["indexes"]).into_iter().flat_map(Map::keys).map(String::as_str).collect();
    for kind in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        indexes.extend(elements(view.parameter(&[kind])).iter().filter_map(index_name));
    }
    if !indexes.is_empty() {
        asked.push(format!("{} {}", if indexes.len() == 1 { "index" } else { "indexes" }, indexes.join(", ")));
    }
    settings(view, asked);
    asked.extend(view.text(&["ttl"]).map(|ttl| format!("ttl {}", value::text(ttl))));
}

/// What is changed of a table.
pub(super) fn changed(view: &View<'_>, parts: &mut Parts) {
    for update in elements(view.parameter(&["GlobalSecondaryIndexUpdates"])) {
        for (what, index) in update.as_object().into_iter().flatten() {
            let verb = if what == "Create" { "add" } else { &what.to_ascii_lowercase() };
            parts.asked.push(format!("{verb} index {}", index_name(index).map_or_else(|| "?".to_owned(), value::text)));
            if what == "Delete" {
                parts.effect = Effect::Destroy;
            }
        }
    }
    if let Some(index) = view.parameter(&["add_index"]) {
        let name = index.get("name").and_then(Value::as_str);
        parts.asked.push(format!("add index {}", name.map_or_else(|| "?".to_owned(), value::text)));
    }
    parts.asked.extend(view.text(&["update_index"]).map(|index| format!("update index {}", value::text(index))));
    if let Some(index) = view.text(&["delete_index"]) {
        parts.asked.push(format!("delete index {}", value::text(index)));
        parts.effect = Effect::Destroy;
    }
    settings(view, &mut parts.asked);
    if let Some(ttl) = view.parameter(&["ttl"]).and_then(Value::as_str) {
        parts.asked.push(if ttl.is_empty() { "ttl off".to_owned() } else { format!("ttl {}", value::text(ttl)) });
    }
    if let Some(on) = view.parameter(&["DeletionProtectionEnabled", "deletion_protection"]).and_then(Value::as_bool) {
        parts.asked.push(format!("deletion protection {}", if on { "on" } else { "off" }));
    }
    parts.asked.extend(view.text(&["TableClass"]).map(|class| format!("class {}", value::text(class))));
}

/// Billing and streams, as a new table and a changed one have them.
fn settings(view: &View<'_>, asked: &mut Vec<String>) {
    match view.text(&["BillingMode", "billing"]) {
        Some("PAY_PER_REQUEST" | "on_demand") => asked.push("on demand".to_owned()),
        other => asked.extend(other.map(|mode| value::text(&mode.to_ascii_lowercase()))),
    }
    let units = view.parameter(&["ProvisionedThroughput"]);
    let of = |aws: &str, tool: &str| units.and_then(|units| units.get(aws)).or_else(|| view.parameter(&[tool]));
    if let (Some(read), Some(write)) = (of("ReadCapacityUnits", "read"), of("WriteCapacityUnits", "write")) {
        asked.push(format!("{} RCU {} WCU", value::value(read, false), value::value(write, false)));
    }
    let specified = view.parameter(&["StreamSpecification"]);
    let is_off = specified.and_then(|of| of.get("StreamEnabled")).and_then(Value::as_bool) == Some(false);
    let kind = specified.and_then(|of| of.get("StreamViewType")).or_else(|| view.parameter(&["stream"]));
    if is_off {
        asked.push("stream off".to_owned());
    } else if let Some(kind) = kind.and_then(Value::as_str) {
        asked.push(format!("stream {}", value::text(&kind.to_ascii_lowercase())));
    }
}

pub(super) fn time_to_live(view: &View<'_>) -> Option<String> {
    let of = view.parameter(&["TimeToLiveSpecification"])?;
    let name = of.get("AttributeName").and_then(Value::as_str).map_or_else(String::new, value::text);
    let is_off = of.get("Enabled").and_then(Value::as_bool) == Some(false);
    Some(format!("ttl {}", if is_off { "off".to_owned() } else { name }))
}
