//! Tools that work on many things at once, or on what is kept of them: what their lines have beside those of others.

use serde_json::Value;

use super::view::{View, counted};
use super::{Effect, Parts, value};
use crate::time::bytes;

/// Adds to the line of such a tool; leaves others as they are.
pub(super) fn add(view: &View<'_>, parts: &mut Parts) {
    if !view.is_tool {
        return;
    }
    let named = |word: &str, name: &str| {
        let given = view.parameter(&[name]).filter(|given| given.as_str() != Some(""));
        given.map(|given| [word, &value::value(given, false)].join(if word.is_empty() { "" } else { " " }))
    };
    let counts: &[(&str, &str)] = match view.name.as_str() {
        "LoadItems" => {
            parts.asked.extend(named("from", "file"));
            parts.asked.extend(named("if there", "if_exists"));
            &[("items", "items read"), ("written", "written"), ("skipped", "skipped"), ("bad", "bad")]
        }
        "ExportItems" => {
            parts.asked.extend(named("to", "save_to"));
            &[("items", "items")]
        }
        "Count" => {
            parts.asked.extend(named("by", "by").into_iter().chain(named("sum", "sum")));
            &[("items", "items"), ("count", "items")]
        }
        "UpdateByQuery" => &[("updated", "updated"), ("changed_meanwhile", "changed meanwhile")],
        "DeleteByQuery" => &[("deleted", "deleted"), ("changed_meanwhile", "changed meanwhile")],
        "Usage" => {
            parts.asked.extend(named("prefix", "prefix"));
            &[("objects", "objects")]
        }
        "CopyPrefix" => {
            parts.asked.extend(view.text(&["from"]).map(|from| format!("from {}", from.trim_start_matches("s3://"))));
            &[("objects", "objects")]
        }
        "CopyFromTarget" => {
            parts.asked.extend(named("from", "from_target"));
            &[("items", "items"), ("objects", "objects")]
        }
        "DownloadPrefix" => {
            parts.asked.extend(named("prefix", "prefix").into_iter().chain(named("to", "save_to")));
            &[("saved", "saved"), ("there_already", "there already")]
        }
        "UploadDirectory" => {
            parts.asked.extend(named("from", "directory").into_iter().chain(named("prefix", "prefix")));
            &[("objects", "objects")]
        }
        "Snapshot" => {
            parts.asked.extend(named("", "name"));
            &[("items", "items"), ("objects", "objects")]
        }
        "Restore" => {
            parts.asked.extend(named("", "name"));
            // Without a name the snapshots are listed.
            parts.effect = if view.parameter(&["name"]).is_some() { Effect::Destroy } else { Effect::Read };
            &[]
        }
        "Undo" => {
            parts.asked.extend(named("", "calls"));
            &[("undone", "undone")]
        }
        _ => return,
    };
    let number = |name: &str| view.answer(&[name]).and_then(Value::as_u64);
    let mut came: Vec<_> = counts
        .iter()
        .enumerate()
        .filter_map(|(place, (name, thing))| {
            let count = number(name).filter(|count| *count > 0 || place == 0)?;
            Some(thing.strip_suffix('s').map_or(format!("{count} {thing}"), |one| counted(count, one, thing)))
        })
        .collect();
    came.extend(number("bytes").map(bytes));
    if !came.is_empty() {
        parts.came = came.join(" · ");
    }
}
