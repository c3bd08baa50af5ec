//! What strict clients and small models send for what is unused: `""`, `[]` and `{}`.

use serde_json::{Map, Value};

use super::names;
use super::shape::{Kind, Shape};
use super::work::{Work, either, is_empty, place, refused};
use crate::mcp::error::ToolError;

/// Texts that may be empty and mean it.
const MEANS_EMPTY: [&str; 3] = ["text", "prefix", "delimiter"];
/// Parameters whose empty object is content.
const CONTENT: [&str; 1] = ["json"];
/// Of these one is given: where one has something, the empty ones beside it were not meant.
const ONE_OF: [&[&str]; 1] = [&["text", "json", "base64", "file"]];
/// Texts that are never the word null.
const NOT_NULL: [&str; 6] = ["cursor", "index", "filter", "condition", "key_condition", "range"];
/// What holds a call back: without it more is changed, or the same once more.
const BOUNDS: [&str; 9] =
    ["key_condition", "filter", "only", "condition", "index", "cursor", "if_match", "if_none_match", "if_exists"];
/// What says which of all that is there is deleted, changed or brought back.
const SELECTS: [&str; 3] = ["key_condition", "filter", "only"];
/// Names that are never empty: a default may stand in for them.
const NAMES: [&str; 2] = ["bucket", "table"];

/// Leaves out what is empty and cannot mean it.
pub(super) fn left_out(
    work: &mut Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    at: &str,
) -> Result<(), ToolError> {
    deletion(work, shape, map)?;
    bounds(work, shape, map, at)?;
    for group in ONE_OF {
        let full = group.iter().filter(|name| shape.has(name) && map.get(**name).is_some_and(|of| !is_empty(of)));
        if full.count() == 1 {
            drop_empty(work, map, at, |name| group.contains(&name));
        }
    }
    let before = map.len();
    drop_empty(work, map, at, |name| may_go(shape, name));
    nothing(work, shape, map, at);
    let others = map.len() < before;
    let meant = |(name, value): (&String, &Value)| {
        let shape = shape.property(name)?;
        let named = !MEANS_EMPTY.contains(&name.as_str()) && shape.empty_means && is_empty(value);
        named.then(|| name.clone())
    };
    // It would switch something off, in a call in which other things are empty and mean nothing.
    if let Some(name) = map.iter().find_map(meant).filter(|_| others) {
        let (mut without, mut alone) = (map.clone(), map.clone());
        without.shift_remove(&name);
        alone.retain(|other, _| *other == name || shape.requires(other));
        let problem =
            format!("{}: \"\" switches it off; others are empty beside it, as for what is unused", place(at, &name));
        return Err(either(problem, &without, &alone));
    }
    Ok(())
}

/// Words for nothing, where a text of our own choice or another type is wanted.
fn nothing(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>, at: &str) {
    map.retain(|name, value| {
        let Some(of) = shape.property(name).filter(|_| !shape.requires(name)) else { return true };
        let ours = of.kind != Kind::Text && !CONTENT.contains(&name.as_str())
            || !of.words.is_empty()
            || NOT_NULL.contains(&name.as_str());
        let alone =
            name == "fields" && value.as_array().is_some_and(|list| list.len() == 1 && list.iter().all(says_nothing));
        // None is one of the words that an update may give.
        let goes = ours && !chosen(of, value) && (says_nothing(value) || alone);
        if goes {
            work.left_empty(place(at, name));
        }
        !goes
    });
}

fn says_nothing(value: &Value) -> bool {
    matches!(value.as_str(), Some("null" | "None" | "undefined"))
}

/// Whether a value is what is left of a template that was filled with nothing, also in a list of its own.
pub(super) fn unfilled(value: &Value) -> bool {
    let value = value.as_array().filter(|list| list.len() == 1).and_then(|list| list.first()).unwrap_or(value);
    let words = ["", "null", "none", "undefined", "nil", "nan"];
    is_empty(value)
        || value.as_str().is_some_and(|text| words.iter().any(|word| text.trim().eq_ignore_ascii_case(word)))
}

fn drop_empty(work: &mut Work<'_>, map: &mut Map<String, Value>, at: &str, may: impl Fn(&str) -> bool) {
    map.retain(|name, value| {
        let goes = is_empty(value) && may(name);
        if goes {
            work.left_empty(place(at, name));
        }
        !goes
    });
}

pub(super) fn may_go(shape: &Shape, name: &str) -> bool {
    let Some(of) = shape.property(name) else { return false };
    if NAMES.contains(&name) {
        return true;
    }
    let means = of.kind == Kind::Text && (MEANS_EMPTY.contains(&name) || of.empty_means);
    !shape.requires(name) && !means && !CONTENT.contains(&name)
}

/// What holds a call back that changes something is never left out: somebody wanted it, and it says nothing.
fn bounds(work: &Work<'_>, shape: &Shape, map: &Map<String, Value>, at: &str) -> Result<(), ToolError> {
    if !work.facts.writes {
        return Ok(());
    }
    let is_bound = |name: &str| match shape.property(name) {
        // A word that may be chosen is one, none among them.
        Some(of) => of.words.is_empty() || map.get(name).is_none_or(|value| !chosen(of, value)),
        None => false,
    };
    let nothing = |name: &str| is_bound(name) && map.get(name).is_some_and(unfilled);
    let Some(name) = BOUNDS.into_iter().find(|name| nothing(name)) else { return Ok(()) };
    let more = if SELECTS.contains(&name) { "more would match" } else { "the call would do more" };
    let problem = format!("{}: it is there and says nothing, and {more} without it", place(at, name));
    let mut without = map.clone();
    without.retain(|name, _| !(BOUNDS.contains(&name.as_str()) && nothing(name)));
    // Without any condition all of a table is changed: no text to send says that.
    let bounded = !shape.has("filter") || SELECTS.iter().any(|name| without.contains_key(*name));
    if bounded && at.is_empty() {
        return Err(refused(problem, &without));
    }
    Err(ToolError::arguments(problem).hint(format!("give the {name} that is meant, or leave it out if none is.")))
}

/// Whether a text is one of the words that may be given.
fn chosen(of: &Shape, value: &Value) -> bool {
    value.as_str().is_some_and(|text| of.words.iter().any(|of| of.eq_ignore_ascii_case(text)))
}

/// A deletion by keys that are null, and a prefix that is empty: strict clients send that for two that are unused, and
/// it would delete all of the bucket.
pub(super) fn all_of_a_bucket(shape: &Shape, map: &Map<String, Value>) -> Result<(), ToolError> {
    if !(shape.has("keys") && shape.has("prefix") && shape.has("confirm")) {
        return Ok(());
    }
    let has = |ours: &str, fits: &dyn Fn(&Value) -> bool| {
        map.iter().any(|(name, value)| names::meant(shape, name) == Some(ours) && fits(value))
    };
    if has("keys", &Value::is_null) && !has("keys", &|keys| !is_empty(keys)) && has("prefix", &is_empty) {
        return Err(ToolError::arguments("keys is empty and prefix too: nothing says what is to be deleted")
            .hint("give keys, or a prefix; prefix: \"\" without keys is all of the bucket."));
    }
    Ok(())
}

/// Objects to be deleted by keys or by prefix: an empty list of keys beside a prefix would delete more than the keys.
fn deletion(work: &mut Work<'_>, shape: &Shape, map: &mut Map<String, Value>) -> Result<(), ToolError> {
    if !(shape.has("keys") && shape.has("prefix") && shape.has("confirm")) {
        return Ok(());
    }
    let (Some(keys), Some(prefix)) = (map.get("keys"), map.get("prefix")) else { return Ok(()) };
    let no_keys =
        is_empty(keys) || says_nothing(keys) || keys.as_array().is_some_and(|keys| keys.iter().all(says_nothing));
    if is_empty(prefix) && !no_keys {
        drop_empty(work, map, "", |name| name == "prefix");
        return Ok(());
    }
    if !no_keys {
        return Ok(());
    }
    let mut by_prefix = map.clone();
    by_prefix.shift_remove("keys");
    let problem = "keys is empty, and prefix would delete all that begins so: give the one that is meant";
    if is_empty(prefix) { Err(ToolError::arguments(problem)) } else { Err(refused(problem, &by_prefix)) }
}
